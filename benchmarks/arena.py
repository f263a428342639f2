"""The servers that the clients are measured against, one pinned to a CPU and one free."""

import os
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from benchmarks.claim import Claim, Target
from benchmarks.contender import Contender, Worker, contenders
from benchmarks.result import Result
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

# Both clients get the same arguments: a name to look up, and a principal that needs no mapping.
HOST = "localhost"
PRINCIPAL = "host/localhost"


class Arena:
    """Runs claims, the two contenders' rounds interleaved."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._cpu = max(os.sched_getaffinity(0))

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._realm = stack.enter_context(Realm())
            self._pinned = stack.enter_context(Remctld(self._realm))
            # The server's children inherit it: one is forked for each connection.
            os.sched_setaffinity(self._pinned.pid, {self._cpu})
            self._free = stack.enter_context(Remctld(self._realm))
            self._stack = stack.pop_all()
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
        our_side, peer_side = contenders(claim)
        with (
            self._worker(our_side, claim) as our_worker,
            self._worker(peer_side, claim) as peer_worker,
        ):
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
                with self._worker(contender, claim) as worker:
                    samples.append(worker.measure())
        return Result(claim, ours, peer)

    def _worker(self, contender: Contender, claim: Claim) -> Worker:
        server = self._pinned if claim.pinned else self._free
        target = Target(HOST, server.port, PRINCIPAL)
        cpu = self._cpu if claim.pinned else None
        return Worker(contender, claim.name, target, cpu, self._realm.environment)
