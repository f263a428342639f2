"""``opswire wbem invoke``: a method of an instance or of a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from opswire.cli.wbem.access import access
from opswire.cli.wbem.advice import one_line
from opswire.cli.wbem.formats import formats
from opswire.cli.wbem.options import URL, as_object, namespace, values

if TYPE_CHECKING:
    from opswire.cli.wbem.access import Access
    from opswire.wbem import CIMMethod, CIMParameter


@click.command("invoke")
@URL
@click.argument("path")
@click.argument("method")
@click.argument("parameters", metavar="[NAME=VALUE...]", nargs=-1)
@namespace
@values
@formats("json")
@access()
def invoke(
    url: str,
    path: str,
    method: str,
    parameters: tuple[str, ...],
    namespace: str | None,
    values: bool,
    form: str,
    access: Access,
) -> None:
    """Call a METHOD, and show what it returns.

    PATH is that of an instance, or the name of a class.  Parameters have the types that the class
    declares; an array is NAME=VALUE once for each of its values.
    """
    from opswire.cli.output import Column, Row, printable
    from opswire.cli.wbem.formats import show_rows
    from opswire.cli.wbem.plain_values import json_of, text_of
    from opswire.wbem.value_names import mapping_of

    where = as_object(path, namespace)
    with access.connect(url, namespace) as connection:
        # Only the class knows which types the values have.
        declared = connection.GetClass(
            where.classname, where.namespace, LocalOnly=False, IncludeQualifiers=True
        ).methods.get(method)
        if declared is None:
            raise click.UsageError(f"{where.classname} has no method {method}.")
        given = _typed(declared, parameters)
        result, output = connection.InvokeMethod(declared.name, where, given)

    def named(element: CIMMethod | CIMParameter | None, value: Any) -> Any:
        mapping = mapping_of(element) if values and element is not None else None
        try:
            return None if mapping is None or value is None else mapping.tovalues(value)
        except (ValueError, TypeError):
            return None

    found = {"returned": (result, named(declared, result))} | {
        str(name): (value, named(declared.parameters.get(name), value))
        for name, value in output.items()
    }
    if form == "json":
        record: dict[str, Any] = {
            "returned": json_of(result),
            "output": {name: json_of(value) for name, value in output.items()},
        }
        if values:
            record["values"] = {name: text for name, (_, text) in found.items() if text is not None}
        rows = [Row((), record)]
    else:
        rows = [Row((printable(name), text_of(*pair)), {}) for name, pair in found.items()]
    columns = [Column("name"), Column("value")]
    show_rows(columns, rows, json_lines=form == "json", what="values")


def _typed(method: CIMMethod, parameters: tuple[str, ...]) -> list[CIMParameter]:
    """Return the parameters that texts stand for."""
    from opswire.wbem import CIMParameter

    texts: dict[str, list[str]] = {}
    for each in parameters:
        name, equals, text = each.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{each!r} is no NAME=VALUE.")
        declared = method.parameters.get(name)
        if declared is None:
            known = ", ".join(map(str, method.parameters)) or "none"
            raise click.UsageError(f"{method.name} has no parameter {name}, only {known}.")
        texts.setdefault(declared.name, []).append(text)
    made = []
    for name, given in texts.items():
        declared = method.parameters[name]
        if len(given) > 1 and not declared.is_array:
            raise click.UsageError(f"{name} is no array, and given {len(given)} times.")
        found = [_value(declared, text) for text in given]
        made.append(
            CIMParameter(
                name,
                declared.type,
                is_array=declared.is_array,
                value=found if declared.is_array else found[0],
            )
        )
    return made


def _value(declared: CIMParameter, text: str) -> Any:
    from opswire.wbem import CIMInstanceName, cimvalue

    if declared.embedded_object is not None:
        raise click.UsageError(f"{declared.name} is an embedded object: that is for programs.")
    try:
        if declared.type == "reference":
            return CIMInstanceName.from_wbem_uri(text)
        if declared.type == "boolean" and text.lower() not in ("true", "false"):
            raise ValueError(f"{text!r} is neither true nor false")
        return cimvalue(text, declared.type)
    except ValueError as error:
        raise click.UsageError(f"{declared.name}: {one_line(error)}") from None


COMMANDS = (invoke,)
