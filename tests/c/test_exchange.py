"""The machine, both roles against each other: what goes well on protocols 3, 2 and 1."""

import pytest

from opswire._core.ffi import lib
from tests.c import peers
from tests.c.machine import CLIENT, CLOSED, SERVER, STATES, Machine
from tests.c.octets import ArgumentWriter, argument_list
from tests.c.peers import Pair, messages, negotiated, tokens
from tests.c.requests import FIRST, LAST, MIDDLE, WHOLE, command
from tests.c.visible_security import signature, unwrapped, wrapped
from tests.servers import wire

DONE, MORE, PAUSED = lib.OPSWIRE_DONE, lib.OPSWIRE_MORE, lib.OPSWIRE_PAUSED
ARGUMENTS = [b"test", b"", b"argument", bytes(range(256))]
LONG = [b"test", b"stdin", b"x" * 65_528, b"", b"y" * 100, b""]

each_chunk = pytest.mark.parametrize("chunk", [1, 7, 1 << 20])


@each_chunk
def test_a_context_of_many_tokens_is_negotiated(chunk: int) -> None:
    """Each side gets the other's tokens as they are."""
    pair = Pair(chunk=chunk)
    pair.client.send_hello()
    for number in range(5):
        pair.client.send_context(b"i" * number)
        assert pair.to_server() == [peers.context(b"i" * number)]
        pair.server.send_context(b"a" * number)
        assert pair.to_client() == [peers.context(b"a" * number)]
    assert (pair.client.establish(), pair.server.establish()) == (DONE, DONE)
    assert (pair.client.protocol, pair.server.protocol) == (2, 2)


def test_a_client_of_protocol_2_says_so_with_every_flag() -> None:
    """Hello, context and data, as the draft wants them."""
    client = Machine(CLIENT)
    client.send_hello()
    client.send_context(b"token")
    assert list(tokens(client.take())) == [(0x51, b""), (0x42, b"token")]
    client.events(wire.token(0x42, b"answer"))
    client.establish()
    client.send_noop()
    assert client.take() == wire.token(0x44, wrapped(b"\x03\x07"))


@each_chunk
@pytest.mark.parametrize("arguments", [ARGUMENTS, LONG], ids=["whole", "continued"])
def test_a_command_arrives_and_its_answer_comes_back(arguments: list[bytes], chunk: int) -> None:
    """Output of both streams in order, then the status; again and again on one connection."""
    pair = Pair(chunk=chunk).negotiate()
    for number in [0, 200]:
        assert pair.client.send_command(arguments) == DONE
        assert pair.to_server() == [peers.command(argument_list(arguments)), PAUSED]
        for stream, octets in [(1, b"out"), (2, b"err"), (1, b"")]:
            assert pair.server.send_output(stream, octets) == DONE
        assert pair.server.send_status(number) == DONE
        assert pair.to_client() == [
            peers.output(1, b"out"),
            peers.output(2, b"err"),
            peers.output(1, b""),
            peers.status(number),
        ]
    assert pair.client.state == STATES["CLIENT_IDLE"]
    assert pair.server.state == STATES["SERVER_IDLE"]


def test_every_exit_status_arrives_as_it_was_sent() -> None:
    """0 to 255 on one connection."""
    pair = Pair().negotiate()
    for number in range(256):
        pair.client.send_command([b"test"])
        pair.to_server()
        pair.server.send_status(number)
        assert pair.to_client() == [peers.status(number)]


def test_a_command_that_fits_a_message_goes_whole() -> None:
    """Its size decides: 65 536 octets with the head of the message."""
    client = negotiated(CLIENT)
    body = argument_list([bytes(65_532 - 8)])
    client.send_command([bytes(65_532 - 8)])
    assert messages(client.take()) == [command(body, WHOLE)]


def test_a_command_with_one_octet_more_is_continued() -> None:
    """First and last, each with the head of the message."""
    client = negotiated(CLIENT)
    body = argument_list([bytes(65_532 - 7)])
    client.send_command([bytes(65_532 - 7)])
    assert messages(client.take()) == [command(body[:65_532], FIRST), command(body[65_532:], LAST)]


def test_a_long_command_is_first_middle_last() -> None:
    """Each call queues one message; the caller may write it out in between."""
    client = negotiated(CLIENT)
    writer = ArgumentWriter([bytes(200_000)])
    found = []
    status = MORE
    while status == MORE:
        status = client.send_command_part(writer)
        found += messages(client.take())
    assert status == DONE
    assert [each[3] for each in found] == [FIRST, MIDDLE, MIDDLE, LAST]
    assert b"".join(each[4:] for each in found) == argument_list([bytes(200_000)])


def test_long_output_is_split_into_messages() -> None:
    """None of them longer than 65 536 octets."""
    pair = Pair().negotiate()
    pair.client.send_command([b"test"])
    pair.to_server()
    pair.server.send_output(1, bytes(range(256)) * 1000)
    sizes = [len(each) for each in messages(pair.server.outgoing())]
    assert sizes == [65_536] * 3 + [256_000 - 3 * 65_529 + 7]
    events = pair.to_client()
    assert events == [peers.output(1, each.octets) for each in events if not isinstance(each, int)]
    octets = b"".join(each.octets for each in events if not isinstance(each, int))
    assert octets == bytes(range(256)) * 1000


@each_chunk
@pytest.mark.parametrize(("code", "text"), [(5, b"Unknown command"), (4711, b""), (0, b"\xff")])
def test_an_error_passes_through_with_its_code_and_text(code: int, text: bytes, chunk: int) -> None:
    """Also after output, and with a code that nobody knows."""
    pair = Pair(chunk=chunk).negotiate()
    for _ in range(2):
        pair.client.send_command([b"test"])
        pair.to_server()
        pair.server.send_output(2, b"so far")
        assert pair.server.send_error(code, text) == DONE
        assert pair.to_client() == [peers.output(2, b"so far"), peers.error(code, text)]


def test_a_noop_is_answered_by_the_machine() -> None:
    """In version 3, and between commands."""
    pair = Pair().negotiate()
    assert pair.client.send_noop() == DONE
    assert pair.to_server() == [peers.NOOP]
    assert messages(pair.server.outgoing()) == [wire.noop()]
    assert pair.to_client() == [peers.NOOP]
    assert pair.client.state == STATES["CLIENT_IDLE"]


def test_a_quit_ends_both_sides() -> None:
    """The server says so once; whatever follows is passed over until the end."""
    pair = Pair().negotiate()
    assert pair.client.send_quit() == DONE
    assert pair.to_server() == [peers.QUIT]
    assert pair.server.state == pair.client.state == STATES["CLOSED"]
    for machine in (pair.server, pair.client):
        assert machine.events(b"whatever") == [MORE]
        machine.receive_end()
        assert [machine.next(), machine.next()] == [CLOSED, CLOSED]


def test_a_quit_in_the_middle_of_a_command_ends_it() -> None:
    """The half command is no event."""
    pair = Pair().negotiate()
    assert pair.client.send_command_part(ArgumentWriter(LONG)) == MORE
    assert pair.client.send_quit() == DONE
    assert pair.to_server() == [peers.QUIT]


def test_pipelined_commands_are_served_in_order() -> None:
    """What stands behind a command waits until that is answered."""
    server = negotiated(SERVER)
    first, second = (argument_list([name]) for name in (b"first", b"second"))
    octets = peers.message(command(first)) + peers.message(command(second))
    octets += peers.message(wire.noop())
    assert server.events(octets) == [peers.command(first), PAUSED]
    assert server.events() == [PAUSED]
    server.send_status(1)
    assert server.events() == [peers.command(second), PAUSED]
    server.send_error(5, b"no")
    assert server.events() == [peers.NOOP, MORE]
    assert messages(server.take()) == [wire.status(1), wire.error(5, b"no"), wire.noop()]


def test_a_command_without_keep_alive_closes_the_connection() -> None:
    """After its answer; what was pipelined behind it is not served."""
    server = negotiated(SERVER)
    body = argument_list([b"only"])
    octets = peers.message(command(body, keep_alive=0)) + peers.message(command(body))
    assert server.events(octets) == [peers.command(body), PAUSED]
    server.send_status(0)
    assert server.state == STATES["CLOSED"]
    assert server.events() == [MORE]
    server.receive_end()
    assert server.next() == CLOSED


def test_the_keep_alive_of_the_last_part_counts() -> None:
    """Each part repeats it."""
    server = negotiated(SERVER)
    body = argument_list([b"only"])
    server.receive(peers.message(command(body[:4], FIRST, keep_alive=1)))
    server.receive(peers.message(command(body[4:], LAST, keep_alive=0)))
    assert server.events() == [peers.command(body), PAUSED]
    server.send_error(5, b"no")
    assert server.state == STATES["CLOSED"]


def test_a_refused_command_without_keep_alive_closes_the_connection() -> None:
    """The wish counts whatever becomes of the command."""
    server = negotiated(SERVER)
    server.receive(peers.message(command(b"\0\0\0\1", keep_alive=0)))
    server.next()
    assert server.state == STATES["CLOSED"]


def test_the_last_part_of_a_refused_command_may_close_the_connection() -> None:
    """Middle parts are passed over; the last one still says whether another command follows."""
    server = negotiated(SERVER)
    server.receive(peers.message(command(b"", MIDDLE, keep_alive=0)))
    server.next()
    assert server.state == STATES["SERVER_DISCARDING"]
    assert server.events(peers.message(command(b"", LAST, keep_alive=0))) == [MORE]
    assert server.state == STATES["CLOSED"]


def test_octets_that_were_not_written_stay_queued() -> None:
    """In their order, however few are written at a time."""
    client = negotiated(CLIENT)
    client.send_command([b"test"])
    whole = client.outgoing()
    for sent in range(len(whole)):
        assert client.outgoing() == whole[sent:]
        client.sent(1)
    client.sent(1)
    assert client.outgoing() == b""


def test_after_an_event_the_header_of_the_next_token_is_missing() -> None:
    """However long the one was that has been read."""
    pair = Pair().negotiate()
    pair.client.send_command([bytes(1000)])
    pair.server.receive(pair.client.take())
    assert not isinstance(pair.server.next(), int)
    assert pair.server.missing == wire.HEADER.size


# ---- protocol 1 ----


@each_chunk
@pytest.mark.parametrize(("client", "server"), [(1, 2), (2, 1), (1, 1)])
def test_protocol_1_is_spoken_when_one_side_knows_no_other(
    client: int, server: int, chunk: int
) -> None:
    """One command, its signature, one reply, the end."""
    pair = Pair(client, server, chunk).negotiate()
    assert (pair.client.protocol, pair.server.protocol) == (1, 1)
    assert pair.client.send_command(ARGUMENTS) == DONE
    assert pair.to_server() == [peers.command(argument_list(ARGUMENTS)), PAUSED]
    pair.server.send_output(1, b"out ")
    pair.server.send_output(2, b"err")
    assert pair.server.send_status(200) == DONE
    assert pair.to_client() == [peers.output(1, b"out err"), peers.status(200)]
    assert pair.client.state == STATES["CLIENT_SPENT"]
    pair.server.receive_end()
    pair.client.receive_end()
    assert pair.server.next() == pair.client.next() == CLOSED


def test_a_server_of_protocol_1_answers_the_offer_of_more_with_less() -> None:
    """No token of it carries the flag for more."""
    server = Machine(SERVER, 1)
    assert server.events(wire.token(0x51) + wire.token(0x42, b"i")) == [peers.context(b"i"), MORE]
    server.send_context(b"a")
    assert list(tokens(server.take())) == [(0x02, b"a")]


def test_a_client_falls_back_with_the_first_answer() -> None:
    """From then on none of its tokens carries the flag for more."""
    client = Machine(CLIENT)
    client.send_hello()
    client.send_context(b"i")
    client.take()
    assert client.events(wire.token(0x02, b"a")) == [peers.context(b"a"), MORE]
    assert client.protocol == 1
    client.send_context(b"j")
    assert client.take() == wire.token(0x02, b"j")


def test_a_command_and_its_reply_on_protocol_1_are_bare() -> None:
    """The list alone; the server signs what it has read; then status, length and output."""
    pair = Pair(1).negotiate()
    pair.client.send_command([b"test"])
    plain = argument_list([b"test"])
    assert list(tokens(pair.client.outgoing())) == [(0x24, wrapped(plain))]
    pair.to_server()
    pair.server.send_output(1, b"out")
    pair.server.send_status(7)
    mic, reply = tokens(pair.server.outgoing())
    assert mic == (0x08, signature(plain))
    assert (reply[0], unwrapped(reply[1])) == (0x04, b"\0\0\0\7" + b"\0\0\0\3out")


def test_an_empty_reply_on_protocol_1_is_a_status_alone() -> None:
    """No empty output before it."""
    pair = Pair(1).negotiate()
    pair.client.send_command([b"test"])
    pair.to_server()
    pair.server.send_status(0)
    assert pair.to_client() == [peers.status(0)]


def test_an_error_on_protocol_1_is_text_with_status_255() -> None:
    """In place of any output; the code has no place there."""
    pair = Pair(1).negotiate()
    pair.client.send_command([b"test"])
    pair.to_server()
    pair.server.send_output(1, b"so far")
    pair.server.send_error(5, b"Unknown command")
    (reply,) = messages(pair.server.outgoing()[len(wire.token(8, signature(b""))) :], 0x04)
    assert reply == b"\xff\xff\xff\xff" + b"\0\0\0\x0fUnknown command"
    assert pair.to_client() == [peers.output(1, b"Unknown command"), peers.status(255)]


def test_output_on_protocol_1_is_cut_at_65528_octets() -> None:
    """What one message can carry."""
    pair = Pair(1).negotiate()
    pair.client.send_command([b"test"])
    pair.to_server()
    for _ in range(3):
        assert pair.server.send_output(1, b"x" * 30_000) == DONE
    pair.server.send_status(0)
    assert pair.to_client() == [peers.output(1, b"x" * 65_528), peers.status(0)]


@pytest.mark.parametrize("size", [65_528, 65_529, 70_000])
def test_an_error_text_on_protocol_1_is_cut_where_output_is(size: int) -> None:
    """Whatever was kept of the output before."""
    pair = Pair(1, 1).negotiate()
    pair.client.send_command([b"test"])
    pair.to_server()
    pair.server.send_output(1, b"x" * 30_000)
    assert pair.server.send_error(5, b"y" * size) == DONE
    assert pair.to_client() == [peers.output(1, b"y" * 65_528), peers.status(255)]


def test_a_command_that_protocol_1_cannot_carry_is_refused_here() -> None:
    """Nothing is queued, and a shorter one can still be sent."""
    client = negotiated(CLIENT, 1)
    assert client.send_command([bytes(65_536 - 7)]) == lib.OPSWIRE_TOO_MUCH_DATA
    assert client.outgoing() == b""
    assert client.send_command([bytes(65_536 - 8)]) == DONE
