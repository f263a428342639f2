"""``opswire wbem associators`` and ``references``: what an instance has to do with others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from opswire.cli.wbem.access import access
from opswire.cli.wbem.formats import formats
from opswire.cli.wbem.options import (
    URL,
    as_path,
    namespace,
    optional_class,
    properties,
    values,
)

if TYPE_CHECKING:
    from opswire.cli.wbem.access import Access

_PATHS = click.option("--paths", is_flag=True, help="Show their paths alone.")
_ROLE = click.option("--role", metavar="NAME", help="What PATH is in the association.")
_RESULT_CLASS = optional_class("--result-class", "Only those of this class, or below it.")


@click.command("associators")
@URL
@click.argument("path")
@namespace
@optional_class("--assoc-class", "Only by this association, or below it.")
@_RESULT_CLASS
@_ROLE
@click.option("--result-role", metavar="NAME", help="What they are in the association.")
@_PATHS
@properties
@values
@formats()
@access()
def associators(
    url: str,
    path: str,
    namespace: str | None,
    assoc_class: str | None,
    result_class: str | None,
    role: str | None,
    result_role: str | None,
    **output: Any,
) -> None:
    """Show the instances that are associated with an instance."""
    conditions = {
        "AssocClass": assoc_class,
        "ResultClass": result_class,
        "Role": role,
        "ResultRole": result_role,
    }
    _show("IterAssociatorInstance", url, path, namespace, conditions, **output)


@click.command("references")
@URL
@click.argument("path")
@namespace
@_RESULT_CLASS
@_ROLE
@_PATHS
@properties
@values
@formats()
@access()
def references(
    url: str,
    path: str,
    namespace: str | None,
    result_class: str | None,
    role: str | None,
    **output: Any,
) -> None:
    """Show the associations that refer to an instance."""
    conditions = {"ResultClass": result_class, "Role": role}
    _show("IterReferenceInstance", url, path, namespace, conditions, **output)


def _show(
    operation: str,
    url: str,
    path: str,
    namespace: str | None,
    conditions: dict[str, Any],
    *,
    paths: bool,
    chosen: tuple[str, ...],
    values: bool,
    form: str,
    access: Access,
) -> None:
    from opswire.cli.wbem.instance_output import check_names, show_instances, show_paths
    from opswire.wbem.value_names import ValueNames

    check_names(form, values)
    if paths and (values or chosen or form == "mof"):
        raise click.UsageError(
            "--paths shows no properties: --property, --values, --mof need them."
        )
    where = as_path(path, namespace)
    with access.connect(url, namespace) as connection:
        if paths:
            show_paths(getattr(connection, f"{operation}Paths")(where, **conditions), form)
            return
        found = getattr(connection, f"{operation}s")(
            where, PropertyList=chosen or None, **conditions
        )
        names = ValueNames(connection) if values else None
        show_instances(found, form, chosen=chosen, names=names)


COMMANDS = (associators, references)
