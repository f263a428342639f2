"""``opswire wbem namespaces``, ``profiles`` and ``survey``: what a server has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opswire.cli.wbem.access import access
from opswire.cli.wbem.formats import formats
from opswire.cli.wbem.options import CLASSES, URL, namespaces, values

if TYPE_CHECKING:
    from opswire.cli.wbem.access import Access


@click.command("namespaces")
@URL
@formats("json")
@access()
def show_namespaces(url: str, form: str, access: Access) -> None:
    """Show the namespaces of a server, and which is its Interop namespace."""
    from opswire.cli.output import NOTHING, Column, Row, printable
    from opswire.cli.wbem.formats import show_rows
    from opswire.wbem import WBEMServer

    with access.connect(url) as connection:
        server = WBEMServer(connection)
        interop = server.interop_ns.lower()
        rows = [
            Row(
                (printable(name), "interop" if name.lower() == interop else NOTHING),
                {"namespace": name, "interop": name.lower() == interop},
            )
            for name in sorted(server.namespaces)
        ]
    columns = [Column("namespace"), Column("what")]
    show_rows(columns, rows, json_lines=form == "json", what="namespaces")


@click.command("profiles")
@URL
@click.option("--organization", metavar="NAME", help="Only those of it, like DMTF or SNIA.")
@click.option("--name", metavar="NAME", help="Only those with this name.")
@click.option("--version", metavar="VERSION", help="Only those of this version.")
@formats()
@access()
def profiles(
    url: str,
    organization: str | None,
    name: str | None,
    version: str | None,
    form: str,
    access: Access,
) -> None:
    """Show the management profiles that a server says it conforms to."""
    from opswire.cli.output import Column, Row
    from opswire.cli.wbem.formats import show_rows
    from opswire.cli.wbem.instance_output import show_instances
    from opswire.cli.wbem.plain_values import text_of
    from opswire.wbem import WBEMServer
    from opswire.wbem.value_names import ValueNames

    with access.connect(url) as connection:
        server = WBEMServer(connection)
        found = server.get_selected_profiles(organization, name, version)
        names = ValueNames(connection)
        if form != "table":
            show_instances(found, form, names=names if form == "json" else None)
            return
        key = "RegisteredOrganization"
        rows = []
        for each in found:
            number = each.get(key)
            known = names.of(server.interop_ns, each.classname, key, number)
            version_and_name = (each.get("RegisteredName"), each.get("RegisteredVersion"))
            cells = (text_of(known or number), *map(text_of, version_and_name))
            rows.append(Row(cells, {}))
    columns = [Column("organization"), Column("name"), Column("version")]
    show_rows(columns, sorted(rows, key=lambda row: row.cells), json_lines=False, what="profiles")


@click.command("survey")
@URL
@CLASSES
@namespaces
@click.option(
    "--concurrency",
    type=click.IntRange(min=1, max=64),
    default=4,
    show_default=True,
    help="How many classes are asked for at once.",
)
@values
@formats()
@access()
def survey(
    url: str,
    classes: tuple[str, ...],
    namespaces: tuple[str, ...],
    concurrency: int,
    values: bool,
    form: str,
    access: Access,
) -> int:
    """Ask for many classes at once, and show of each how many instances there are, or the error.

    The timeout is for each class: one that hangs costs no other its time.  With --mof, --json or
    --xml the instances are shown.
    """
    from opswire.cli.output import NOTHING, Column, Row, printable
    from opswire.cli.standard_streams import complain
    from opswire.cli.wbem.access import check_url
    from opswire.cli.wbem.advice import one_line
    from opswire.cli.wbem.formats import show_rows
    from opswire.cli.wbem.instance_output import check_names, show_instances
    from opswire.wbem import survey as ask
    from opswire.wbem.value_names import ValueNames

    check_names(form, values)
    if values and form != "json":
        raise click.UsageError("--values is for --json: the table has no values.")
    check_url(url)
    found = ask(
        url,
        classes,
        access.creds,
        namespaces or "root/cimv2",
        access.timeout,
        concurrency,
        **access.settings,
    )
    if form == "table":
        columns = [Column("class"), Column("namespace"), Column("instances", number=True)]
        rows = (
            Row(
                (
                    printable(each.classname),
                    printable(each.namespace),
                    NOTHING if each.error else str(len(each.instances)),
                    one_line(each.error) if each.error else NOTHING,
                ),
                {},
            )
            for each in found
        )
        show_rows([*columns, Column("error")], rows, json_lines=False, what="classes")
    else:
        with access.connect(url) as connection:
            names = ValueNames(connection) if values else None
            instances = (each for one in found for each in one.instances)
            show_instances(instances, form, names=names)
        for each in found:
            if each.error is not None:
                complain(f"opswire: {one_line(each.error)}")
    return int(any(each.error is not None for each in found))


COMMANDS = (show_namespaces, profiles, survey)
