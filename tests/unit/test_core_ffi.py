"""opswire._core.ffi: its stub and its constants against the compiled module."""

import ast
from pathlib import Path

import opswire
from opswire._core.ffi import ffi, lib

STATUSES = ffi.typeof("enum opswire_status").relements
STUB = Path(opswire.__file__).parent / "_core/_ffi.pyi"


def declared() -> dict[str, int | None]:
    """Names of the class Library in the stub; a function's number of parameters."""
    (library,) = (
        node
        for node in ast.parse(STUB.read_text()).body
        if isinstance(node, ast.ClassDef) and node.name == "Library"
    )
    found: dict[str, int | None] = {}
    for node in library.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = len(node.args.posonlyargs) - 1
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = None
    return found


def test_the_stub_has_the_names_of_the_library() -> None:
    """All of them, and no other."""
    assert set(declared()) == {name for name in dir(lib) if not name.startswith("_")}


def test_the_stub_tells_functions_from_constants() -> None:
    """And how many arguments a function takes."""
    for name, parameters in declared().items():
        member = getattr(lib, name)
        if parameters is None:
            assert isinstance(member, int), name
        else:
            assert len(ffi.typeof(ffi.addressof(lib, name)).args) == parameters, name


def test_every_status_has_a_sentence_of_its_own() -> None:
    """A number that is no status has one too."""
    numbers = {getattr(lib, name) for name in STATUSES}
    texts = {ffi.string(lib.opswire_status_message(number)) for number in numbers}
    assert len(texts) == len(numbers) == 23
    assert ffi.string(lib.opswire_status_message(-1000)) == b"unknown status"
