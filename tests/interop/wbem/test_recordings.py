"""Recordings: made with a real server, replayed without it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from opswire import wbem
from opswire.wbem import testing
from tests.interop.wbem.faces import FACES, opened
from tests.servers.mocked_cim import MockedCIM

CREDS = ("root", "s3cret-w0rd")
each_face = pytest.mark.parametrize("face", FACES)


def program(face: str, url: str) -> list[Any]:
    """What is recorded: an enumeration in pieces, an error, a method."""
    with opened(face, url, CREDS, use_pull_operations=None) as client:
        found: list[Any] = list(client.IterEnumerateInstances("TST_Disk", MaxObjectCount=1))
        with pytest.raises(wbem.CIMError, match="TST_No"):
            client.GetClass("TST_No")
        found.append(client.InvokeMethod("Check", "TST_Disk", Text=" \n--- end\n\r "))
        found.append(client.InvokeMethod("Check", "TST_Disk", Api_Password="hunter2", Depth="<5>"))
    return found


def recorded(face: str, path: Path) -> list[Any]:
    """Record the program with a real server."""
    with MockedCIM() as server:
        server.creds = CREDS
        with testing.record(path):
            return program(face, server.url)


@each_face
def test_what_was_recorded_is_replayed_without_the_server(face: str, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "disks.txt"
    first = recorded(face, path)
    text = path.read_text()
    for secret in ("s3cret-w0rd", "cm9vdDpzM2NyZXQtdzByZA", "Authorization", "hunter2"):
        assert secret not in text
    for other in FACES:  # either face replays what the other one recorded
        with testing.replay(path):
            again = program(other, "http://nowhere.invalid")
        assert again[:-1] == first[:-1]
        assert again[-1][1]["Depth"] == "<5>"


@each_face
def test_a_request_that_differs_shows_the_difference(face: str, tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    with MockedCIM() as server, testing.record(path), opened(face, server.url) as client:
        client.GetClass("TST_Disk")
    texts: list[str] = []

    def careless_program() -> None:
        with testing.replay(path), opened(face, "nowhere.invalid") as client:
            try:
                client.GetClass("TST_FastDisk")
            except testing.RequestDiffers as error:
                texts.append(str(error))

    with pytest.raises(testing.RequestDiffers, match="a request was not recorded"):
        careless_program()
    (text,) = texts
    assert "--- recorded\n+++ asked\n" in text
    assert [line.strip("-+ ") for line in text.split("\n") if "CLASSNAME NAME" in line] == [
        '<CLASSNAME NAME="TST_Disk"/>',
        '<CLASSNAME NAME="TST_FastDisk"/>',
    ]


def test_what_is_not_asked_for_any_more_is_told(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    recorded("blocking", path)
    with (
        pytest.raises(testing.RequestDiffers, match="not asked for:\nPOST /cimom"),
        testing.replay(path),
    ):
        pass


def test_a_file_that_is_no_recording_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text("something else")
    with pytest.raises(ValueError, match="is no recording"), testing.replay(path):
        pass


USERS = """
import os
from opswire.wbem import install_as
install_as("pywbem", replace=True)
import pywbem

def test_disks(wbem_recording):
    connection = pywbem.WBEMConnection(os.environ.get("URL", "http://nowhere.invalid"))
    assert len(connection.EnumerateInstances("TST_Disk")) == 3
"""


def test_a_user_records_and_replays_with_pytest(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["opswire.wbem.testing.fixtures"]\n')
    (tmp_path / "test_user.py").write_text(USERS)

    def run(*words: str, **extra: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words, str(tmp_path)],
            env={**os.environ, **extra},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    status, text = run()
    assert status == 1
    assert "run the test with --wbem-record" in text
    with MockedCIM() as server:
        assert run("--wbem-record", URL=server.url)[0] == 0
    assert (tmp_path / "recordings" / "test_user.test_disks.txt").exists()
    assert run()[0] == 0


def test_pytest_is_not_loaded_without_its_fixture() -> None:
    code = "import sys, opswire.wbem.testing; assert 'pytest' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
