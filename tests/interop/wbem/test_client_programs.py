"""Programs that know pywbem alone, of any age, run on opswire: right verdicts, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.mocked_cim import MockedCIM
from tests.servers.scripted_http import Peer, ScriptedHTTP, cim, http, saying

# What monitoring plug-ins of hypervisors do, in our own words: modules by the version, a dozen
# classes one after the other, four exceptions, and TimeoutError is none of them.
PLUG_IN = """
import sys
import pywbem

if tuple(int(part) for part in pywbem.__version__.split(".")) >= (1, 0, 0):
    import pywbem._cim_operations as PywbemCimOperations
    import pywbem._cim_http as PywbemCimHttp
    import pywbem._exceptions as PywbemExceptions
else:
    import pywbem.cim_operations as PywbemCimOperations
    import pywbem.cim_http as PywbemCimHttp
    import pywbem.exceptions as PywbemExceptions

url, user, password, timeout, *classes = sys.argv[1:]
client = pywbem.WBEMConnection(url, (user, password), no_verification=True, timeout=float(timeout))
broken = []
for name in classes:
    try:
        instances = client.EnumerateInstances(name)
    except PywbemExceptions.CIMError as error:
        if error[0] == 5 and error.args[1].find("not") >= 0:
            continue
        print("UNKNOWN: CIM", error[0])
        sys.exit(3)
    except PywbemExceptions.AuthError:
        print("UNKNOWN: Authentication Error")
        sys.exit(3)
    except PywbemExceptions.HTTPError as error:
        print("UNKNOWN: HTTP", error.status)
        sys.exit(3)
    except PywbemExceptions.ConnectionError as error:
        print("UNKNOWN:", "timeout" if "within" in str(error) else "connection")
        sys.exit(3)
    for each in instances:
        if "Since" in each and each["Since"] is not None:
            assert each["Since"].datetime.date().year == 2026
        if each.get("Ready") is False:
            broken.append(each["ID"])
print(f"CRITICAL: {broken}" if broken else "OK")
sys.exit(2 if broken else 0)
"""
# A storage plug-in: names before 1.0, settings that are assigned, codes in args[0].
STORAGE = """
import sys
import pywbem

client = pywbem.WBEMConnection(sys.argv[1], ("u", "p"), "interop")
try:
    client.EnumerateInstances("TST_Disk")
except pywbem.CIMError as error:
    assert error.args[0] == pywbem.CIM_ERR_INVALID_NAMESPACE
client.default_namespace = "root/cimv2"
client.debug = True
[name] = [each for each in client.EnumerateInstanceNames("TST_Disk") if each["ID"] == "sda"]
assert name in client.EnumerateInstanceNames("TST_Disk")
made = pywbem.CIMInstanceName("TST_Disk", namespace="root/cimv2", keybindings={"ID": "sda"})
assert made == name
code, out = client.InvokeMethod("Check", name, Depth=pywbem.Uint32(1), Fast=False)
assert (code, out["Fast"], out["depth"]) == (False, False, 1)
assert "METHODCALL" in client.last_request and "METHODRESPONSE" in client.last_reply
try:
    client.GetClass("None")
except pywbem.CIM_Error as error:
    assert error[0] == pywbem.CIM_ERR_NOT_FOUND
client.close()
try:
    pywbem.WBEMConnection(sys.argv[1], ("u", "wrong")).EnumerateClassNames()
except pywbem.cim_http.AuthError as error:
    assert isinstance(error, pywbem.Error)
    print("done")
"""
RUN = "from opswire import wbem; wbem.install_as('pywbem', replace=True)\nexec(open({!r}).read())"


def run(program: str, folder: Path, *arguments: str) -> tuple[int, str, str]:
    """A program's status, output and errors."""
    path = folder / "program.py"
    path.write_text(program)
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(str(path)), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    return done.returncode, done.stdout.strip(), done.stderr


def test_a_hypervisor_s_plug_in_comes_to_its_verdict(tmp_path: Path) -> None:
    """Over classes that are there and one that is not."""
    with MockedCIM() as server:
        server.creds = ("root", "secret")
        arguments = [server.url, "root", "secret", "20", "TST_Disk"]
        assert run(PLUG_IN, tmp_path, *arguments) == (2, "CRITICAL: ['sda']", "")
        arguments[-1:] = ["TST_FastDisk", "None"]
        code, text, errors = run(
            PLUG_IN.replace('each["Ready"] is False', "False"), tmp_path, *arguments
        )
        assert (code, text, errors) == (0, "OK", "")


def refuse(peer: Peer) -> None:
    """401."""
    peer.send(http(b"", "401 Unauthorized", 'WWW-Authenticate: Basic realm="x"'))


def fail(peer: Peer) -> None:
    """An error of CIM."""
    peer.send(http(cim("EnumerateInstances", '<ERROR CODE="1" DESCRIPTION="failed"/>')))


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (refuse, "UNKNOWN: Authentication Error"),
        (fail, "UNKNOWN: CIM 1"),
        (Peer.hold, "UNKNOWN: timeout"),
        (saying(http(b"", "503 Busy")), "UNKNOWN: HTTP 503"),
    ],
)
def test_what_goes_wrong_is_a_verdict_and_no_traceback(
    answer: object, verdict: str, tmp_path: Path
) -> None:
    with ScriptedHTTP(answer) as server:  # type: ignore[arg-type]  # a function is a script of one
        outcome = run(PLUG_IN, tmp_path, server.url, "root", "secret", "0.5", "CIM_Fan")
    assert outcome == (3, verdict, "")


def test_a_server_that_is_not_there_is_a_verdict(tmp_path: Path) -> None:
    with ScriptedHTTP(refuse) as server:
        url = server.url
    outcome = run(PLUG_IN, tmp_path, url, "root", "secret", "5", "CIM_Fan")
    assert outcome == (3, "UNKNOWN: connection", "")


def test_a_storage_plug_in_finds_what_it_uses(tmp_path: Path) -> None:
    with MockedCIM() as server:
        server.creds = ("u", "p")
        assert run(STORAGE, tmp_path, server.url) == (0, "done", "")
