"""What a client says to a server in which order, step by step: nothing is sent, nobody waits."""

from collections.abc import Generator
from functools import partial
from typing import Any, ClassVar

import pytest

from opswire._core import remctl as core
from opswire._core.remctl import Arguments
from opswire.errors import (
    ConnectionBusyError,
    LocalProtocolError,
    RemctlError,
    RemctlNotOpenedError,
    RemctlProtocolError,
    RemctlRefusedError,
    RemctlTimeoutError,
    RemctlUsageError,
)
from opswire.remctl import Result, client_settings
from opswire.remctl.command_output import CommandOutput
from opswire.remctl.connecting.dialing import Destination, Dialing
from opswire.remctl.exchanges import Exchanges
from tests.unit.clock import Clock

Exchange = Generator[Any, Any, Any]

STATUS = (core.STATUS, b"", 3, 0)
OUTPUT = (core.OUTPUT, b"text", 0, 1)
ERROR = (core.ERROR, b"unknown command", 5, 0)


class Machine:
    """What links tell of their machine."""

    def __init__(self) -> None:
        self.protocol = 2
        self.ready = True
        self.unconfirmed = False


class StillLink:
    """A link on which every step is answered by the test."""

    def __init__(self) -> None:
        self.connection: Any = Machine()
        self.timeout = 0.0
        self.closed = False
        self.gone = False
        self.busy = False
        self.outstanding = False

    @property
    def free(self) -> bool:
        return not (self.gone or self.busy or self.outstanding) and self.connection.ready

    def close(self) -> None:
        self.closed = self.gone = True

    # Their names are the steps.
    def send_command(self) -> None: ...
    def confirm(self) -> None: ...
    def send_noop(self) -> None: ...
    def next_event(self) -> None: ...
    def copy_output(self) -> None: ...


class StillDialing(Dialing[StillLink]):
    """An attempt that the test ends."""

    closer = "test"
    made: ClassVar[list["StillDialing"]] = []

    def __init__(self, destination: Destination, timeout: float, deadline: float) -> None:
        super().__init__(destination, timeout, deadline)
        self.made.append(self)

    def cancel(self) -> None:
        self.cancelled = True

    def run(self) -> None: ...


class Client(Exchanges[StillLink]):
    """A client whose steps the tests take."""

    _dialing_class = StillDialing

    def __init__(self) -> None:
        self._begin()
        self._set_up(timeout=None, credentials=None, source_ip=None, srv=False)

    def opened(self) -> StillLink:
        """Open it, and return its link."""
        link = StillLink()
        steps = self._opening("db1", 4373, None, None)
        assert name(next(steps)) == "run"
        assert ended(steps, link) is None
        return link


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of deadlines."""
    made = Clock()
    monkeypatch.setattr(client_settings, "monotonic", made)
    StillDialing.made.clear()
    return made


@pytest.fixture
def client(clock: Clock) -> Client:
    """A client that is not open."""
    return Client()


def name(step: Any) -> str:
    """What a step does."""
    named: str = (step.func if isinstance(step, partial) else step).__name__
    return named


def given(step: Any) -> Any:
    """What it is given for that."""
    assert isinstance(step, partial)
    return step.args


def ended(steps: Exchange, outcome: object) -> Any:
    """What an exchange returns after its last step."""
    with pytest.raises(StopIteration) as end:
        steps.send(outcome)
    return end.value.value


def command(*words: str) -> Arguments:
    return Arguments(words or ("test",))


def test_one_deadline_is_for_opening_and_running(client: Client, clock: Clock) -> None:
    client._remember("db1", None, None)
    output = CommandOutput(None, None, 100)
    steps = client._running(command(), output, None, 10.0)
    assert name(next(steps)) == "run"
    assert StillDialing.made[0].deadline == clock() + 10
    until = clock() + 10
    clock.go_on(3)
    step = steps.send(StillLink())
    assert (name(step), given(step)[1]) == ("send_command", until)
    step = steps.send(None)
    assert (name(step), given(step)[2]) == ("copy_output", until)
    given(step)[0](b"text")
    given(step)[1](b"of errors")
    assert ended(steps, STATUS) == Result(b"text", b"of errors", 3)


def test_the_deadline_of_a_command_is_that_of_its_output(client: Client, clock: Clock) -> None:
    link = client.opened()
    steps = client._commanding(command(), 10.0)
    assert given(next(steps))[1] == clock() + 10
    assert ended(steps, None) is None
    link.outstanding = True
    clock.go_on(4)
    step = next(client._reading())
    assert (name(step), given(step)) == ("next_event", (clock() + 6,))


def test_protocol_1_waits_for_the_signature_and_connects_for_every_command(client: Client) -> None:
    link = client.opened()
    link.connection.unconfirmed = True
    steps = client._commanding(command(), None)
    assert name(next(steps)) == "send_command"
    assert name(steps.send(None)) == "confirm"
    assert ended(steps, None) is None
    link.connection.ready = False
    assert name(next(client._commanding(command(), None))) == "run"
    assert link.closed


def test_a_peer_that_has_left_is_connected_to_again(client: Client) -> None:
    link = client.opened()
    link.gone = True
    steps = client._asking()
    assert name(next(steps)) == "run"
    assert link.closed
    assert name(steps.send(StillLink())) == "send_noop"
    assert name(steps.send(None)) == "next_event"
    assert ended(steps, (core.NOOP, b"", 0, 0)) is True


def test_what_has_left_an_answer_is_read_first(client: Client) -> None:
    link = client.opened()
    link.outstanding = True
    exchanges: list[Exchange] = [client._commanding(command(), None), client._asking()]
    for exchange in exchanges:
        with pytest.raises(RemctlUsageError, match="a command is still running"):
            next(exchange)
    assert not link.closed


def test_a_second_caller_is_told_and_drops_nothing(client: Client) -> None:
    link = client.opened()
    link.busy = True
    link.connection.ready = False  # a NOOP is on its way
    exchanges: list[Exchange] = [client._commanding(command(), None), client._asking()]
    for exchange in exchanges:
        with pytest.raises(RemctlUsageError, match="another test is inside a call"):
            next(exchange)
    link.busy, link.connection.ready = False, True
    output = CommandOutput(None, None, 100)
    exchanges = [
        client._commanding(command(), None),
        client._running(command(), output, None, None),
    ]
    for number, exchange in enumerate(exchanges):
        assert name(next(exchange)) == "send_command"
        if number:
            exchange.send(None)
        with pytest.raises(RemctlUsageError, match="inside"):
            exchange.throw(ConnectionBusyError("another is inside"))
    assert not link.closed
    assert client._link is link


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), TimeoutError("timed out"), OSError(104, "gone")]
)
def test_a_command_that_is_half_sent_leaves_no_connection(
    client: Client, error: BaseException
) -> None:
    link = client.opened()
    steps = client._commanding(command(), None)
    next(steps)
    with pytest.raises(type(error) if isinstance(error, KeyboardInterrupt) else RemctlError):
        steps.throw(error)
    assert link.closed
    assert client._link is None


def test_an_interrupted_wait_for_output_loses_nothing(client: Client) -> None:
    link = client.opened()
    link.outstanding = True
    steps = client._reading()
    next(steps)
    with pytest.raises(KeyboardInterrupt):
        steps.throw(KeyboardInterrupt())
    assert not link.closed
    steps = client._reading()
    assert name(next(steps)) == "next_event"
    assert ended(steps, OUTPUT).output == b"text"


@pytest.mark.parametrize("exchange", ["_asking", "_running", "_commanding"])
def test_every_other_interrupted_wait_ends_the_connection(client: Client, exchange: str) -> None:
    link = client.opened()
    link.connection.unconfirmed = exchange == "_commanding"
    steps: Exchange
    if exchange == "_asking":
        steps = client._asking()
    elif exchange == "_running":
        steps = client._running(command(), CommandOutput(None, None, 9), None, None)
    else:
        steps = client._commanding(command(), None)
    next(steps)
    steps.send(None)
    with pytest.raises(KeyboardInterrupt):
        steps.throw(KeyboardInterrupt())
    assert link.closed


def test_what_a_server_cannot_answer_keeps_the_connection(client: Client) -> None:
    link = client.opened()
    steps = client._asking()
    next(steps)
    steps.send(None)
    with pytest.raises(RemctlProtocolError, match="NOOP message not supported"):
        steps.send(ERROR)
    link.connection.protocol = client._protocol = 1
    with pytest.raises(RemctlProtocolError, match="NOOP message not supported"):
        next(client._asking())
    assert not link.closed


def test_a_refusal_is_a_token_of_output_and_an_error_of_run(client: Client) -> None:
    link = client.opened()
    link.outstanding = True
    reading = client._reading()
    next(reading)
    assert ended(reading, ERROR)[0] == "error"
    link.outstanding = False
    steps = client._running(command(), CommandOutput(None, None, 9), None, None)
    next(steps)
    steps.send(None)
    with pytest.raises(RemctlRefusedError, match="unknown command"):
        steps.send(ERROR)
    assert not link.closed


def test_a_timeout_of_one_command_is_over_with_it(client: Client) -> None:
    link = client.opened()
    client.set_timeout(7)
    steps = client._running(command(), CommandOutput(None, None, 9), 2, None)
    next(steps)
    assert link.timeout == 2.0
    with pytest.raises(RemctlTimeoutError):
        steps.throw(TimeoutError("timed out"))
    assert client._timeout == 7.0


@pytest.mark.parametrize("exchange", ["_opening", "_commanding", "_asking", "_reading"])
def test_while_another_opens_it_nothing_is_begun(client: Client, exchange: str) -> None:
    first = client._opening("db1", None, None, None)
    next(first)
    steps: Exchange = {
        "_opening": client._opening("db2", None, None, None),
        "_commanding": client._commanding(command(), None),
        "_asking": client._asking(),
        "_reading": client._reading(),
    }[exchange]
    with pytest.raises(RemctlUsageError, match="another test is opening this connection"):
        next(steps)
    assert ended(first, StillLink()) is None
    assert client._host == "db1"


def test_a_connection_that_is_closed_while_it_opens_is_not_kept(client: Client) -> None:
    steps = client._opening("db1", None, None, None)
    next(steps)
    client.close()
    assert StillDialing.made[0].cancelled
    link = StillLink()
    with pytest.raises(RemctlError, match="the connection was closed by another test"):
        steps.send(link)
    assert link.closed
    with pytest.raises(RemctlNotOpenedError):
        next(client._reading())


def test_a_call_that_ends_since_the_object_was_closed_says_so(client: Client) -> None:
    link = client.opened()
    link.outstanding = True
    steps = client._reading()
    next(steps)
    client.close()
    with pytest.raises(RemctlNotOpenedError, match="closed by another"):
        steps.throw(LocalProtocolError("the connection was closed by another test"))


def test_after_a_failure_there_is_no_connection_until_the_next_command(client: Client) -> None:
    link = client.opened()
    link.outstanding = True
    steps = client._reading()
    next(steps)
    with pytest.raises(RemctlProtocolError):
        steps.throw(OSError(104, "Connection reset by peer"))
    assert "Connection reset" in client.error()
    with pytest.raises(RemctlError, match="no connection open"):
        next(client._reading())
    assert name(next(client._commanding(command(), None))) == "run"
