"""Heimdal's GSS-API library in place of MIT's: the same answers from the same remctld and KDC."""

import json
import os
import subprocess
import sys
from errno import ENOENT
from pathlib import Path

import pytest

from tests.interop import child
from tests.servers.clocks import ahead
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld
from tests.unit.missing_library import without_library

KRB5 = -1765328384 % (1 << 32)
"""Where the codes of Kerberos begin."""

PROGRAM = """
import asyncio, json, os, sys
from opswire._core import gss
from opswire.remctl import AsyncRemctl, Fleet, Remctl, RemctlError, remctl

HOST, PORT, CACHE = "localhost", int(sys.argv[1]), os.environ["KRB5CCNAME"]
told = {}

def simple():
    answer = remctl(HOST, PORT, command=["test", "echo", "hello"])
    return [answer.stdout.decode(), answer.status]

def full():
    with Remctl(HOST, PORT, credentials=CACHE) as connection:
        both = connection.run(["test", "both"])
        large = connection.run(["test", "stdin"], stdin=b"x" * 300_000)
        return [connection.noop(), both.stderr_text, both.status, len(large.stdout)]

async def asynchronous():
    async with AsyncRemctl(HOST, PORT) as connection:
        answer = await connection.run(["test", "bytes", "1000000"])
        return [await connection.noop(), len(answer.stdout)]

def fleet():
    return sum(outcome.ok for outcome in Fleet([f"{HOST}:{PORT}"] * 20).run(["test", "true"]))

def exported():
    token = gss.Credential.default().export()
    with Remctl(HOST, PORT, credentials=gss.Credential.imported(token)) as connection:
        return connection.noop()

def refusal(principal=None, credentials=None):
    try:
        Remctl(HOST, PORT, principal, credentials=credentials)
    except RemctlError as error:
        return [type(error).__name__, str(error), error.__cause__.minor]

def no_cache():
    return refusal(credentials="FILE:/nonexistent")

def expired():
    return refusal(credentials=sys.argv[2])

def ahead():
    return refusal(credentials=sys.argv[3])

def unknown():
    return refusal("host/nowhere")

def another():
    return refusal("host/127.0.0.1")

gss.load()
libraries = {line.split()[-1] for line in open("/proc/self/maps") if "libgssapi" in line}
told = {call.__name__: call() for call in (simple, full, fleet, exported)}
told["asynchronous"] = asyncio.run(asynchronous())
# The clock of a cache that was used stays with the library: those come last.
refused = (no_cache, unknown, another, ahead, expired)
told |= {call.__name__: call() for call in refused}
told["libraries"] = [os.path.basename(path) for path in libraries]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(
    realm: Realm, remctld_service: Remctld, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, object]:
    """What a process says that finds only Heimdal's library."""
    folder: Path = tmp_path_factory.mktemp("heimdal")
    cache = realm.kinit(ccache=folder / "ccache")
    caches = [ahead(cache, seconds, folder / str(seconds)) for seconds in (2 * 24 * 3600, 3600)]
    environment = {**os.environ, **realm.environment, **without_library(folder, "gssapi_krb5")}
    command = [sys.executable, "-c", PROGRAM, str(remctld_service.port), *caches]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("simple", ["hello\n", 0]),
        ("full", [True, "to stderr\n", 3, 300_000]),
        ("asynchronous", [True, 1_000_000]),
        ("fleet", 20),
        ("exported", True),
    ],
)
def test_it_gives_the_same_answers(told: dict[str, object], call: str, expected: object) -> None:
    assert told[call] == expected


def test_it_is_heimdals_library_that_was_used(told: dict[str, object]) -> None:
    libraries = told["libraries"]
    assert isinstance(libraries, list)
    assert [name for name in libraries if name.startswith("libgssapi.so.3")] == libraries
    assert libraries != []


@pytest.mark.parametrize(
    ("call", "beginning", "minor", "advice"),
    [
        ("no_cache", "importing ticket cache", -KRB5, "run kinit -c FILE:/nonexistent"),
        ("expired", "initializing context", 141, "run kinit -c FILE:/"),
        ("ahead", "initializing context", 37, "set the clocks of this host and the server"),
        ("unknown", "initializing context", 7, "check the name of the host, or its principal"),
        ("another", "initializing context", 35, "the server is another principal, or has another"),
    ],
)
def test_a_refusal_is_told_apart_by_its_codes(
    told: dict[str, object], call: str, beginning: str, minor: int, advice: str
) -> None:
    """Which are those of MIT's library, or say less; the texts are others."""
    found = told[call]
    assert isinstance(found, list)
    kind, text, code = found
    assert kind == "RemctlAuthenticationError"
    assert text.startswith(f"GSS-API error {beginning}: ")
    assert f": {advice}" in text
    assert code == KRB5 + minor


def test_a_missing_default_cache_is_no_such_file(
    realm: Realm, remctld: Remctld, tmp_path: Path
) -> None:
    """For this library; what to do is the same."""
    printed = child.run(
        "import sys\n"
        "from opswire.remctl import Remctl, RemctlAuthenticationError\n"
        "try:\n"
        "    Remctl('localhost', int(sys.argv[1]))\n"
        "except RemctlAuthenticationError as error:\n"
        "    print(error.__cause__.minor, error.advice)\n",
        remctld.port,
        extra={**without_library(tmp_path, "gssapi_krb5"), "KRB5CCNAME": "FILE:/nonexistent"},
    )
    assert printed == f"{ENOENT} run kinit\n"
