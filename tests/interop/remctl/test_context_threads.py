"""Two threads and one security context: the second is told, also when it only asks."""

import threading
from collections.abc import Callable

import pytest

from opswire._core import gss
from opswire._core import remctl as core
from opswire.errors import ConnectionBusyError
from tests.servers import wire
from tests.servers.realm import Realm

SERVICE = "host/127.0.0.1"
ASKED: dict[str, Callable[[gss.Context], object]] = {
    "lifetime": lambda context: context.lifetime,
    "initiator": lambda context: context.initiator,
    "acceptor": lambda context: context.acceptor,
    "service": lambda context: context.service,
    "peer": lambda context: context.peer,
}


def established() -> gss.Context:
    """An initiator's context."""
    ours = gss.Context.initiate(gss.Name(SERVICE, "user"))
    token = ours.step()
    ours.step(gss.Context.accept().step(token))
    return ours


def told_while(busy: Callable[[], object], ask: Callable[[], object]) -> bool:
    """Whether the one who asks while another thread is inside a call is told so."""
    thread = threading.Thread(target=busy)
    thread.start()
    told = False
    while not told and thread.is_alive():
        try:
            ask()
        except ConnectionBusyError:
            told = True
    thread.join(60)
    ask()
    return told


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_a_context_that_another_thread_is_in_answers_no_question(
    realm: Realm, ask: Callable[[gss.Context], object]
) -> None:
    ours, octets = established(), bytes(30_000_000)
    assert told_while(lambda: ours.wrap(octets), lambda: ask(ours))


def test_nor_does_one_that_belongs_to_a_connection_that_another_thread_is_in(realm: Realm) -> None:
    ours, theirs = gss.Context.initiate(gss.Name(SERVICE, "user")), gss.Context.accept()
    machine = core.Connection(core.CLIENT)
    token = ours.step()
    assert token is not None
    machine.send_hello()
    machine.send_context(token)
    answer = theirs.step(token)
    assert answer is not None
    machine.receive(wire.token(wire.CONTEXT | wire.PROTOCOL, answer))
    machine.next_event()
    ours.step(answer)
    machine.establish(ours)
    octets = bytes(30_000_000)
    assert told_while(lambda: machine.send_command([octets]), lambda: ours.lifetime)
