"""``opswire wbem get``, ``enumerate``, ``names`` and ``query``: instances of classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opswire.cli.wbem.access import access
from opswire.cli.wbem.formats import formats
from opswire.cli.wbem.options import CLASS, URL, as_path, namespace, namespaces, properties, values

if TYPE_CHECKING:
    from opswire.cli.wbem.access import Access


@click.command("get")
@URL
@click.argument("path")
@namespace
@properties
@values
@formats()
@access()
def get(
    url: str,
    path: str,
    namespace: str | None,
    chosen: tuple[str, ...],
    values: bool,
    form: str,
    access: Access,
) -> None:
    """Show an instance.

    PATH is what `names` prints: CLASS.KEY="VALUE",KEY=NUMBER, perhaps with a namespace and a colon
    before it.
    """
    from opswire.cli.wbem.instance_output import check_names, show_instances
    from opswire.wbem.value_names import ValueNames

    check_names(form, values)
    where = as_path(path, namespace)
    with access.connect(url, namespace) as connection:
        found = connection.GetInstance(where, PropertyList=chosen or None)
        names = ValueNames(connection) if values else None
        show_instances([found], form, chosen=chosen, names=names)


@click.command("enumerate")
@URL
@CLASS
@namespaces
@properties
@values
@formats()
@access()
def enumerate_instances(
    url: str,
    classname: str,
    namespaces: tuple[str, ...],
    chosen: tuple[str, ...],
    values: bool,
    form: str,
    access: Access,
) -> int:
    """Show the instances of a class and of the classes below it."""
    from opswire.cli.wbem.instance_output import check_names, show_instances
    from opswire.cli.wbem.places import Places
    from opswire.wbem.value_names import ValueNames

    check_names(form, values)
    places = Places(namespaces)
    with access.connect(url) as connection:
        found = places.each(
            lambda place: connection.IterEnumerateInstances(
                classname, place, DeepInheritance=True, PropertyList=chosen or None
            )
        )
        names = ValueNames(connection) if values else None
        show_instances(found, form, chosen=chosen, names=names)
    return places.status


@click.command("names")
@URL
@CLASS
@namespaces
@formats("json", "xml")
@access()
def names(url: str, classname: str, namespaces: tuple[str, ...], form: str, access: Access) -> int:
    """Show the paths of the instances of a class and of the classes below it."""
    from opswire.cli.wbem.instance_output import show_paths
    from opswire.cli.wbem.places import Places

    places = Places(namespaces)
    with access.connect(url) as connection:
        show_paths(
            places.each(lambda place: connection.IterEnumerateInstancePaths(classname, place)),
            form,
        )
    return places.status


@click.command("query")
@URL
@click.argument("query")
@click.option(
    "--language",
    metavar="NAME",
    default="DMTF:CQL",
    show_default=True,
    help="Of the query; WQL is another one that servers have.",
)
@namespaces
@values
@formats()
@access()
def query(
    url: str,
    query: str,
    language: str,
    namespaces: tuple[str, ...],
    values: bool,
    form: str,
    access: Access,
) -> int:
    """Show the instances that a query selects."""
    from opswire.cli.wbem.instance_output import check_names, show_instances
    from opswire.cli.wbem.places import Places
    from opswire.wbem.value_names import ValueNames

    check_names(form, values)
    places = Places(namespaces)
    with access.connect(url) as connection:
        found = places.each(
            lambda place: connection.IterQueryInstances(language, query, place).generator
        )
        show_instances(found, form, names=ValueNames(connection) if values else None)
    return places.status


COMMANDS = (get, enumerate_instances, names, query)
