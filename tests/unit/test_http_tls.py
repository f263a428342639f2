"""opswire.http and opswire.tls.ServerTLS: https, clients' certificates, and newer files."""

import asyncio
import logging
import os
import shutil
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest

from opswire.http import Limits, Request, Response, Server
from opswire.http.secure_transport import SecureTransport
from opswire.tls import ServerTLS
from opswire.tls.servers import LOOK_SECONDS, Demand
from tests.servers.certificates import Authority, Pair
from tests.unit.clock import Clock
from tests.unit.raw_client import SECONDS, answers, connected, read_all

LAST = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs servers and clients."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Somebody else."""
    return Authority(tmp_path_factory.mktemp("other"))


@pytest.fixture(scope="module")
def pair(authority: Authority) -> Pair:
    """The server's certificate and key."""
    return authority.pair("localhost")


def client(authority: Authority, own: Pair | None = None) -> ssl.SSLContext:
    """What a client trusts and shows."""
    context = ssl.create_default_context(cafile=authority.certificate)
    if own is not None:
        context.load_cert_chain(*own)
    return context


def ask(
    server: Server, context: ssl.SSLContext, octets: bytes = LAST
) -> tuple[bytes, dict[str, object]]:
    """What is answered, and the certificate that the server showed."""
    with (
        connected(server.port) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.sendall(octets)
        certificate = connection.getpeercert()
        octets = b""
        while piece := connection.recv(1 << 16):
            octets += piece
        return octets, dict(certificate or {})


def is_turned_away(server: Server, context: ssl.SSLContext) -> bool:
    """Whether a client gets no answer: in TLS 1.3 it knows only when it reads."""
    try:
        return ask(server, context)[0] == b""
    except (ssl.SSLError, ConnectionError):
        return True


def name_of_client(request: Request) -> Response:
    """Say who asks."""
    peer = request.peer
    der = len(peer.certificate_der or b"")
    return Response(200, {}, f"{peer.common_name} {peer.tls_version} {der > 0}".encode())


async def name_of_client_async(request: Request) -> Response:
    """The same on the loop."""
    return name_of_client(request)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("demand", ["none", "optional", "required"])
@pytest.mark.parametrize("shown", ["nothing", "theirs", "a stranger's"])
def test_who_a_client_is(
    version: ssl.TLSVersion,
    demand: Demand,
    shown: str,
    authority: Authority,
    other: Authority,
    pair: Pair,
) -> None:
    """By its certificate, if our authority has signed it; else nobody, or not at all."""
    ca = authority.certificate if demand != "none" else None
    tls = ServerTLS(*pair, ca=ca, client_certificate=demand)
    signers = {"theirs": authority, "a stranger's": other}
    own = signers[shown].pair("client") if shown in signers else None
    context = client(authority, own)
    context.maximum_version = version
    with Server(name_of_client, tls=tls) as server:
        refused = shown == "a stranger's" if demand == "optional" else shown != "theirs"
        if demand != "none" and refused:
            assert is_turned_away(server, context)
            return
        octets, _ = ask(server, context)
    known = demand != "none" and shown == "theirs"
    word = {ssl.TLSVersion.TLSv1_2: "TLSv1.2", ssl.TLSVersion.TLSv1_3: "TLSv1.3"}[version]
    expected = f"{'client' if known else None} {word} {known}"
    assert answers(octets)[0].body.decode() == expected


def test_a_demand_without_an_authority_is_refused(pair: Pair, authority: Authority) -> None:
    """Else whoever shows anything comes in, or nobody; and the other way round it is a mistake."""
    demands: list[Demand] = ["optional", "required"]
    for demand in demands:
        with pytest.raises(ValueError, match="without ca="):
            ServerTLS(*pair, client_certificate=demand)
    with pytest.raises(ValueError, match="ca= is for client certificates"):
        ServerTLS(*pair, ca=authority.certificate)
    with pytest.raises(ValueError, match="one of none, optional, required"):
        ServerTLS(*pair, client_certificate="maybe")  # type: ignore[arg-type]  # what ssl gives, or is refused


def test_files_that_are_not_there_are_named(pair: Pair, tmp_path: Path) -> None:
    """Ssl says "No such file or directory" of three."""
    nothing = tmp_path / "nothing.pem"
    with pytest.raises(FileNotFoundError) as caught:
        ServerTLS(pair.certificate, nothing)
    assert caught.value.filename == str(nothing)
    with pytest.raises(FileNotFoundError) as caught:
        ServerTLS(*pair, ca=nothing, client_certificate="required")
    assert caught.value.filename == str(nothing)


def test_a_key_of_another_certificate_is_refused(pair: Pair, authority: Authority) -> None:
    with pytest.raises(ssl.SSLError, match="KEY_VALUES_MISMATCH"):
        ServerTLS(pair.certificate, authority.pair("another").key)


def test_an_encrypted_key_asks_nobody(authority: Authority, tmp_path: Path) -> None:
    """OpenSSL would ask on the terminal, and a daemon would stand still."""
    encrypted = authority.encrypted(authority.pair("locked"), tmp_path / "key.pem", "s3cret")
    with pytest.raises(ssl.SSLError):
        ServerTLS(*encrypted)
    for password in ("s3cret", b"s3cret", lambda: "s3cret"):
        tls = ServerTLS(*encrypted, password=password)
        assert "s3cret" not in repr(tls)


def test_old_versions_of_tls_are_refused(pair: Pair, authority: Authority) -> None:
    """TLS 1.2 is the oldest."""
    context = client(authority)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with Server(name_of_client, tls=ServerTLS(*pair)) as server, pytest.raises(ssl.SSLError):
        ask(server, context)


def test_http_and_https_are_one_server(pair: Pair, authority: Authority) -> None:
    """Each on a port of its own."""
    server = Server(name_of_client)
    server.listen("localhost", tls=ServerTLS(*pair))
    with server:
        plain, *secure = server.addresses
        assert plain.url.startswith("http://")
        assert {address.url.partition(":")[0] for address in secure} == {"https"}
        with connected(plain.port) as connection:
            connection.sendall(LAST)
            assert answers(read_all(connection))[0].body == b"None None False"


def test_plain_http_to_https_does_no_harm(
    pair: Pair, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told by an end, and logged; others are served."""
    with Server(name_of_client, tls=ServerTLS(*pair)) as server:
        with connected(server.port) as connection:
            connection.sendall(LAST)
            try:
                octets = read_all(connection)
            except ConnectionResetError:
                octets = b""
            assert b"HTTP/1.1" not in octets
        assert answers(ask(server, client(authority))[0])[0].status == 200
    assert "handshake: 127.0.0.1 port" in caplog.text
    assert "HTTP_REQUEST" in caplog.text


def test_a_handshake_that_does_not_come_delays_nobody(
    pair: Pair, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    """It has a deadline of its own, and holds no other up."""
    limits = Limits(handshake=0.2)
    with (
        Server(name_of_client, tls=ServerTLS(*pair), limits=limits) as server,
        connected(server.port) as silent,
    ):
        assert answers(ask(server, client(authority))[0])[0].status == 200
        assert read_all(silent) == b""
        assert server.connections == 0
    assert "handshake" in caplog.text


@pytest.mark.parametrize("octets", [b"", b"GET / HTTP/1.0\r\n\r\n", b"\x16\x03\x01"])
def test_a_socket_that_is_closed_is_not_remembered(octets: bytes, pair: Pair) -> None:
    """Its number may be a file's by then, of which a forked child would let go."""
    with Server(name_of_client, tls=ServerTLS(*pair)) as server:
        with connected(server.port) as connection:
            connection.sendall(octets)
            while not server.connections and not octets.startswith(b"GET"):
                time.sleep(0.001)
        with connected(server.port) as connection:  # is accepted after the first
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            with suppress(ConnectionResetError):
                read_all(connection)
        while server.connections:
            time.sleep(0.001)
        (listener,) = server._service._listeners
        assert server._service._descriptors.numbers == {listener.fileno()}
    assert server._service._descriptors.numbers == set()


def test_every_connection_that_shakes_hands_counts(pair: Pair) -> None:
    """One more than max_connections is turned away."""
    limits = Limits(max_connections=2)
    with Server(name_of_client, tls=ServerTLS(*pair), limits=limits) as server:
        silent = [connected(server.port) for _ in range(2)]
        while server.connections < 2:
            time.sleep(0.001)
        with connected(server.port) as connection:
            assert read_all(connection) == b""
        for one in silent:
            one.close()


def test_tls_ends_with_a_word(pair: Pair, authority: Authority) -> None:
    """A cut connection and a whole answer are not the same (RFC 8446, section 6.1)."""

    def by_and_by(request: Request) -> Response:
        return Response(200, {}, iter([b"abc", b"def"]))

    with Server(by_and_by, tls=ServerTLS(*pair)) as server:
        with connected(server.port) as plain:
            context = client(authority)
            with context.wrap_socket(
                plain, server_hostname="localhost", suppress_ragged_eofs=False
            ) as connection:
                connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
                octets = b""
                while piece := connection.recv(1 << 16):
                    octets += piece
        assert octets.endswith(b"abcdef")


@pytest.mark.parametrize("size", [1, 5_000_000])
def test_long_bodies_both_ways(size: int, pair: Pair, authority: Authority) -> None:
    """More than TLS takes at once."""
    body = os.urandom(size)
    with Server(
        lambda request: Response(200, {}, request.body), tls=ServerTLS(*pair), threads=0
    ) as server:
        head = f"POST / HTTP/1.0\r\nContent-Length: {size}\r\n\r\n".encode()
        octets, _ = ask(server, client(authority), head + body)
    assert octets.partition(b"\r\n\r\n")[2] == body


def test_pipelined_requests_in_tls(pair: Pair, authority: Authority) -> None:
    """Reading is stopped and goes on under TLS too."""
    count = 3000

    def number(request: Request) -> Response:
        return Response(200, {}, request.path.encode())

    with (
        Server(number, tls=ServerTLS(*pair)) as server,
        connected(server.port) as plain,
        client(authority).wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        requests = b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % i for i in range(count))
        connection.sendall(requests)
        octets = b""
        while octets.count(b"HTTP/1.1 200 OK") < count or not octets.endswith(b"/2999"):
            octets += connection.recv(1 << 16)
    assert [answer.body for answer in answers(octets)] == [b"/%d" % i for i in range(count)]


def test_a_client_that_does_not_read_holds_no_more_than_without_tls(
    pair: Pair, authority: Authority
) -> None:
    """What is encrypted is no more than the socket takes; and it is ended."""
    size = 20_000_000
    big = Response(200, {}, b"x" * size)
    limits = Limits(answer=0.5)
    with (
        Server(lambda request: big, tls=ServerTLS(*pair), limits=limits) as server,
        connected(server.port) as plain,
        client(authority).wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(1) == b"H"
        (one,) = list(server._service._connections)
        secure = cast("SecureTransport", one.transport)
        assert size - 4_000_000 < secure._size
        assert secure._lower.get_write_buffer_size() < 1_000_000
        while server.connections:
            time.sleep(0.001)


@pytest.mark.parametrize("size", [1, 8_000_000])
def test_requests_wait_until_an_answer_is_read(size: int, pair: Pair, authority: Authority) -> None:
    """Under TLS as well: a thousand are asked for, the handler is called as answers are read."""
    called = 0

    def big(request: Request) -> Response:
        nonlocal called
        called += 1
        return Response(200, {}, b"x" * size)

    count = 5
    with (
        Server(big, tls=ServerTLS(*pair), threads=0) as server,
        connected(server.port) as plain,
        client(authority).wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * (count - 1) + LAST)
        first = connection.recv(1)
        if size > 1:
            assert called == 1
        octets = first + b"".join(iter(lambda: connection.recv(1 << 20), b""))
    assert [len(answer.body) for answer in answers(octets)] == [size] * count


@pytest.fixture
def files(authority: Authority, tmp_path: Path) -> Callable[[str], Pair]:
    """What puts the pair of a name in the place of the server's."""
    place = Pair(tmp_path / "certificate.pem", tmp_path / "key.pem")

    def put(name: str) -> Pair:
        for source, target in zip(authority.pair(name, "localhost"), place, strict=True):
            new = target.with_suffix(".new")
            shutil.copy(source, new)
            new.rename(target)
        return place

    return put


def subject(certificate: dict[str, object]) -> str:
    """The common name."""
    return str(certificate["subject"][0][0][1])  # type: ignore[index]  # what ssl gives, or is refused


def test_new_files_are_used_for_new_connections(
    files: Callable[[str], Pair], authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without anybody's word, and open connections stay."""
    clock = Clock()
    monkeypatch.setattr("opswire.tls.servers.monotonic", clock)
    with (
        Server(name_of_client, tls=ServerTLS(*files("first"))) as server,
        connected(server.port) as plain,
        client(authority).wrap_socket(plain, server_hostname="localhost") as old,
    ):
        assert subject(ask(server, client(authority))[1]) == "first"
        files("second")
        assert subject(ask(server, client(authority))[1]) == "first"
        clock.go_on(LOOK_SECONDS)
        assert subject(ask(server, client(authority))[1]) == "second"
        old.sendall(LAST)
        assert old.recv(1 << 16).startswith(b"HTTP/1.1 200 OK")


def test_a_reload_on_demand(files: Callable[[str], Pair], authority: Authority) -> None:
    """As for SIGHUP."""
    tls = ServerTLS(*files("first"))
    with Server(name_of_client, tls=tls) as server:
        files("second")
        tls.reload()
        assert subject(ask(server, client(authority))[1]) == "second"


def damage_certificate(pair: Pair, authority: Authority) -> None:
    """Write half of it."""
    pair.certificate.write_bytes(pair.certificate.read_bytes()[:300])


def damage_key(pair: Pair, authority: Authority) -> None:
    """Put another's in its place."""
    shutil.copy(authority.pair("another").key, pair.key)


def remove_key(pair: Pair, authority: Authority) -> None:
    """Take it away."""
    pair.key.unlink()


@pytest.mark.parametrize("damage", [damage_certificate, damage_key, remove_key])
def test_a_broken_pair_changes_nothing(
    damage: Callable[[Pair, Authority], None],
    files: Callable[[str], Pair],
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The old one stays in use, the log says so once, reload() raises; a good one is used again."""
    clock = Clock()
    monkeypatch.setattr("opswire.tls.servers.monotonic", clock)
    pair = files("first")
    tls = ServerTLS(*pair)
    with Server(name_of_client, tls=tls) as server:
        damage(pair, authority)
        for _ in range(3):
            clock.go_on(LOOK_SECONDS)
            assert subject(ask(server, client(authority))[1]) == "first"
        words = [record for record in caplog.records if record.levelno == logging.WARNING]
        assert [record.name for record in words] == ["opswire.tls"]
        assert "stays in use" in words[0].getMessage()
        with pytest.raises(OSError, match=r"PEM|KEY|No such file"):
            tls.reload()
        assert subject(ask(server, client(authority))[1]) == "first"
        files("second")
        clock.go_on(LOOK_SECONDS)
        assert subject(ask(server, client(authority))[1]) == "second"


def test_a_new_authority_counts_for_new_connections(
    authority: Authority, other: Authority, pair: Pair, tmp_path: Path
) -> None:
    """Whose clients were welcome are strangers then."""
    ca = tmp_path / "ca.pem"
    shutil.copy(authority.certificate, ca)
    tls = ServerTLS(*pair, ca=ca, client_certificate="required")
    with Server(name_of_client_async, tls=tls) as server:
        theirs = client(authority, other.pair("client"))
        assert is_turned_away(server, theirs)
        shutil.copy(other.certificate, ca)
        tls.reload()
        assert answers(ask(server, theirs)[0])[0].body.startswith(b"client")


@pytest.mark.parametrize("drain", [0.05, 10])
def test_the_end_of_a_server_with_tls(drain: float, pair: Pair, authority: Authority) -> None:
    """What waits for a request, and what has not shaken hands, ends at once."""
    server = Server(name_of_client, tls=ServerTLS(*pair))
    server.start()
    with (
        connected(server.port) as silent,
        connected(server.port) as plain,
        client(authority).wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(1 << 16)
        end = threading.Thread(target=server.close, args=(drain,))
        end.start()
        assert connection.recv(1) == b""
        connection.unwrap()
        end.join(SECONDS)
        assert not end.is_alive()
        with suppress(ConnectionResetError):
            assert silent.recv(1) == b""
    assert server.connections == 0


def test_tls_on_asyncio(pair: Pair, authority: Authority) -> None:
    """Its own event loop has a TLS of its own."""

    def both(port: int) -> Iterator[int]:
        for _ in range(2):
            with (
                socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as plain,
                client(authority).wrap_socket(plain, server_hostname="localhost") as connection,
            ):
                connection.sendall(LAST)
                octets = b""
                while piece := connection.recv(1 << 16):
                    octets += piece
                yield answers(octets)[0].status

    async def main() -> None:
        async with Server(name_of_client_async, tls=ServerTLS(*pair)) as server:
            assert await asyncio.to_thread(lambda: list(both(server.port))) == [200, 200]

    asyncio.run(main())
