"""A round trip on asyncio's own event loop, and what that loop takes for any round trip."""

import asyncio
import os
import socket
import time

from benchmarks.claim import Claim, Clients, Ratio, Round, Target
from benchmarks.fleet_noop import CALLS, noops

CLAIM = Claim(
    name="fleet_noop_plain",
    group="fleet",
    title=(
        "the same on asyncio's own loop; the peer is a bare asyncio protocol with an echo of as "
        "many octets"
    ),
    unit="µs",
    goal=Ratio(2),
    rounds=15,
    peer_rounds=15,
    pinned=True,
    sides=Clients(),
)
OCTETS = b"x" * 65  # of a NOOP, wrapped with the usual key


def ours(targets: list[Target]) -> Round:
    """One connection, one task."""
    return noops(targets, asyncio.Runner())


class _Echoed(asyncio.Protocol):
    """Wakes the one who waits for the echo."""

    def __init__(self) -> None:
        self.waiter: asyncio.Future[bytes] | None = None

    def data_received(self, data: bytes) -> None:
        assert self.waiter is not None
        self.waiter.set_result(data)


def peer(targets: list[Target]) -> Round:
    """A child echoes on the same processor; no Kerberos, no framing."""
    near, far = socket.socketpair()
    if os.fork() == 0:
        near.close()
        while octets := far.recv(4096):
            far.send(octets)
        os._exit(0)
    far.close()
    runner = asyncio.Runner()
    transport, protocol = runner.run(_connected(near))

    async def calls() -> float:
        loop = asyncio.get_running_loop()
        started = time.process_time()
        for _ in range(CALLS):
            transport.write(OCTETS)
            protocol.waiter = loop.create_future()
            await protocol.waiter
        return (time.process_time() - started) / CALLS * 1e6

    return lambda: runner.run(calls())


async def _connected(near: socket.socket) -> tuple[asyncio.Transport, _Echoed]:
    return await asyncio.get_running_loop().create_connection(_Echoed, sock=near)
