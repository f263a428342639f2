"""The full interface against a real remctld: every sentence that is promised about it."""

import pickle
from collections.abc import Callable, Iterable, Iterator

import pytest

from opswire import errors
from opswire.errors import (
    RemctlError,
    RemctlNotOpenedError,
    RemctlProtocolError,
    RemctlStatusError,
    RemctlTimeoutError,
    RemctlUsageError,
)
from opswire.remctl import Remctl, RemctlOutput, remctl
from tests.servers.remctld import Remctld

HOST = "127.0.0.1"
DONE = ("done", None, None, None, None)
OK = ("status", None, None, 0, None)


@pytest.fixture
def connection(remctld: Remctld, client: Callable[..., Remctl]) -> Iterator[Remctl]:
    """An open connection."""
    with client(HOST, remctld.port) as opened:
        yield opened


def output_of(connection: Remctl) -> list[RemctlOutput]:
    """Read until a token that is not output, in the documented way."""
    tokens = [connection.output()]
    while tokens[-1].type == "output":
        tokens.append(connection.output())
    return tokens


# ---- commands and their output ----


def test_the_documented_loop_reads_a_command(connection: Remctl) -> None:
    assert connection.command(("test", "echo", "hello")) is None  # type: ignore[func-returns-value]  # nothing else is returned
    assert output_of(connection) == [("output", b"hello\n", 1, None, None), OK]


def test_members_of_a_token_have_names(connection: Remctl) -> None:
    connection.command(["test", "stderr", "oops"])
    token = connection.output()
    assert (token.type, token.output, token.stream) == ("output", b"oops\n", 2)
    assert (token.status, token.error) == (None, None)


@pytest.mark.parametrize("status", [0, 1, 127, 128, 200, 255])
def test_a_status_stays_what_it_is(connection: Remctl, status: int) -> None:
    connection.command(["test", "status", status])
    assert connection.output() == ("status", None, None, status, None)
    assert connection.run(["test", "status", str(status)]).status == status


def test_a_command_that_dies_by_a_signal_has_status_255(connection: Remctl) -> None:
    assert connection.run(["test", "kill"]).status == 255


def test_both_streams_are_told_apart(connection: Remctl) -> None:
    connection.command(["test", "both"])
    tokens = output_of(connection)
    assert sorted(tokens[:-1], key=lambda token: token.stream or 0) == [
        ("output", b"to stdout\n", 1, None, None),
        ("output", b"to stderr\n", 2, None, None),
    ]
    assert tokens[-1].status == 3


def test_done_is_what_comes_before_the_first_command(connection: Remctl) -> None:
    assert [connection.output() for _ in range(3)] == [DONE] * 3


def test_done_is_what_comes_for_ever_after_the_end(connection: Remctl) -> None:
    connection.command(["test", "true"])
    assert connection.output() == OK
    assert [connection.output() for _ in range(3)] == [DONE] * 3


@pytest.mark.parametrize(
    ("command", "text", "code"),
    [
        (["nonsense"], b"Unknown command", 5),
        (["test", "nonsense"], b"Unknown command", 5),
        (["test", "denied"], b"Access denied", 6),
        (["test", "nobody"], b"Access denied", 6),
        (["help", "test", "true"], b"No help defined for command", 10),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_refusal_is_an_output_token_of_type_error(
    connection: Remctl, command: list[str], text: bytes, code: int
) -> None:
    connection.command(command)
    assert output_of(connection) == [("error", text, None, None, code)]
    assert connection.output() == DONE
    assert connection.run(["test", "true"]).status == 0, "the connection is as good as before"


def test_a_refusal_is_an_exception_of_run(connection: Remctl) -> None:
    with pytest.raises(RemctlError) as caught:
        connection.run(["test", "nonsense"])
    assert str(caught.value) == connection.error() == "Unknown command"
    assert connection.run(["test", "true"]).status == 0


def test_too_many_arguments_are_refused_by_the_server(connection: Remctl) -> None:
    with pytest.raises(RemctlError, match=r"^Too many arguments$"):
        connection.run(["test", "true", *["x"] * 4096])


def test_many_commands_run_on_one_connection(connection: Remctl, remctld: Remctld) -> None:
    for number in range(50):
        assert connection.run(["test", "echo", number]).stdout == b"%d\n" % number


def test_a_second_command_before_the_first_was_read_is_a_usage_error(connection: Remctl) -> None:
    connection.command(["test", "echo", "first"])
    with pytest.raises(RemctlUsageError) as caught:
        connection.command(["test", "echo", "second"])
    assert connection.error() == str(caught.value)
    for call in (connection.noop, lambda: connection.run(["test", "true"])):
        with pytest.raises(RemctlUsageError, match="a command is still running"):
            call()
    assert output_of(connection) == [("output", b"first\n", 1, None, None), OK]
    assert connection.run(["test", "echo", "second"]).stdout == b"second\n"


def test_tokens_are_iterated_to_the_last(connection: Remctl) -> None:
    connection.command(["test", "status", "7"])
    assert [token.status for token in connection] == [7]
    assert list(connection) == []


def test_output_arrives_while_the_command_runs(connection: Remctl) -> None:
    connection.command(["test", "ticks", "2", "0.2"])
    assert [token.output for token in connection] == [b"0\n", b"1\n", None]


# ---- run() ----


def test_a_result_has_octets_and_text(connection: Remctl) -> None:
    result = connection.run(["test", "both"])
    assert (result.stdout, result.stderr, result.status) == (b"to stdout\n", b"to stderr\n", 3)
    assert (result.stdout_text, result.stderr_text) == ("to stdout\n", "to stderr\n")


def test_a_result_cannot_be_changed(connection: Remctl) -> None:
    result = connection.run(["test", "true"])
    with pytest.raises(AttributeError):
        result.status = 1  # type: ignore[misc]  # frozen, as is tested


def test_check_raises_for_a_status_other_than_0(connection: Remctl) -> None:
    result = connection.run(["test", "true"])
    assert result.check() is result
    with pytest.raises(RemctlStatusError) as caught:
        connection.run(["test", "both"]).check()
    assert (caught.value.status, caught.value.stderr) == (3, b"to stderr\n")
    assert str(caught.value) == "command ended with status 3: to stderr"


@pytest.mark.parametrize(
    "stdin", [b"octets\0\xff", bytearray(b"octets\0\xff"), memoryview(b"octets\0\xff")], ids=type
)
def test_stdin_is_the_last_argument(
    connection: Remctl, stdin: bytes | bytearray | memoryview
) -> None:
    assert connection.run(["test", "stdin"], stdin=stdin).stdout == b"octets\0\xff"


def test_stdin_as_text_is_utf8(connection: Remctl) -> None:
    assert connection.run(["test", "stdin"], stdin="h\xe9").stdout == b"h\xc3\xa9"


def test_forty_megabytes_of_stdin_arrive(connection: Remctl) -> None:
    assert connection.run(["test", "count"], stdin=bytes(40_000_000)).stdout == b"40000000\n"


def test_a_command_over_a_hundred_megabytes_is_refused_once(connection: Remctl) -> None:
    octets = bytes(101 * 1024 * 1024)
    with pytest.raises(RemctlError, match=r"^Too much data$"):
        connection.run(["test", "count"], stdin=octets)
    for number in range(3):
        assert connection.run(["test", "echo", number]).stdout == b"%d\n" % number


# ---- elements ----


class Described:
    """Something that only str() can make an argument of."""

    def __str__(self) -> str:
        """An argument."""
        return "d\xe9scribed"


@pytest.mark.parametrize("number", [0xD800, 0xDCFF], ids=hex)
def test_a_lone_surrogate_is_no_utf8(connection: Remctl, number: int) -> None:
    """Octets are to be given as such; those of a command line by os.fsencode()."""
    surrogate = chr(number)
    calls: list[Callable[[], object]] = [
        lambda: connection.command(["test", surrogate]),
        lambda: connection.run(["test", "stdin"], stdin=surrogate),
        lambda: remctl(HOST, 1, None, ["test", surrogate]),
    ]
    for call in calls:
        with pytest.raises(UnicodeEncodeError):
            call()
    assert connection.run(["test", "true"]).status == 0


@pytest.mark.parametrize(
    ("element", "octets"),
    [
        ("", b""),
        ("text", b"text"),
        ("h\xe9 \N{SNOWMAN}", "h\xe9 \N{SNOWMAN}".encode()),
        (b"octets \xff", b"octets \xff"),
        (bytearray(b"array"), b"array"),
        (memoryview(b"view"), b"view"),
        (7, b"7"),
        (-1.5, b"-1.5"),
        (None, b"None"),
        (True, b"True"),
        (Described(), "d\xe9scribed".encode()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_element_is_converted(connection: Remctl, element: object, octets: bytes) -> None:
    assert connection.run(["test", "arguments", element]).stdout == octets + b"\0"


@pytest.mark.parametrize("argument", ["a\0b", b"a\0b"])
def test_a_nul_reaches_the_server_which_takes_it_in_stdin_only(
    connection: Remctl, argument: str | bytes
) -> None:
    assert connection.run(["test", "stdin", argument]).stdout == b"a\0b"
    with pytest.raises(RemctlError, match=r"^Invalid command token$"):
        connection.run(["test", "arguments", argument])


@pytest.mark.parametrize(
    "made",
    [tuple, list, iter, dict.fromkeys],
    ids=["tuple", "list", "iterator", "dict"],
)
def test_a_command_is_any_iterable(
    connection: Remctl, made: Callable[[list[str]], Iterable[str]]
) -> None:
    assert connection.run(made(["test", "true"])).status == 0


def test_a_command_may_be_a_generator(connection: Remctl) -> None:
    assert connection.run(word for word in ("test", "true")).status == 0


@pytest.mark.parametrize("command", ["test", b"test", bytearray(b"x"), True, 1, 1.5, None])
def test_what_is_no_list_of_elements_is_a_type_error(connection: Remctl, command: object) -> None:
    for call in (connection.command, connection.run):
        with pytest.raises(TypeError, match=r"^command must be a sequence or iterator$"):
            call(command)  # type: ignore[arg-type]  # a wrong type is tried
    assert connection.run(["test", "true"]).status == 0


@pytest.mark.parametrize("command", [[], (), iter(())], ids=["list", "tuple", "iterator"])
def test_an_empty_command_is_a_value_error(connection: Remctl, command: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^command must not be empty$"):
        connection.command(command)


# ---- noop ----


def test_a_noop_is_answered_with_true(connection: Remctl) -> None:
    assert connection.noop() is True
    assert connection.noop() is True
    assert connection.run(["test", "true"]).status == 0
    assert connection.noop() is True


def test_a_noop_without_a_connection_is_not_opened() -> None:
    connection = Remctl()
    with pytest.raises(RemctlNotOpenedError) as caught:
        connection.noop()
    assert str(caught.value) == connection.error() == "no currently open connection"


# ---- the text of the last failure ----

WELL: dict[str, Callable[[Remctl, int], object]] = {
    "open": lambda connection, port: connection.open(HOST, port),
    "command": lambda connection, _: connection.command(["test", "true"]),
    "a command the long way": lambda connection, _: connection.command(iter(["test", "true"])),
    "output": lambda connection, _: connection.output(),
    "run": lambda connection, _: connection.run(["test", "true"]),
    "noop": lambda connection, _: connection.noop(),
}


@pytest.mark.parametrize("call", WELL.values(), ids=WELL)
def test_what_goes_well_leaves_no_error(
    connection: Remctl, remctld: Remctld, call: Callable[[Remctl, int], object]
) -> None:
    with pytest.raises(RemctlError):
        connection.run(["test", "nonsense"])
    assert connection.error() == "Unknown command"
    call(connection, remctld.port)
    assert connection.error() == "no error"


@pytest.mark.parametrize("name", ["echo", "true", "nonsense"], ids=["output", "status", "error"])
def test_a_token_leaves_no_error(connection: Remctl, name: str) -> None:
    """Of any type: one of an error came as well as the others."""
    connection.command(["test", name])
    with pytest.raises(RemctlUsageError):
        connection.noop()
    assert connection.error() != "no error"
    connection.output()
    assert connection.error() == "no error"


def test_a_connection_made_anew_leaves_no_error(connection: Remctl) -> None:
    with pytest.raises(RemctlTimeoutError):
        connection.run(["test", "sleep", "5"], deadline=0.2)
    assert connection.error() == "error receiving token: timed out"
    assert connection.run(["test", "true"]).status == 0
    assert connection.error() == "no error"


# ---- a connection that is not open ----


def test_a_fresh_object_has_no_error() -> None:
    assert Remctl().error() == "no error"


@pytest.mark.parametrize("closed", [False, True], ids=["never opened", "closed"])
def test_without_a_connection_every_call_says_so(remctld: Remctld, closed: bool) -> None:
    connection = Remctl()
    if closed:
        connection.open(HOST, remctld.port)
        connection.close()
    for call in (
        lambda: connection.command(["test", "true"]),
        lambda: connection.run(["test", "true"]),
        connection.output,
        connection.noop,
    ):
        with pytest.raises(RemctlNotOpenedError) as caught:
            call()
        assert str(caught.value) == connection.error() == "no currently open connection"


def test_closing_twice_or_never_having_opened_is_no_matter(remctld: Remctld) -> None:
    connection = Remctl()
    assert connection.close() is None  # type: ignore[func-returns-value]  # nothing else is returned
    connection.open(HOST, remctld.port)
    connection.close()
    connection.close()
    assert connection.error() == "no currently open connection"


def test_a_block_closes_the_connection(remctld: Remctld) -> None:
    with Remctl(HOST, remctld.port) as connection:
        connection.noop()
    with pytest.raises(RemctlNotOpenedError):
        connection.noop()


# ---- exceptions ----

EXCEPTIONS = [
    RemctlError("text"),
    RemctlProtocolError("text"),
    RemctlNotOpenedError("text"),
    RemctlUsageError("text"),
    RemctlTimeoutError("text"),
    RemctlStatusError("text", 7, b"octets"),
    errors.GSSError("text", 1, 2),
    errors.RemoteProtocolError("text", 5, 6, 7),
]


@pytest.mark.parametrize("error", EXCEPTIONS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_an_exception_survives_pickling(error: Exception, protocol: int) -> None:
    copy = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own octets
    assert type(copy) is type(error)
    assert (str(copy), copy.args, vars(copy)) == (str(error), error.args, vars(error))


@pytest.mark.parametrize("kind", [RemctlProtocolError, RemctlNotOpenedError, RemctlTimeoutError])
def test_every_exception_is_a_remctl_error(kind: type[Exception]) -> None:
    assert issubclass(kind, RemctlError)
    assert issubclass(kind, Exception)


def test_an_exception_that_was_raised_survives_pickling(connection: Remctl) -> None:
    with pytest.raises(RemctlError) as caught:
        connection.run(["nonsense"])
    assert str(pickle.loads(pickle.dumps(caught.value))) == "Unknown command"  # noqa: S301 - our own octets
