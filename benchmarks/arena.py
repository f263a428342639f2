"""The servers that the clients are measured against, one pinned to a CPU and one free."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from benchmarks.claim import Claim, Recipes, Target
from benchmarks.contender import Contender, Worker, client, contenders, recipe
from benchmarks.result import Result
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

# Both clients get the same arguments: a name to look up, and a principal that needs no mapping.
HOST = "localhost"
PRINCIPAL = "host/localhost"


class Arena:
    """Runs claims, the two contenders' rounds interleaved; servers start when one needs them."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._cpu = max(os.sched_getaffinity(0))
        self._servers: _Servers | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def run(self, claim: Claim) -> Result:
        """Measure one claim."""
        if claim.fresh:
            return self._run_fresh(claim)
        ours: list[float] = []
        peer: list[float] = []
        with self._pair(claim) as (our_worker, peer_worker):
            if claim.warm_up:
                our_worker.measure()
                peer_worker.measure()
            for number in range(claim.rounds):
                pair = [(our_worker, ours)]
                if number < claim.peer_rounds:
                    # Each is first as often as the other, so that neither gains by it.
                    pair.insert(number % 2, (peer_worker, peer))
                for worker, samples in pair:
                    samples.append(worker.measure())
        return Result(claim, ours, peer)

    def _run_fresh(self, claim: Claim) -> Result:
        ours: list[float] = []
        peer: list[float] = []
        for _ in range(claim.rounds):
            for contender, samples in zip(contenders(claim), (ours, peer), strict=True):
                with self._client(contender, claim) as worker:
                    samples.append(worker.measure())
        return Result(claim, ours, peer)

    @contextmanager
    def _pair(self, claim: Claim) -> Iterator[tuple[Worker, Worker]]:
        with ExitStack() as stack:
            if isinstance(claim.sides, Recipes):
                folders = [
                    stack.enter_context(TemporaryDirectory(dir=claim.sides.folder))
                    for _ in range(2)
                ]
                sides = zip(("ours", "peer"), folders, strict=True)
                pair = [recipe(side, claim.name, folder) for side, folder in sides]
            else:
                pair = [self._client(contender, claim) for contender in contenders(claim)]
            yield stack.enter_context(pair[0]), stack.enter_context(pair[1])

    def _client(self, contender: Contender, claim: Claim) -> Worker:
        if self._servers is None:
            self._servers = self._stack.enter_context(_Servers(self._cpu))
        servers = self._servers
        server = servers.pinned if claim.pinned else servers.free
        target = Target(HOST, server.port, PRINCIPAL)
        cpu = self._cpu if claim.pinned else None
        return client(contender, claim.name, target, cpu, servers.realm.environment)


class _Servers:
    """A KDC and two remctlds, one of them on `cpu` alone."""

    def __init__(self, cpu: int) -> None:
        self._cpu = cpu
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.realm = stack.enter_context(Realm())
            self.pinned = stack.enter_context(Remctld(self.realm))
            # The server's children inherit it: one is forked for each connection.
            os.sched_setaffinity(self.pinned.pid, {self._cpu})
            self.free = stack.enter_context(Remctld(self.realm))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
