"""The client and the embedded CIM server: every operation, both faces, and a monitoring plug-in."""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pywbem

from opswire import wbem
from opswire.tls import ServerTLS
from opswire.wbem.embedded import EmbeddedServer, Repository, add_interop
from tests.interop.wbem.faces import FACES, opened
from tests.interop.wbem.test_client_oracle import calls, outcome
from tests.servers.certificates import Authority
from tests.wbem.disks import NAMESPACE, fill

ESXI = Path(__file__).parents[2] / "cases/cim_repositories/esxi.xml"
CREDS = ("us\u00e9r", "pa:ss")
USERS = dict([CREDS])


@pytest.fixture(autouse=True)
def no_other_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    """These of the environment would win over ca_certs=, as pywbem asks requests."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority."""
    return Authority(tmp_path_factory.mktemp("authority"))


def served(scheme: str, authority: Authority) -> EmbeddedServer:
    """A new server with the disks."""
    repository = Repository()
    add_interop(repository)
    fill(repository)
    tls = ServerTLS(*authority.pair("localhost")) if scheme == "https" else None
    return EmbeddedServer(repository, host="localhost", tls=tls, users=USERS)


def outcomes(client: Any, library: Any, server: EmbeddedServer) -> Iterator[tuple[str, str]]:
    """Each call, and what it returns or raises."""
    for call in calls(library):
        found = str(outcome(client, call)).replace(str(server.port), "PORT")
        yield f"{call.name}{call.args}{call.named}", found


@pytest.mark.parametrize("pull", [False, True, None], ids=["traditional", "pull", "either"])
@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_operation_returns_what_pywbem_gets(
    scheme: str, face: str, pull: bool | None, authority: Authority
) -> None:
    settings: dict[str, Any] = {
        "use_pull_operations": pull,
        "creds": CREDS,
        "default_namespace": NAMESPACE,
    }
    if scheme == "https":
        settings["ca_certs"] = str(authority.certificate)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # paths of queries have no keys; both say so
        with served(scheme, authority) as server:
            url = f"{scheme}://localhost:{server.port}"
            theirs = list(outcomes(pywbem.WBEMConnection(url, **settings), pywbem, server))
        with served(scheme, authority) as server:
            url = f"{scheme}://localhost:{server.port}"
            with opened(face, url, **settings) as client:
                ours = list(outcomes(client, wbem, server))
            assert server.open_enumerations == 0
    assert len(ours) == len(theirs) > 50
    for (name, found), (_, expected) in zip(ours, theirs, strict=True):
        # Where pywbem errs.
        assert found.replace("'Found', 'bool False'", "'Found', 'bool True'") == expected, name
    errors = [found for _, found in ours if found.startswith("('CIMError'")]
    assert len(errors) < len(ours) / 4


def test_a_boolean_that_is_false_is_false(authority: Authority) -> None:
    """Where pywbem says True."""
    path = wbem.CIMInstanceName("TST_Disk", {"ID": "sda"}, namespace=NAMESPACE)
    with (
        served("http", authority) as server,
        wbem.WBEMConnection(server.url, CREDS) as client,
    ):
        value, outputs = client.InvokeMethod("Check", path, Depth=wbem.Uint32(2))
        assert (value, outputs["Found"]) == (3, False)


def test_a_wbem_server_and_a_survey_find_what_they_look_for(authority: Authority) -> None:
    with (
        served("http", authority) as server,
        wbem.WBEMConnection(server.url, CREDS) as client,
    ):
        asked = wbem.WBEMServer(client)
        assert (asked.interop_ns, asked.brand) == ("interop", "opswire")
        assert sorted(asked.namespaces) == ["interop", NAMESPACE]
        asked.create_namespace("root/new")
        assert "root/new" in asked.namespaces


# What monitoring plug-ins of hypervisors do, in our own words.
PLUG_IN = """
import sys
from opswire import wbem
wbem.install_as("pywbem", replace=True)
import pywbem
import pywbem._exceptions as exceptions

url, user, password, timeout = sys.argv[1:]
client = pywbem.WBEMConnection(
    url, (user, password), default_namespace="root/cimv2", timeout=float(timeout)
)
broken = []
try:
    for name in (
        "OMC_SMASHFirmwareIdentity CIM_Chassis CIM_Card CIM_ComputerSystem CIM_NumericSensor "
        "CIM_Memory CIM_Processor CIM_RecordLog OMC_DiscreteSensor OMC_Fan OMC_PowerSupply "
        "VMware_StorageExtent VMware_Controller VMware_StorageVolume VMware_Battery "
        "VMware_SASSATAPort"
    ).split():
        for each in client.EnumerateInstances(name):
            if name == "OMC_SMASHFirmwareIdentity":
                assert each["ReleaseDate"].datetime.date().year == 2026
            elif each["HealthState"] is not None and each["HealthState"] >= 15:
                broken.append(each["ElementName"])
except exceptions.CIMError as error:
    sys.exit(f"UNKNOWN: CIM {error[0]} {error.args[1]}")
except exceptions.AuthError:
    sys.exit("UNKNOWN: Authentication Error")
except exceptions.ConnectionError:
    sys.exit("UNKNOWN: no connection")
sys.exit(f"CRITICAL: {', '.join(broken)}" if broken else "OK")
"""


@pytest.mark.parametrize(
    ("password", "timeout", "fault", "verdict"),
    [
        ("pa:ss", "20", {}, "CRITICAL: Power Supply 2"),
        ("wrong", "20", {}, "UNKNOWN: Authentication Error"),
        ("pa:ss", "0.3", {"slow": 20}, "UNKNOWN: no connection"),
        ("pa:ss", "20", {"cim_error": 27}, "UNKNOWN: CIM 27 "),
        ("pa:ss", "20", {"close": True, "times": 9}, "UNKNOWN: no connection"),
    ],
    ids=["verdict", "401", "timeout", "error", "closed"],
)
def test_a_plug_in_comes_to_its_verdict(
    password: str, timeout: str, fault: dict[str, Any], verdict: str
) -> None:
    with EmbeddedServer(users=USERS) as server:
        server.load(ESXI)
        if fault:
            server.faults.next("EnumerateInstances", **fault)
        done = subprocess.run(
            [sys.executable, "-c", PLUG_IN, server.url, *USERS, password, timeout],
            env=os.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.stderr.startswith(verdict), done.stderr
    assert done.stderr.count("\n") == 1
