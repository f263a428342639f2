"""``opswire wbem classes``, ``class`` and ``qualifiers``: what a namespace declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opswire.cli.wbem.access import access
from opswire.cli.wbem.formats import formats
from opswire.cli.wbem.options import CLASS, URL, namespaces, optional_class, values

if TYPE_CHECKING:
    from opswire.cli.wbem.access import Access


@click.command("classes")
@URL
@optional_class("--below", "Only those below this class.")
@click.option("--deep", is_flag=True, help="Those below them too.")
@namespaces
@formats()
@access()
def classes(
    url: str, below: str | None, deep: bool, namespaces: tuple[str, ...], form: str, access: Access
) -> int:
    """Show the names of classes; with --mof, --json or --xml the classes themselves."""
    from opswire.cli.wbem.class_output import show_class_names, show_classes
    from opswire.cli.wbem.places import Places

    places = Places(namespaces)
    with access.connect(url) as connection:
        if form == "table":
            show_class_names(
                places.each(
                    lambda place: (
                        (place or connection.default_namespace, name)
                        for name in connection.EnumerateClassNames(
                            place, below, DeepInheritance=deep
                        )
                    )
                )
            )
        else:
            show_classes(
                places.each(
                    lambda place: connection.EnumerateClasses(
                        place, below, DeepInheritance=deep, LocalOnly=False, IncludeQualifiers=True
                    )
                ),
                form,
            )
    return places.status


@click.command("class")
@URL
@CLASS
@namespaces
@values
@formats()
@access()
def one_class(
    url: str,
    classname: str,
    namespaces: tuple[str, ...],
    values: bool,
    form: str,
    access: Access,
) -> int:
    """Show a class: its properties and methods."""
    from opswire.cli.wbem.class_output import show_classes
    from opswire.cli.wbem.instance_output import check_names
    from opswire.cli.wbem.places import Places

    check_names(form, values)
    places = Places(namespaces)
    with access.connect(url) as connection:
        show_classes(
            places.each(
                lambda place: [
                    connection.GetClass(classname, place, LocalOnly=False, IncludeQualifiers=True)
                ]
            ),
            form,
            with_values=values,
        )
    return places.status


@click.command("qualifiers")
@URL
@click.argument("name", required=False)
@namespaces
@formats()
@access()
def qualifiers(
    url: str, name: str | None, namespaces: tuple[str, ...], form: str, access: Access
) -> int:
    """Show the qualifiers that are declared, or the one with this NAME."""
    from opswire.cli.wbem.class_output import show_qualifiers
    from opswire.cli.wbem.places import Places

    places = Places(namespaces)
    with access.connect(url) as connection:
        show_qualifiers(
            places.each(
                lambda place: (
                    connection.EnumerateQualifiers(place)
                    if name is None
                    else [connection.GetQualifier(name, place)]
                )
            ),
            form,
        )
    return places.status


COMMANDS = (classes, one_class, qualifiers)
