"""Heimdal's GSS-API library in place of MIT's: the same answers from the same remctld and KDC."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.realm import Realm
from tests.servers.remctld import Remctld
from tests.unit.missing_library import without_library

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

def no_cache():
    try:
        Remctl(HOST, PORT, credentials="FILE:/nonexistent")
    except RemctlError as error:
        return str(error)

gss.load()
libraries = {line.split()[-1] for line in open("/proc/self/maps") if "libgssapi" in line}
told = {call.__name__: call() for call in (simple, full, fleet, exported, no_cache)}
told["asynchronous"] = asyncio.run(asynchronous())
told["libraries"] = [os.path.basename(path) for path in libraries]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(
    realm: Realm, remctld: Remctld, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, object]:
    """What a process says that finds only Heimdal's library."""
    folder: Path = tmp_path_factory.mktemp("heimdal")
    environment = {**os.environ, **realm.environment, **without_library(folder, "gssapi_krb5")}
    command = [sys.executable, "-c", PROGRAM, str(remctld.port)]
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


def test_a_missing_cache_is_told_with_the_same_words(told: dict[str, object]) -> None:
    assert str(told["no_cache"]).startswith("GSS-API error importing ticket cache: ")
