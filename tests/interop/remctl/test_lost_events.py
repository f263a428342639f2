"""Output for which there is no memory: what a program gets has no hole, whatever failed.

Each allocation of Python fails in turn, one or twenty in a row, while an answer is read.  Then the
rest comes, or every later call says that there was no memory.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from opswire.remctl import AsyncRemctl, Remctl, RemctlError, exchanges
from tests.interop import child
from tests.interop.remctl.answered import EVENTS, STREAMS, AnsweredDriver
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

CHILD = """
import ctypes, io, itertools, sys
from opswire._core.remctl.shortcuts import Shortcuts
from opswire.remctl.protocol import Connection, Output, Role, Status
from tests.interop.remctl.answered import EVENTS, STREAMS, AnsweredDriver, answered_machine

allocator = ctypes.PyDLL(sys.argv[1])
fail_at, seen = allocator.fail_at, allocator.seen
fail_at.argtypes = (ctypes.c_ulong, ctypes.c_ulong)
seen.restype = ctypes.c_ulong
way = sys.argv[2]

class Behind:
    def output(self):
        return self._link.next_event()


class Plain(Shortcuts, Behind):
    # Leaves everything as it is when something fails.
    def _broken(self, driver, doing, error):
        raise error


def reader():
    # What returns the next event of an answer, and what is to be kept, and closed, for it.
    if way == "machine":
        machine, answer = answered_machine()
        machine.receive(answer)
        return machine.next_event, None
    if way == "protocol":
        machine, answer = answered_machine()
        machine.receive(answer)
        connection = Connection(Role.CLIENT)
        connection._machine = machine
        return connection.next_event, None
    pair = AnsweredDriver()
    if way == "driver":
        return pair.driver.next_event, pair
    client = Plain()
    client._link = pair.driver
    return client.output, pair


def writer(size):
    made = io.BytesIO()
    made.write(bytes(size + 1))
    made.seek(0)
    return made


def copied(number, many):
    # One try: whether it failed, and whether it went on then.
    pair, files = AnsweredDriver(), [writer(len(stream)) for stream in STREAMS]
    copy, out, err = pair.driver.copy_output, files[0].write, files[1].write
    failed = ended = False
    fail_at(number, many)
    try:
        end = copy(out, err)
        reached = seen()
    except MemoryError:
        reached = seen()
        failed = True
        try:
            end = copy(out, err)
        except MemoryError:
            ended = True
            try:
                copy(out, err)
            except MemoryError:
                pass
            else:
                raise AssertionError("it goes on after all")
    got = [file.getvalue()[:file.tell()] for file in files]
    if ended:
        assert all(whole.startswith(part) for whole, part in zip(STREAMS, got)), got
    else:
        assert (got, end) == (STREAMS, EVENTS[-1]), (number, got, end)
    pair.close()
    return failed, ended, reached


def listed(number, many):
    (next_event, pair), got, index = reader(), [None] * len(EVENTS), 0
    failed = ended = False
    fail_at(number, many)
    try:
        while index < len(got):
            got[index] = next_event()
            index += 1
        reached = seen()
    except MemoryError:
        reached = seen()
        failed = True
        try:
            while index < len(got):
                got[index] = next_event()
                index += 1
        except MemoryError:
            ended = True
            try:
                next_event()
            except MemoryError:
                pass
            else:
                raise AssertionError("it goes on after all")
    expected = EVENTS
    if way == "protocol":
        expected = [Output(stream, octets) for _, octets, _, stream in EVENTS[:-1]] + [Status(200)]
    if way == "client":
        expected = [
            ("output", octets, stream, None, None) if stream else ("status", None, None, 200, None)
            for _, octets, _, stream in EVENTS
        ]
    assert got[:index] == expected[:index], (number, got)
    assert ended or index == len(expected)
    if pair is not None:
        pair.close()
    return failed, ended, reached


allocator.install()
for many in (1, 20):
    failures = endings = 0
    for number in itertools.count(1):
        failed, ended, reached = (copied if way == "copy" else listed)(number, many)
        failures += failed
        endings += ended
        if reached < number:
            break
    print(failures, endings)
"""


@pytest.mark.parametrize("way", ["copy", "driver", "machine", "protocol", "client"])
def test_output_has_no_hole_whatever_allocation_fails(
    realm: Realm, allocator: Path, way: str
) -> None:
    for line in child.run(CHILD, allocator, way).splitlines():
        failures, endings = map(int, line.split())
        assert failures > 5
        assert endings > 0


@pytest.mark.parametrize("at", range(5))
def test_what_a_callable_raises_loses_nothing_behind_the_piece_that_it_was_given(
    realm: Realm, at: int
) -> None:
    """Neither the first piece of the other stream nor the end."""
    got: list[tuple[int, bytes]] = []

    def writer(stream: int) -> Callable[[bytes], None]:
        def write(piece: bytes) -> None:
            got.append((stream, piece))
            if len(got) == at + 1:
                raise LookupError

        return write

    pair = AnsweredDriver()
    if at < 4:  # pieces, of which the last is "fifth sixth"
        with pytest.raises(LookupError):
            pair.driver.copy_output(writer(1), writer(2))
        assert not pair.driver.free, "the rest is to be read first"
    assert pair.driver.copy_output(writer(1), writer(2)) == EVENTS[-1]
    pair.close()
    assert [b"".join(piece for to, piece in got if to == stream) for stream in (1, 2)] == STREAMS
    assert len(got) == 4, "pieces of one stream that arrive together are joined"


def no_memory(event: object) -> None:
    """In place of making a token."""
    raise MemoryError


def test_a_token_for_which_there_is_no_memory_leaves_no_connection(
    realm: Realm, remctld: Remctld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the next call would say that the answer, which nobody has seen, is at its end."""
    with Remctl("127.0.0.1", remctld.port, remctld.principal) as connection:
        connection.command(["test", "denied"])
        with monkeypatch.context() as patched:
            patched.setattr(exchanges, "token_of", no_memory)
            with pytest.raises(MemoryError):
                connection.output()
        with pytest.raises(RemctlError, match="no connection open"):
            connection.output()
        assert connection.run(["test", "echo", "hello"]).stdout == b"hello\n"


def test_nor_does_it_on_a_loop(
    realm: Realm, remctld: Remctld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the token."""

    async def commanded() -> None:
        async with AsyncRemctl() as connection:
            await connection.open("127.0.0.1", remctld.port, remctld.principal)
            await connection.command(["test", "echo", "hello"])
            with monkeypatch.context() as patched:
                patched.setattr(exchanges, "token_of", no_memory)
                with pytest.raises(MemoryError):
                    await connection.output()
            with pytest.raises(RemctlError, match="no connection open"):
                await connection.output()

    asyncio.run(commanded())
