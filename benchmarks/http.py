"""The claims of the HTTP server; the peer is uvicorn with httptools and uvloop."""

from functools import partial

from benchmarks.claim import Absolute, Claim, Ratio, Recipes
from benchmarks.recipes import http_clients

_claim = partial(Claim, group="http")
_cpu = partial(_claim, unit="µs", rounds=21, peer_rounds=21, pinned=True)
_slow = partial(
    _claim, unit="ms", goal=Absolute(50, "ms"), rounds=3, peer_rounds=1, fresh=False, warm_up=False
)


def _requests(kind: str, connections: int, *, changing: bool = False) -> Recipes:
    return Recipes(
        http_clients.requests(kind, connections, changing=changing),
        http_clients.requests("uvicorn", connections, changing=changing),
    )


def _beside(*mode: str) -> Recipes:
    return Recipes(
        http_clients.beside_slow_clients("plain", list(mode)),
        http_clients.beside_slow_clients("uvicorn", list(mode)),
    )


CLAIMS: tuple[Claim, ...] = (
    _cpu(
        name="http_one",
        title="a static answer of 500 octets, a kept connection: server CPU",
        goal=Ratio(0.6),
        sides=_requests("plain", 1),
    ),
    _cpu(
        name="http_eight",
        title="the same, 8 kept connections",
        goal=Ratio(0.5),
        sides=_requests("plain", 8),
    ),
    _cpu(
        name="http_async",
        title="the same by an async handler, a kept connection",
        goal=Ratio(0.6),
        sides=_requests("async", 1),
    ),
    _cpu(
        name="http_changing",
        title="the same, and no head is as the one before",
        goal=Ratio(0.85),
        sides=_requests("plain", 1, changing=True),
    ),
    _claim(
        name="http_idle_tls",
        title="2,000 idle connections with TLS: memory of the server for each",
        unit="KB",
        goal=Absolute(40, "KB"),
        rounds=3,
        peer_rounds=3,
        fresh=True,
        sides=Recipes(http_clients.idle_tls("plain"), http_clients.idle_tls("uvicorn")),
    ),
    _slow(
        name="http_slow_heads",
        title="another client beside 1,000 slow heads (slowhttptest): p99",
        sides=_beside("-H", "-i", "1"),
    ),
    _slow(
        name="http_slow_bodies",
        title="the same beside 1,000 slow bodies",
        sides=_beside("-B", "-i", "1"),
    ),
    _slow(
        name="http_slow_reads",
        title="the same beside 1,000 that read slowly",
        sides=_beside("-X", "-k", "3", "-w", "1", "-y", "512", "-n", "1", "-z", "5"),
    ),
)
