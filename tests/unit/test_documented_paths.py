"""Modules that pages name are where they say, and none hides a public name."""

from importlib import import_module
from pathlib import Path

import pytest

from opswire import agents, remctl, wbem

DOCUMENTED = [
    (
        "agents.crash_archive",
        "agents.crashes.archive",
        ("load", "local_variables", "prune", "read", "store", "stored"),
    ),
    ("agents.hostname_context", "tls", ("hostname_context",)),
    ("agents.section", "agents.output.sections", ("Section", "piggyback")),
    (
        "agents.storage_tree",
        "agents.storage.tree",
        ("content", "programs", "purge", "remove", "values"),
    ),
    ("agents.storage", "agents.storage.program_values", ("Storage",)),
    ("remctl.fleet", "remctl.fleet.fleet", ("Fleet", "FleetRun")),
]


@pytest.mark.parametrize(("path", "home", "names"), DOCUMENTED)
def test_a_documented_path_has_what_stands_elsewhere(
    path: str, home: str, names: tuple[str, ...]
) -> None:
    """The same objects."""
    module, other = import_module(f"opswire.{path}"), import_module(f"opswire.{home}")
    assert set(names) <= set(module.__all__)
    assert [getattr(module, name) for name in names] == [getattr(other, name) for name in names]


@pytest.mark.parametrize("domain", [agents, remctl, wbem], ids=lambda domain: domain.__name__)
def test_no_module_has_the_name_of_a_public_name(domain: object) -> None:
    """Importing it would put the module in the name's place."""
    [folder] = vars(domain)["__path__"]
    modules = {path.stem for path in Path(folder).iterdir()}
    assert modules.isdisjoint(vars(domain)["__all__"])
