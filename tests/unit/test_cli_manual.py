"""The manual pages tell of every option that there is, of no other, and are well formed."""

import re
import subprocess
from pathlib import Path

import click
import pytest

import opswire
from opswire.cli.program import program
from opswire.cli.wbem.group import COMMANDS as WBEM
from tests.servers.daemon import program as installed
from tests.unit.manual import FOLDER, PAGES, described_options, synopsis_options

COMMANDS: dict[str, list[tuple[str, ...]]] = {
    "opswire.1": [()],
    "opswire-agents.1": [
        ("agents", "crashes", "ls"),
        ("agents", "crashes", "show"),
        ("agents", "storage", "ls"),
        ("agents", "storage", "rm"),
        ("agents", "storage", "show"),
    ],
    "opswire-fleet.1": [("fleet", "run")],
    "opswire-remctl.1": [("remctl",)],
    "opswire-wbem.1": [("wbem", name) for name in WBEM if name != "serve"],
    "opswire-wbem-serve.1": [("wbem", "serve")],
}
LEAVES = [path for paths in COMMANDS.values() for path in paths if path]


def found(path: tuple[str, ...]) -> click.Command:
    """The command that these words name."""
    command: click.Command = program
    for name in path:
        assert isinstance(command, click.Group)
        deeper = command.get_command(click.Context(command), name)
        assert deeper is not None
        command = deeper
    return command


def options_of(path: tuple[str, ...]) -> list[set[str]]:
    """The names of each option of a command."""
    command = found(path)
    settings = {"help_option_names": ["-h", "--help"]}
    context = click.Context(command, **settings)  # type: ignore[arg-type]  # passed on
    return [
        {*option.opts, *option.secondary_opts}
        for option in command.get_params(context)
        if isinstance(option, click.Option)
    ]


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The paths of all commands that are no groups."""
    paths = []
    for name in group.list_commands(click.Context(group)):
        command = found((*path, name))
        deeper = (*path, name)
        paths += leaves(command, deeper) if isinstance(command, click.Group) else [deeper]
    return paths


@pytest.mark.parametrize("page", COMMANDS)
def test_a_page_describes_the_options_of_its_command_and_no_others(page: str) -> None:
    options = [names for path in COMMANDS[page] for names in options_of(path)]
    assert described_options(page) == set().union(*options)


@pytest.mark.parametrize("page", COMMANDS)
def test_the_synopsis_has_each_option_by_one_name(page: str) -> None:
    shown = synopsis_options(page)
    # Help of the commands with a synopsis of their own goes without saying.
    optional = set() if page in {"opswire.1", "opswire-remctl.1"} else {"--help"}
    for names in (names for path in COMMANDS[page] for names in options_of(path)):
        assert len(names & shown) == 1 or names & optional, names


def test_every_command_has_a_page() -> None:
    assert set(leaves(program)) == {*LEAVES, ("completion",)}
    assert {page.name for page in PAGES} == set(COMMANDS)


def test_the_guide_names_the_options_that_there_are() -> None:
    guide = (FOLDER.parent / "cli.md").read_text()
    known = set().union(*(names for path in [(), *LEAVES] for names in options_of(path)))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", guide)) <= known
    tables = [path for path in LEAVES if path != ("remctl",)]  # its options are remctl(1)'s
    for names in (names for path in tables for names in options_of(path)):
        assert names & {"--help"} or all(f"`{name}" in guide for name in names), names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_well_formed(page: Path) -> None:
    # Not "style": it asks for the pages of other programs to be installed.
    command = [installed("mandoc", "mandoc"), "-Tlint", "-Wwarning", str(page)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_installed_where_man_looks(page: Path) -> None:
    """Beside the programs: share/man/man1 of the environment."""
    environment = next(
        folder
        for folder in Path(opswire.__file__).parents
        if (folder / "share/man/man1" / page.name).exists()
    )
    shipped = environment / "share/man/man1" / page.name
    assert shipped.read_text() == page.read_text()
