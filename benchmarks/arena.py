"""Where claims are measured: the servers of the clients, and the workers of both sides."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from benchmarks.claim import EXT4, Claim, Clients, Recipes
from benchmarks.contender import Worker, contenders
from benchmarks.ext4_disk import ext4_disk
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
        self._disk = ""

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
        with self._side(0, claim) as our_worker, self._side(1, claim) as peer_worker:
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
            for side, samples in enumerate((ours, peer)):
                with self._side(side, claim) as worker:
                    samples.append(worker.measure())
        return Result(claim, ours, peer)

    @contextmanager
    def _side(self, side: int, claim: Claim) -> Iterator[Worker]:
        """A worker of ours (0) or of the peer (1)."""
        contender = contenders(claim)[side]
        cpu = self._cpu if claim.pinned else None
        if isinstance(claim.sides, Recipes):
            with (
                TemporaryDirectory(dir=self._place(claim.sides.folder)) as folder,
                Worker(contender, claim, [folder], cpu, {}) as worker,
            ):
                yield worker
            return
        if self._servers is None:
            self._servers = self._stack.enter_context(_Servers(self._cpu))
        servers = self._servers
        count = claim.sides.servers if isinstance(claim.sides, Clients) else 1
        chosen = [servers.pinned] if claim.pinned else servers.free(count)
        where = [part for server in chosen for part in (HOST, str(server.port), PRINCIPAL)]
        with Worker(contender, claim, where, cpu, servers.realm.environment) as worker:
            yield worker

    def _place(self, folder: str) -> str:
        if folder == EXT4:
            self._disk = self._disk or self._stack.enter_context(ext4_disk())
            return self._disk
        return folder


class _Servers:
    """A KDC, a remctld on `cpu` alone, and as many free ones as are needed."""

    def __init__(self, cpu: int) -> None:
        self._cpu = cpu
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.realm = stack.enter_context(Realm())
            self.pinned = stack.enter_context(Remctld(self.realm))
            # The server's children inherit it: one is forked for each connection.
            os.sched_setaffinity(self.pinned.pid, {self._cpu})
            self._free: list[Remctld] = []
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def free(self, count: int) -> list[Remctld]:
        """So many remctlds that run wherever they like."""
        while len(self._free) < count:
            self._free.append(self._stack.enter_context(Remctld(self.realm)))
        return self._free[:count]
