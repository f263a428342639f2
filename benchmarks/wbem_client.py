"""The claims of the WBEM client, end to end on loopback; the peer is pywbem unless it is named."""

from functools import partial

from benchmarks.claim import Absolute, Claim, Ratio, Recipes
from benchmarks.recipes import cim_client as client

_client = partial(Claim, group="wbem_client", rounds=15, peer_rounds=15)

CLAIMS: tuple[Claim, ...] = (
    _client(
        name="wbem_client_get",
        title="GetInstance of 30 properties, CPU of the client",
        unit="µs",
        goal=Ratio(1 / 5),
        sides=Recipes(client.got("opswire"), client.got("pywbem")),
        pinned=True,
    ),
    # What HTTP by http.client and urllib3, the request and the objects cost beyond system calls.
    _client(
        name="wbem_client_socket",
        title="the same, the peer is a bare socket with the same octets",
        unit="µs",
        goal=Ratio(20),
        sides=Recipes(client.got("opswire"), client.sent_and_received),
        pinned=True,
    ),
    _client(
        name="wbem_client_enumerate",
        title="EnumerateInstances of 1,000 instances of 30 properties, CPU of the client",
        unit="ms",
        goal=Ratio(1 / 40),
        peer_rounds=5,
        sides=Recipes(client.enumerated("opswire"), client.enumerated("pywbem")),
        pinned=True,
    ),
    _client(
        name="wbem_client_threads",
        title="eight of these by 4 threads on one connection, wall time; the peer is one thread",
        unit="ms",
        goal=Ratio(1 / 1.4),
        rounds=11,
        peer_rounds=11,
        sides=Recipes(client.enumerated_by_threads(4), client.enumerated_by_threads(1)),
    ),
    _client(
        name="wbem_client_iterate",
        title="iteration over 1,000,000 instances: peak memory above start; the peer over 10,000",
        unit="MB",
        goal=Absolute(20, "MB"),
        rounds=1,
        peer_rounds=1,
        sides=Recipes(client.iterated(client.MILLION), client.iterated(10_000)),
        fresh=True,
    ),
)
