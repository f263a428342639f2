"""The embedded CIM server and Debian's wbemcli, a client in C++ that shares nothing with others."""

import re
import subprocess
from collections.abc import Callable, Iterator

import pytest

from opswire.tls import ServerTLS
from opswire.wbem.embedded import EmbeddedServer, Repository
from tests.servers.certificates import Authority
from tests.servers.daemon import program
from tests.wbem.disks import fill

SECONDS = 20
Wbemcli = Callable[..., list[str]]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs the server."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(params=["http", "https"])
def wbemcli(request: pytest.FixtureRequest, authority: Authority) -> Iterator[Wbemcli]:
    """What calls it for an object of the disks, and returns the lines that it writes."""
    repository = Repository()
    fill(repository)
    tls = ServerTLS(*authority.pair("localhost")) if request.param == "https" else None
    with EmbeddedServer(repository, host="localhost", tls=tls, users={"me": "secret"}) as server:
        installed = program("wbemcli", "sblim-wbemcli")
        place = f"localhost:{server.port}/root/cimv2"

        def call(operation: str, path: str, *words: str) -> list[str]:
            url = f"{request.param}://me:secret@{place}{path}"
            done = subprocess.run(
                [installed, "-nl", "-cacert", str(authority.certificate), operation, url, *words],
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
            lines = done.stdout + done.stderr
            # It writes the host that it was told, and that of the answer.
            shown = re.sub(r"[a-z0-9.]+:[0-9]+/root/cimv2", "", lines).splitlines()
            return [line for line in shown if line.strip("* ")]

        yield call


def test_instances(wbemcli: Wbemcli) -> None:
    disk = [':TST_Disk.ID="sda"', '-ID="sda"', "-Size=512", "-Ready=TRUE"]
    assert wbemcli("gi", ':TST_Disk.ID="sda"')[:4] == disk
    listed = wbemcli("ei", ":TST_Disk")
    assert listed[:4] == disk
    assert [line for line in listed if line.startswith(":")] == wbemcli("ein", ":TST_Disk")
    assert wbemcli("ein", ":TST_Disk") == [
        ':TST_Disk.ID="sda"',
        ':TST_Disk.ID="sdb"',
        ':TST_FastDisk.ID="nvme\u00fc0"',
    ]
    assert "-Size=18446744073709551615" in listed


def test_classes(wbemcli: Wbemcli) -> None:
    assert wbemcli("gc", ":TST_FastDisk") == [
        *(":TST_FastDisk", "-ID=", "-Size=", "-Ready=", "-Names=", "-Speed="),
    ]
    names = wbemcli("ecn", "")
    assert names == [":TST_Disk", ":TST_FastDisk", ":TST_Controller", ":TST_Attached"]
    headings = [line for line in wbemcli("ec", "") if line.startswith(":")]
    assert [re.split(" ?: ?", line[1:])[0] for line in headings] == [name[1:] for name in names]


def test_associations(wbemcli: Wbemcli) -> None:
    controller = ':TST_Controller.ID="c0"'
    ends = [':TST_Disk.ID="sda"', ':TST_FastDisk.ID="nvme\u00fc0"']
    assert wbemcli("ain", controller) == ends
    assert [line for line in wbemcli("ai", controller) if line.startswith(":")] == ends
    [reference, _] = wbemcli("rin", controller)
    assert reference.startswith(":TST_Attached.Controller=root/cimv2:TST_Controller")
    assert reference in wbemcli("ri", controller)


def test_methods(wbemcli: Wbemcli) -> None:
    assert wbemcli("cm", ':TST_Disk.ID="sda"', "Check.Depth=4")[:2] == [
        ':TST_Disk.ID="sda" Check: 5',
        "Found (boolean): FALSE",
    ]


def test_an_instance_comes_changes_and_goes(wbemcli: Wbemcli) -> None:
    path = ':TST_Disk.ID="new"'
    assert wbemcli("ci", path, 'ID="new",Size=77') == [path]
    assert wbemcli("mi", path, "Size=78") == []
    assert "-Size=78" in wbemcli("gi", path)
    assert wbemcli("di", path) == []
    assert "(6) CIM_ERR_NOT_FOUND" in wbemcli("gi", path)[0]


def test_a_stranger_is_refused(wbemcli: Wbemcli, authority: Authority) -> None:
    with EmbeddedServer(users={"me": "secret"}) as server:
        done = subprocess.run(
            ["wbemcli", "ecn", f"http://me:wrong@127.0.0.1:{server.port}/root/cimv2"],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    assert "Invalid username/password" in done.stdout + done.stderr
