"""What public classes and functions say of themselves: where users import them, and how."""

import ast
import inspect
import pickle
from importlib import import_module
from pathlib import Path

import pytest

import opswire

CORE = Path(opswire.__file__).parent / "_core"
PUBLIC = [
    "opswire.remctl",
    "opswire.wbem",
    "opswire.agents",
    "opswire.http",
    "opswire.tls",
    "opswire._core.gss",
    "opswire._core.performance_data",
]
#: These need packages of an extra; tests/interop/agents has them.
IN_EXTRAS = {"HostnameValidationAdapter"}
#: Where classes and functions may say that they are from.
HOMES = {*PUBLIC, "opswire.errors", "opswire.errors.wbem"}


def exported(module: str) -> list[tuple[str, object]]:
    """The classes and functions of a module, by their public names."""
    names = set(getattr(import_module(module), "__all__", ["Item"])) - IN_EXTRAS
    members = [(name, getattr(import_module(module), name)) for name in sorted(names)]
    return [(name, each) for name, each in members if callable(each) and name != "get_include"]


EACH = [(module, name, each) for module in PUBLIC for name, each in exported(module)]


@pytest.mark.parametrize(
    ("module", "name", "member"), EACH, ids=[f"{module}.{name}" for module, name, _ in EACH]
)
def test_a_public_name_says_its_public_module(module: str, name: str, member: object) -> None:
    """Where it is found under its own name: in a traceback, in help(), in a pickle."""
    home = getattr(member, "__module__", None)
    assert home in HOMES
    assert getattr(import_module(home), member.__name__) is member  # type: ignore[attr-defined]  # classes and functions have one
    assert pickle.loads(pickle.dumps(member)) is member  # noqa: S301 - our own
    assert home in pickle.dumps(member).decode("latin-1")


def constructors() -> dict[str, list[str]]:
    """The arguments of the constructors in the stubs, by class."""
    found = {}
    for path in CORE.rglob("*.pyi"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                for each in node.body:
                    if isinstance(each, ast.FunctionDef) and each.name in {"__init__", "__new__"}:
                        arguments = [*each.args.posonlyargs, *each.args.args][1:]
                        found[node.name] = [one.arg for one in arguments]
    return found


CONSTRUCTORS = constructors()
COMPILED = [
    (name, member)
    for module in PUBLIC
    for name, member in exported(module)
    if isinstance(member, type) and not member.__flags__ & 1 << 9 and name in CONSTRUCTORS
]


@pytest.mark.parametrize(("name", "kind"), COMPILED, ids=[name for name, _ in COMPILED])
def test_help_tells_how_a_compiled_class_is_called(name: str, kind: type) -> None:
    """As the stub does."""
    parameters = inspect.signature(kind).parameters
    named = [each.name for each in parameters.values() if each.kind < each.VAR_POSITIONAL]
    assert named == CONSTRUCTORS[name]
    assert inspect.getdoc(kind)


def test_there_are_such_classes() -> None:
    """The search above finds all that are compiled and public."""
    assert {"CIMInstance", "CIMDateTime", "NocaseDict", "Parser", "Name", "Item"} <= {
        name for name, _ in COMPILED
    }


@pytest.mark.parametrize("module", ["opswire", "opswire.remctl", "opswire.wbem", "opswire.agents"])
def test_dir_lists_the_public_names_and_no_other(module: str) -> None:
    """An interactive shell offers what a user may use."""
    found = import_module(module)
    assert dir(found) == sorted(found.__all__)
