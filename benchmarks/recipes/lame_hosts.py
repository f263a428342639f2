"""Three hundred hosts, of which some are dead, some hang and some refuse."""

import time
from collections import Counter
from contextlib import ExitStack

from benchmarks.claim import Round, Target

HOSTS, DEAD, HANGING, REFUSING = 300, 30, 5, 5
DEADLINE = 5.0

EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - all that begin with 127 are loopback's

EXPECTED = {
    "status 0": HOSTS - DEAD - HANGING - REFUSING,
    "cannot connect: timed out": DEAD,
    "error receiving token: timed out": HANGING,
    "cannot connect: Connection refused": REFUSING,
}


def _places(targets: list[Target]) -> list[Target]:
    """All hosts; the lame ones are addresses of loopback, each a destination of its own."""
    from tests.servers.lame import dead_port, hanging_port, refusing_port

    principal = targets[0].principal
    dead, hanging, refusing = (
        _alive.enter_context(port(EVERY_ADDRESS))
        for port in (dead_port, hanging_port, refusing_port)
    )
    ports = [dead] * DEAD + [hanging] * HANGING + [refusing] * REFUSING
    lame = [Target(f"127.0.1.{number}", port, principal) for number, port in enumerate(ports, 1)]
    well = [targets[number % len(targets)] for number in range(HOSTS - len(lame))]
    return lame + well


_alive = ExitStack()
"""The ports, until the process ends."""


def _verdict(text: str) -> str:
    """What happened, without the host and port."""
    if text.startswith("cannot connect to "):
        return f"cannot connect: {text.rpartition(': ')[2]}"
    return text


def fleet(targets: list[Target]) -> Round:
    """All at once."""
    from opswire.remctl import Fleet, FleetHost

    visited = Fleet(
        [FleetHost(*place) for place in _places(targets)], concurrency=HOSTS, deadline=DEADLINE
    )

    def measure() -> float:
        started = time.perf_counter()
        outcomes = list(visited.run(["test", "true"]))
        spent = time.perf_counter() - started
        verdicts = Counter(
            f"status {outcome.result.status}" if outcome.result else _verdict(str(outcome.error))
            for outcome in outcomes
        )
        assert verdicts == EXPECTED, verdicts
        return spent

    return measure


def threads(targets: list[Target]) -> Round:
    """All at once, too, from as many threads."""
    from concurrent.futures import ThreadPoolExecutor

    from opswire.remctl import RemctlProtocolError, remctl

    places = _places(targets)

    def call(place: Target) -> str:
        try:
            return f"status {remctl(*place, ['test', 'true'], deadline=DEADLINE).status}"
        except RemctlProtocolError as error:
            return _verdict(str(error))

    def measure() -> float:
        started = time.perf_counter()
        with ThreadPoolExecutor(HOSTS) as pool:
            verdicts = Counter(pool.map(call, places))
        spent = time.perf_counter() - started
        assert verdicts == EXPECTED, verdicts
        return spent

    return measure
