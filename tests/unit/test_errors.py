"""opswire.errors: the tree is the one that its docstring draws, and its leaves travel."""

import copy
import pickle
import re
from pathlib import Path

import pytest

from opswire import errors
from opswire.errors import (
    GSSError,
    OpswireError,
    RemctlAuthenticationError,
    RemctlConnectError,
    RemctlProtocolError,
    RemctlRefusedError,
    RemctlStatusError,
    RemctlTimeoutError,
    RemoteProtocolError,
)
from opswire.remctl import ErrorCode

ROOT = Path(__file__).parents[2]
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
        if kind not in {GSSError, RemctlRefusedError, RemctlStatusError, RemoteProtocolError}
    ),
    RemoteProtocolError("text"),
    RemoteProtocolError("text", 1 << 40, -21, 0x44),
    GSSError("text", 0xD0000, 2529638936),
    RemctlStatusError("text", 200, b"\xff"),
    RemctlRefusedError("text", 6),
    RemctlAuthenticationError("text", "run kinit"),
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
    assert drawn()["RemctlTimeoutError"] == ("RemctlProtocolError", "TimeoutError")


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
        twin = pickle.loads(pickle.dumps(example, protocol))  # noqa: S301 - our own octets
        assert type(twin) is type(example)
        assert (str(twin), twin.args, vars(twin)) == (str(example), example.args, vars(example))


@each_example
@pytest.mark.parametrize("cause", [GSSError("why", 0xD0000, 7), ConnectionResetError(104, "why")])
def test_the_cause_of_an_error_travels_with_it(example: OpswireError, cause: Exception) -> None:
    """From a process pool, say, to who asked."""
    below = OSError(5, "further down")
    error = copy.copy(example)
    error.__cause__, cause.__cause__ = cause, below
    twin = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own octets
    assert (type(twin), str(twin), vars(twin)) == (type(error), str(error), vars(error))
    assert (type(twin.__cause__), str(twin.__cause__)) == (type(cause), str(cause))
    assert twin.__suppress_context__


def test_a_cause_that_may_not_pickle_stays_at_home() -> None:
    """The error itself still travels."""
    error = RemctlProtocolError("text")
    error.__cause__ = ZeroDivisionError()
    # Not by pickle itself: Dask, where it is loaded, teaches that to take every cause along.
    assert error.__reduce__() == (RemctlProtocolError, ("text",))


@pytest.mark.parametrize(
    "kind",
    [RemctlRefusedError, RemctlAuthenticationError, RemctlConnectError, RemctlTimeoutError],
)
def test_what_the_one_call_interface_raises_is_a_protocol_error(kind: type[OpswireError]) -> None:
    """Programs catch that, as the documentation told them."""
    assert issubclass(kind, RemctlProtocolError)


def test_a_refused_authentication_tells_what_to_do() -> None:
    """After what the library says."""
    error = RemctlAuthenticationError("Ticket expired", "run kinit")
    assert str(error) == "Ticket expired: run kinit"
    assert (error.text, error.advice) == ("Ticket expired", "run kinit")


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


def test_the_codes_of_a_refusal_are_those_of_the_c_header() -> None:
    """Under the same names."""
    header = (ROOT / "include/opswire/remctl_message.h").read_text()
    found = re.findall(r"OPSWIRE_REMCTL_ERROR_(\w+) = (\d+)", header)
    assert [(code.name, str(code.value)) for code in ErrorCode] == found
