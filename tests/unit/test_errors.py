"""opswire.errors: the tree is the one that its docstring draws, and its leaves travel."""

import copy
import pickle
import re

import pytest

from opswire import errors
from opswire.errors import GSSError, OpswireError, RemctlStatusError, RemoteProtocolError

CLASSES = {
    name: value
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}
BRANCH = re.compile(r"(?P<depth>[ │├└─]*)(?P<name>\w+Error)( +also an? (?P<also>\w+))?")

EXAMPLES = [
    *(
        kind("text")
        for kind in CLASSES.values()
        if kind not in {GSSError, RemctlStatusError, RemoteProtocolError}
    ),
    RemoteProtocolError("text"),
    RemoteProtocolError("text", 1 << 40, -21, 0x44),
    GSSError("text", 0xD0000, 2529638936),
    RemctlStatusError("text", 200, b"\xff"),
]
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=repr)


def drawn() -> dict[str, tuple[str, ...]]:
    """Each class in the drawing with its bases; the root has none of ours."""
    found: dict[str, tuple[str, ...]] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        branch = BRANCH.fullmatch(line)
        if branch is None:
            continue
        depth = len(branch["depth"]) // 4 - 1
        above[depth:] = [branch["name"]]
        parents = (above[-2],) if depth else ("Exception",)
        found[branch["name"]] = (*parents, branch["also"]) if branch["also"] else parents
    return found


def test_the_tree_is_as_drawn() -> None:
    """Every class, its place, and what it also is."""
    assert drawn() == {
        name: tuple(base.__name__ for base in kind.__bases__) for name, kind in CLASSES.items()
    }


def test_the_drawing_is_read() -> None:
    """An empty drawing would agree with an empty module."""
    assert drawn()["RemctlTimeoutError"] == ("RemctlError", "TimeoutError")


@pytest.mark.parametrize("name", CLASSES)
def test_every_error_is_an_opswire_error(name: str) -> None:
    """One except clause catches them all."""
    assert issubclass(CLASSES[name], OpswireError)


@pytest.mark.parametrize("name", CLASSES)
def test_no_error_is_both_sides_fault(name: str) -> None:
    """Local and remote mistakes are different branches."""
    both = (errors.LocalProtocolError, errors.RemoteProtocolError)
    assert not all(issubclass(CLASSES[name], kind) for kind in both)


@each_example
def test_an_error_travels_through_pickle(example: OpswireError) -> None:
    """Its type, text, arguments and attributes stay."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        twin = pickle.loads(pickle.dumps(example, protocol))  # noqa: S301
        assert type(twin) is type(example)
        assert (str(twin), twin.args, vars(twin)) == (str(example), example.args, vars(example))


@each_example
def test_an_error_can_be_copied(example: OpswireError) -> None:
    """As concurrent.futures and test runners do."""
    twin = copy.copy(example)
    assert (type(twin), str(twin), vars(twin)) == (type(example), str(example), vars(example))


@each_example
def test_the_text_of_an_error_is_for_people(example: OpswireError) -> None:
    """Neither a tuple nor the repr of bytes."""
    assert str(example).startswith("text")
    assert not set("()'\\") & set(str(example).removesuffix(" (at octet 1099511627776)"))


def test_a_remote_error_tells_where() -> None:
    """If it knows."""
    assert str(RemoteProtocolError("what", 0)) == "what (at octet 0)"
    assert str(RemoteProtocolError("what")) == "what"


def test_every_error_has_a_docstring_of_its_own() -> None:
    """It says what happened."""
    texts = [kind.__doc__ for kind in CLASSES.values()]
    assert len(set(texts)) == len(texts)
    assert all(texts)
