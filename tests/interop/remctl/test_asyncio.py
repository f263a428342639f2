"""What only AsyncRemctl can do, or suffer: tasks, an event loop that others need too, memory.

What it has in common with Remctl is tested with it: test_remctl_full, test_remctl_opening,
test_protocol_1, test_hostile_peers, test_floods.
"""

import asyncio
import io
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from opswire.errors import RemctlError, RemctlNotOpenedError, RemctlUsageError
from opswire.remctl import AsyncRemctl
from tests.interop import child, descriptors
from tests.servers import wire
from tests.servers.embedded import EmbeddedServer
from tests.servers.hand_made import HandMade
from tests.servers.ports import free_port
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

pytestmark = pytest.mark.usefixtures("bounded")

HOST = "127.0.0.1"
ECHO = ["test", "echo", "hello"]
SLEEP = ["test", "sleep", "20"]
CLOSED = "the connection was closed by another task"
CONNECTIONS = 64
MEGABYTE = 1_000_000
# AddressSanitizer needs an octet for every eight, and red zones.
ALLOWANCE = 3 if child.SANITIZED else 1

Call = Callable[[AsyncRemctl], Coroutine[Any, Any, object]]


async def works(connection: AsyncRemctl) -> bool:
    """Whether a command runs."""
    return (await connection.run(ECHO)).stdout == b"hello\n"


# ---- blocks ----


def test_a_block_opens_and_closes(runner: asyncio.Runner, remctld: Remctld) -> None:
    async def main() -> None:
        connection = AsyncRemctl(HOST, remctld.port)
        assert repr(connection) == "<AsyncRemctl to 127.0.0.1 (closed)>"
        before = len(descriptors.open_descriptors())
        async with connection as same:
            assert same is connection
            assert repr(connection) == "<AsyncRemctl to 127.0.0.1 (open)>"
            assert await works(connection)
        assert len(descriptors.open_descriptors()) == before, "closed, at once"
        with pytest.raises(RemctlNotOpenedError):
            await connection.noop()

    runner.run(main())


def test_a_block_without_a_host_leaves_the_opening_to_open(
    runner: asyncio.Runner, remctld: Remctld
) -> None:
    async def main() -> None:
        async with AsyncRemctl() as connection:
            with pytest.raises(RemctlNotOpenedError):
                await connection.run(ECHO)
            await connection.open(HOST, remctld.port)
            assert await works(connection)

    runner.run(main())


def test_a_block_ends_with_its_own_exception(runner: asyncio.Runner, remctld: Remctld) -> None:
    async def main() -> None:
        async with AsyncRemctl(HOST, remctld.port) as connection:
            await connection.command(SLEEP)
            raise LookupError("its own")

    with pytest.raises(LookupError, match="its own"):
        runner.run(main())


def test_a_block_that_cannot_open_leaves_an_object_that_can(
    runner: asyncio.Runner, realm: Realm
) -> None:
    port = free_port()

    async def main() -> None:
        connection = AsyncRemctl(HOST, port)
        with pytest.raises(RemctlError, match="Connection refused"):
            await connection.__aenter__()
        with EmbeddedServer() as server:
            await connection.open(HOST, server.port)
            assert await works(connection)
            await connection.__aexit__(None, None, None)

    runner.run(main())


def test_without_a_block_the_first_command_opens(runner: asyncio.Runner, remctld: Remctld) -> None:
    async def main() -> None:
        connection = AsyncRemctl(HOST, remctld.port)
        assert await works(connection)
        connection.close()

    runner.run(main())


def test_an_object_outlives_its_event_loop(remctld: Remctld) -> None:
    connection = AsyncRemctl(HOST, remctld.port)

    async def main() -> None:
        async with connection:
            assert await works(connection)

    async def again() -> None:
        await connection.open(HOST, remctld.port)
        await main()

    asyncio.run(main())
    asyncio.run(again())


# ---- many tasks ----


def test_64_connections_in_one_task_group_get_their_own_answers(
    runner: asyncio.Runner, remctld: Remctld
) -> None:
    async def one(number: int) -> bytes:
        async with AsyncRemctl(HOST, remctld.port) as connection:
            assert await works(connection)
            return (await connection.run(["test", "echo", number])).stdout

    async def main() -> list[bytes]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(number)) for number in range(CONNECTIONS)]
        return [task.result() for task in tasks]

    assert runner.run(main()) == [b"%d\n" % number for number in range(CONNECTIONS)]


def test_one_that_fails_in_a_task_group_ends_the_others(
    runner: asyncio.Runner, remctld: Remctld
) -> None:
    async def one(command: list[str]) -> None:
        async with AsyncRemctl(HOST, remctld.port) as connection:
            await connection.run(command)

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(8):
                group.create_task(one(SLEEP))
            group.create_task(one(["nonsense"]))

    with descriptors.within(15), pytest.raises(ExceptionGroup) as caught:
        runner.run(main())
    assert [str(error) for error in caught.value.exceptions] == ["Unknown command"]


WAITS: dict[str, Call] = {
    "run": lambda connection: connection.run(["test", "sleep", "0.5"]),
    "output": lambda connection: connection.output(),
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS)
def test_a_second_task_is_told_and_the_first_goes_on(
    runner: asyncio.Runner, remctld: Remctld, wait: Call
) -> None:
    async def main() -> None:
        async with AsyncRemctl(HOST, remctld.port) as connection:
            if wait is WAITS["output"]:
                await connection.command(["test", "sleep", "0.5"])
            first = asyncio.create_task(wait(connection))
            await asyncio.sleep(0.1)
            for call in (
                connection.output,
                connection.noop,
                lambda: connection.run(ECHO),
                lambda: connection.command(ECHO),
            ):
                with pytest.raises(RemctlUsageError):
                    await call()
            assert getattr(await first, "status", None) == 0
            assert await works(connection)

    runner.run(main())


def test_a_second_task_is_told_while_the_first_opens(runner: asyncio.Runner, realm: Realm) -> None:
    async def main(port: int) -> None:
        connection = AsyncRemctl()
        first = asyncio.create_task(connection.open(HOST, port))
        await asyncio.sleep(0.1)
        for call in (
            lambda: connection.open(HOST, port),
            connection.output,
            connection.noop,
            lambda: connection.run(ECHO),
        ):
            with pytest.raises(RemctlUsageError, match="another task is opening this connection"):
                await call()
        await first
        assert await works(connection)
        await connection.__aexit__(None, None, None)

    with EmbeddedServer(delay=0.4) as server:
        runner.run(main(server.port))


async def read(connection: AsyncRemctl) -> None:
    """Wait for a token."""
    await connection.command(SLEEP)
    await connection.output()


INSIDE: dict[str, Call] = {
    "run": lambda connection: connection.run(SLEEP),
    "output": read,
    "noop": lambda connection: connection.noop(),
}


def silent(server: HandMade) -> None:
    """Shake hands and answer nothing."""
    server.establish()
    server.wait_for_close()


@pytest.mark.parametrize("inside", ["open", *INSIDE])
def test_closing_from_another_task_ends_the_wait(
    runner: asyncio.Runner, realm: Realm, inside: str
) -> None:
    async def main(port: int) -> None:
        connection = AsyncRemctl()
        task: asyncio.Task[object]
        if inside == "open":
            task = asyncio.create_task(connection.open(HOST, port))
        else:
            await connection.open(HOST, port)
            task = asyncio.create_task(INSIDE[inside](connection))
        await asyncio.sleep(0.2)
        connection.close()
        with pytest.raises(RemctlError) as caught:
            await task
        assert str(caught.value) == CLOSED
        with pytest.raises(RemctlNotOpenedError):
            await connection.noop()
        await connection.open(HOST, port)
        assert await works(connection)
        await connection.__aexit__(None, None, None)

    script = HandMade.wait_for_close if inside == "open" else silent
    with EmbeddedServer(hostile=script) as server, descriptors.within(10):
        runner.run(main(server.port))


def test_a_timeout_set_by_another_task_ends_the_wait(
    runner: asyncio.Runner, remctld: Remctld
) -> None:
    async def main() -> None:
        async with AsyncRemctl(HOST, remctld.port) as connection:
            await connection.command(SLEEP)
            asyncio.get_running_loop().call_later(0.2, connection.set_timeout, 0.2)
            with pytest.raises(RemctlError, match="timed out"):
                await connection.output()
            connection.set_timeout(0)
            assert await works(connection)

    with descriptors.within(10):
        runner.run(main())


def test_a_limit_of_the_caller_ends_any_wait_and_the_object_works(
    runner: asyncio.Runner, remctld: Remctld
) -> None:
    async def main() -> None:
        async with AsyncRemctl(HOST, remctld.port) as connection:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await connection.run(SLEEP)
            assert await works(connection)

    with descriptors.within(10):
        runner.run(main())


# ---- the connection, while nobody looks ----


def test_a_server_that_left_while_nobody_asked_is_connected_to_again(
    runner: asyncio.Runner, realm: Realm
) -> None:
    port = free_port()

    async def main() -> None:
        with Remctld(realm, port=port):
            connection = AsyncRemctl(HOST, port)
            assert await works(connection)
        with Remctld(realm, port=port):
            await asyncio.sleep(0.1)  # the loop hears of the end
            assert await works(connection)
            await connection.__aexit__(None, None, None)

    runner.run(main())


def test_an_answer_that_came_before_the_server_left_is_read(
    runner: asyncio.Runner, realm: Realm
) -> None:
    def answer(server: HandMade) -> None:
        server.establish_and_read()
        server.send(wire.output(1, b"early"), wire.status(7))

    async def main(port: int) -> None:
        async with AsyncRemctl(HOST, port) as connection:
            await connection.command(["test"])
            await asyncio.sleep(0.3)
            assert [(token.output, token.status) async for token in connection] == [
                (b"early", None),
                (None, 7),
            ]
            assert await works(connection), "on another connection"

    with EmbeddedServer(hostile=answer) as server:
        runner.run(main(server.port))


# ---- the event loop ----


def test_other_tasks_run_while_a_long_command_is_sent(
    runner: asyncio.Runner, remctld: Remctld
) -> None:
    """A server on this machine takes octets as fast as they come."""
    rounds = 0

    async def count() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    async def main() -> None:
        async with AsyncRemctl(HOST, remctld.port) as connection:
            counting = asyncio.create_task(count())
            await asyncio.sleep(0)
            before = rounds
            await connection.command(["test", "count", bytes(20 * MEGABYTE)])
            assert rounds - before > 20 * MEGABYTE // 1_048_576, "once for every token at least"
            counting.cancel()
            assert [token.output async for token in connection] == [b"20000000\n", None]

    runner.run(main())


def test_file_objects_take_the_output(runner: asyncio.Runner, remctld: Remctld) -> None:
    async def main() -> None:
        out, err = io.BytesIO(), io.BytesIO()
        async with AsyncRemctl(HOST, remctld.port) as connection:
            result = await connection.run(["test", "both"], stdout=out, stderr=err)
            assert (result.stdout, result.stderr, result.status) == (b"", b"", 3)
        assert (out.getvalue(), err.getvalue()) == (b"to stdout\n", b"to stderr\n")

    runner.run(main())


def test_a_file_object_that_fails_is_what_run_raises(
    runner: asyncio.Runner, remctld: Remctld
) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    async def main() -> None:
        async with AsyncRemctl(HOST, remctld.port) as connection:
            with pytest.raises(OSError, match="No space left"):
                await connection.run(ECHO, stdout=Full())
            assert await works(connection)

    runner.run(main())


# ---- memory ----

MEMORY = """
import asyncio, sys
from opswire.remctl import AsyncRemctl
from tests.interop.event_loops import LOOPS

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024

class Count:
    size = 0
    def write(self, octets):
        self.size += len(octets)

async def main(port):
    async with AsyncRemctl("127.0.0.1", port) as connection:
        await connection.run(["test", "true"])
        before = peak()
{body}
        print(peak() - before, told)

with asyncio.Runner(loop_factory=LOOPS[sys.argv[2]]) as runner:
    runner.run(main(int(sys.argv[1])))
"""
MEMORY_OF = {
    "output that nobody reads": """
await connection.command(["test", "bytes", "100000000"])
await asyncio.sleep(1)
told = 0
async for token in connection:
    told += len(token.output or b"")""",
    "output to a file object": """
count = Count()
assert (await connection.run(["test", "bytes", "100000000"], stdout=count)).status == 0
told = count.size""",
    "a long argument": """
octets = bytes(100_000_000)
before += len(octets)
told = int((await connection.run(["test", "count"], stdin=octets)).stdout)""",
}


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("body", MEMORY_OF.values(), ids=MEMORY_OF)
def test_a_hundred_megabytes_pass_in_constant_memory(realm: Realm, body: str, loop: str) -> None:
    indented = "\n".join(" " * 8 + line for line in body.strip().splitlines())
    with EmbeddedServer() as server:
        program = MEMORY.replace("{body}", indented)
        growth, told = child.run(program, server.port, loop, measured=True).split()
    assert int(told) == 100 * MEGABYTE
    assert int(growth) < 8 * MEGABYTE * ALLOWANCE
