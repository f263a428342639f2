"""Modules import downwards only, and protocols see no outside world."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.unit.layers import OUTSIDE_WORLD, imports, may_import, module_name

SOURCE = Path(__file__).parents[2] / "src"
FILES = sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.pyi")])


def imported(path: Path) -> list[str]:
    """All names that a file imports."""
    return list(imports(path.read_text(), list(path.relative_to(SOURCE).parent.parts)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: module_name(path, SOURCE))
def test_a_module_imports_only_what_stands_below_it(path: Path) -> None:
    """The whole tree follows the drawing."""
    importer = module_name(path, SOURCE)
    names = [name.partition(".")[2] or "__init__" for name in imported(path) if is_ours(name)]
    assert [name for name in names if not may_import(importer, name)] == []


def is_ours(name: str) -> bool:
    """Whether a name is in opswire."""
    return name.partition(".")[0] == "opswire"


@pytest.mark.parametrize(
    "path", sorted(SOURCE.rglob("protocol.py")), ids=lambda path: module_name(path, SOURCE)
)
def test_a_protocol_sees_no_outside_world(path: Path) -> None:
    """It gets octets and gives octets; a driver has the socket and the clock."""
    assert OUTSIDE_WORLD.intersection(name.split(".")[0] for name in imported(path)) == set()


def test_compiled_modules_import_only_core_and_errors() -> None:
    """Cython sources are not Python's grammar: their import lines are read as text."""
    for path in SOURCE.rglob("*.p[yx][xd]"):
        for line in path.read_text().splitlines():
            words = line.split()
            if len(words) > 1 and words[0] in {"from", "import", "cimport"} and is_ours(words[1]):
                below = words[1].split(".")[1]
                assert below in {"_core", "errors"}, f"{path.name}: {line}"


@pytest.mark.parametrize(
    ("importer", "target"),
    [
        ("remctl.simple", "remctl.client.Remctl"),
        ("remctl.client", "remctl.protocol"),
        ("remctl.client", "remctl.connecting.dialing"),
        ("remctl.connecting.dialing", "pacing.Slot"),
        ("agents.crashes.content", "redaction.values"),
        ("redaction.values", "errors"),
        ("redaction.values", "redaction.names"),
        ("folders", "_core.folder_files"),
        ("remctl.aio", "_core.gss"),
        ("remctl.protocol", "remctl.events"),
        ("remctl.events", "errors"),
        ("remctl.server.listener", "remctl.server.acl"),
        ("remctl.__init__", "remctl.simple"),
        ("rpc.daemon", "http.server"),
        ("_core.gss", "errors"),
        ("agents.__init__", "public_names"),
        ("__init__", "public_names"),
        ("cli.query", "scripting.simple"),
        ("__main__", "cli.main"),
    ],
)
def test_downwards_is_allowed(importer: str, target: str) -> None:
    """An arrow goes as far down as one likes."""
    assert may_import(importer, target)


@pytest.mark.parametrize(
    ("importer", "target"),
    [
        ("remctl.simple", "_core.gss"),
        ("remctl.client", "remctl.simple"),
        ("remctl.protocol", "remctl.client"),
        ("remctl.events", "remctl.protocol"),
        ("remctl.client", "remctl"),
        ("remctl.client", "wbem.client"),
        ("remctl.client", "cli.query"),
        ("errors", "_core"),
        ("public_names", "errors"),
        ("_core.gss", "remctl.events"),
        ("http.server", "rpc.core"),
        ("calls", "remctl.failures"),
        ("visiting", "remctl.fleet.hosts"),
        ("redaction.exchanges", "agents.traces.file"),
        ("errors", "calls"),
        ("_core.gss", "extras"),
        ("remctl.client", "somebody"),
        ("somebody", "extras"),
        ("somebody.here", "somebody.there"),
        ("tls", "cli"),
        ("tls", "__init__"),
        ("__main__", "remctl.simple"),
    ],
)
def test_upwards_and_sideways_is_forbidden(importer: str, target: str) -> None:
    """Domains do not see each other, and nothing sees what is built on it."""
    assert not may_import(importer, target)


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Not even inside of a function: one of a circle has what belongs below both."""
    modules = {module_name(path, SOURCE): path for path in FILES if path.suffix == ".py"}
    below = {
        module: {
            found
            for name in imported(path)
            if (found := _module_of(name.partition(".")[2], modules)) and found != module
        }
        for module, path in modules.items()
    }
    while bottom := {module for module, others in below.items() if not others}:
        below = {
            module: others - bottom for module, others in below.items() if module not in bottom
        }
    assert below == {}


def _module_of(name: str, modules: Mapping[str, Path]) -> str | None:
    """The module among `modules` that an imported name is, or is in."""
    parts = name.split(".")
    for number in range(len(parts), 0, -1):
        for module in (".".join(parts[:number]), ".".join([*parts[:number], "__init__"])):
            if module in modules:
                return module
    return None


def test_imports_are_found_wherever_they_stand() -> None:
    """Inside functions, relative, and for types only."""
    source = """
import a.b
def f():
    from . import c
    from ..d import e
if TYPE_CHECKING:
    from g import h as i
"""
    found = set(imports(source, ["opswire", "remctl"]))
    assert found == {"a.b", "g.h", "opswire.remctl.c", "opswire.d.e"}
