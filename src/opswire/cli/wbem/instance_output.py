"""Instances and their paths, in each of the formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from opswire.cli.output import NOTHING, Column, Row, printable
from opswire.cli.wbem.formats import show_rows, show_texts, xml_lines
from opswire.cli.wbem.plain_values import (
    instance_record,
    local_uri,
    path_record,
    text_of,
)
from opswire.wbem import CIMInstance, CIMInstanceName
from opswire.wbem.value_names import ValueNames


def show_instances(
    instances: Iterable[CIMInstance],
    form: str,
    *,
    chosen: Sequence[str] = (),
    names: ValueNames | None = None,
) -> None:
    """Write instances.

    Args:
        instances: are taken one at a time.
        form: table, mof, json or xml.
        chosen: properties that are columns, an instance a row; if there are none, each property is
            a row.
        names: of numbers, if they are wanted.
    """
    check_names(form, names is not None)
    if form == "mof":
        show_texts((_mof(each) for each in instances), "instances")
    elif form == "xml":
        show_texts(xml_lines(instances), "instances")
    elif form == "json":
        rows = (Row((), _record(each, names)) for each in instances)
        show_rows((), rows, json_lines=True, what="instances")
    elif chosen:
        columns = [Column("instance"), *map(Column, chosen)]
        across = (Row(_across(each, chosen, names), {}) for each in instances)
        show_rows(columns, across, json_lines=False, what="instances")
    else:
        columns = [Column("instance"), Column("property"), Column("value")]
        down = (row for each in instances for row in _down(each, names))
        show_rows(columns, down, json_lines=False, what="properties")


def show_paths(paths: Iterable[CIMInstanceName], form: str) -> None:
    """Write paths of instances, as ``get`` takes them."""
    if form == "xml":
        show_texts(xml_lines(paths), "paths")
        return
    rows = (Row((local_uri(each),), path_record(each)) for each in paths)
    show_rows([Column("instance")], rows, json_lines=form == "json", what="paths")


def check_names(form: str, wanted: bool) -> None:
    """Refuse names of numbers where the format has no place for them."""
    if wanted and form in ("mof", "xml"):
        raise click.UsageError(f"--values has no place in --{form}.")


def _mof(instance: CIMInstance) -> str:
    text = instance.tomof().rstrip("\n")
    return text if instance.path is None else f"// {local_uri(instance.path)}\n{text}"


def _named(instance: CIMInstance, name: str, names: ValueNames | None) -> Any:
    if names is None:
        return None
    namespace = None if instance.path is None else instance.path.namespace
    return names.of(namespace, instance.classname, name, instance[name])


def _record(instance: CIMInstance, names: ValueNames | None) -> dict[str, Any]:
    record = instance_record(instance)
    if names is not None:
        known = ((name, _named(instance, name, names)) for name in instance)
        record["values"] = {name: text for name, text in known if text is not None}
    return record


def _across(
    instance: CIMInstance, chosen: Sequence[str], names: ValueNames | None
) -> tuple[str, ...]:
    cells = [
        text_of(instance[name], _named(instance, name, names)) if name in instance else NOTHING
        for name in chosen
    ]
    return _where(instance), *cells


def _down(instance: CIMInstance, names: ValueNames | None) -> Iterator[Row]:
    where = _where(instance)
    for name, value in instance.items():
        yield Row((where, printable(name), text_of(value, _named(instance, name, names))), {})


def _where(instance: CIMInstance) -> str:
    path = instance.path
    return printable(instance.classname) if path is None else local_uri(path)
