"""One host of a fleet: connect, with patience, and run the command once."""

import asyncio
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

from opswire.errors import OpswireError, RemctlConnectError, RemctlError
from opswire.public_names import public_in
from opswire.remctl import failures
from opswire.remctl.aio import AsyncRemctl
from opswire.remctl.client_settings import Credentials
from opswire.remctl.fleet.hosts import FleetHost
from opswire.remctl.results import Result
from opswire.visiting import ask_before_sending

logger = logging.getLogger("opswire.remctl.fleet")

FIRST_BACK_OFF = 0.2
"""Seconds before the second attempt; doubled for every further one."""

LONGEST_BACK_OFF = 5.0


@public_in("opswire.remctl")
@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one host.

    Attributes:
        host: the host.
        result: of the command; None when it was not run to its end.
        error: why not; None with a result.
        seconds: from the first attempt to the end.
        attempts: how often a connection was tried.
    """

    host: FleetHost
    result: Result | None
    error: OpswireError | None
    seconds: float
    attempts: int

    @property
    def ok(self) -> bool:
        """Whether the command was run and its exit status is 0."""
        return self.result is not None and self.result.status == 0


class Orders(NamedTuple):
    """What is the same for every host; made of what pickles, to travel to other machines.

    Attributes:
        command: octets of the arguments.
        port, principal, timeout, credentials, source_ip, srv: as in ``AsyncRemctl``.
        deadline: seconds for one host, every attempt included; None for no limit.
        retries: attempts after the first.
        max_output: octets that are collected of one host at most.
    """

    command: Sequence[bytes | memoryview]
    port: int | None
    principal: str | None
    timeout: float | None
    deadline: float | None
    retries: int
    credentials: Credentials
    source_ip: str | None
    srv: bool
    max_output: int


async def run_on_host(host: FleetHost, orders: Orders) -> Outcome:
    """Run the command on a host.  Raises nothing but what cancels it."""
    begun = monotonic()
    until = None if orders.deadline is None else begun + orders.deadline
    attempts = 0
    while True:
        attempts += 1
        result, error = await _attempt(host, orders, until)
        pause = min(FIRST_BACK_OFF * 2 ** (attempts - 1), LONGEST_BACK_OFF)
        pause *= random.uniform(0.5, 1.0)  # noqa: S311 - so that hosts do not all come again at once
        again = isinstance(error, RemctlConnectError) and attempts <= orders.retries
        if not again or (until is not None and monotonic() + pause >= until):
            return Outcome(host, result, error, monotonic() - begun, attempts)
        logger.info("%s: attempt %d failed, the next in %.1f s: %s", host, attempts, pause, error)
        await asyncio.sleep(pause)


async def _attempt(
    host: FleetHost, orders: Orders, until: float | None
) -> tuple[Result | None, OpswireError | None]:
    try:
        async with AsyncRemctl(
            timeout=orders.timeout,
            credentials=orders.credentials,
            source_ip=orders.source_ip,
            srv=orders.srv,
        ) as connection:
            await connection.open(
                host.host,
                host.port or orders.port,
                host.principal or orders.principal,
                deadline=_left(until),
            )
            ask_before_sending()
            return (
                await connection.run(
                    orders.command, deadline=_left(until), max_output=orders.max_output
                ),
                None,
            )
    except OpswireError as error:
        # Only what happened is kept, not the frames with everything that they hold.
        return None, error.with_traceback(None)
    except Exception as error:
        logger.exception("%s: unexpected failure", host)
        failure = RemctlError(f"unexpected failure: {type(error).__name__}: {error}")
        return None, failures.because(failure, error)


def _left(until: float | None) -> float | None:
    return None if until is None else max(until - monotonic(), 0.0)


def run_alone(host: FleetHost, orders: Orders, unique: str) -> Outcome:
    """Do the same on an event loop of its own: what executors run, here or on other machines.

    unique: never the same twice.  Dask takes calls with equal arguments for one, and would give the
    outcome of the first to a host that comes twice or to a command that is run again.
    """
    return asyncio.run(run_on_host(host, orders))
