"""``opswire wbem serve`` as a process, and pywbem as its client."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pywbem

from tests.interop.cli.programs import OURS, SECONDS, begun, opswire
from tests.servers.certificates import Authority

ESXI = Path(__file__).parents[2] / "cases/cim_repositories/esxi.xml"


@pytest.fixture(autouse=True)
def no_other_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    """These of the environment would win over ca_certs=, as pywbem asks requests."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def served(*words: str) -> Iterator[str]:
    """The URL of a server of the host's hardware, which SIGTERM ends."""
    process = begun(*OURS, "wbem", "serve", "--port", "0", *words, str(ESXI))
    try:
        assert process.stderr is not None
        line = process.stderr.readline().decode()
        found = re.fullmatch(r"opswire: serving (.+) at (https?://\S+:[0-9]+)\n", line)
        assert found, line
        yield found[2]
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 143
        assert process.stderr.read() == b"opswire: terminated\n"
    finally:
        process.kill()
        process.communicate()


def test_files_are_served_until_a_signal() -> None:
    with served() as url:
        connection = pywbem.WBEMConnection(url, default_namespace="root/cimv2")
        assert len(connection.EnumerateInstances("OMC_PowerSupply")) == 2
        connection.close()


def test_another_namespace_is_for_what_has_no_place() -> None:
    with served("--namespace", "root/other") as url:
        names = pywbem.WBEMServer(pywbem.WBEMConnection(url)).namespaces
        assert sorted(names) == ["interop", "root/cimv2", "root/other"]


def test_tls_a_user_and_a_client_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    pair, mine = authority.pair("localhost"), authority.pair("me")
    (tmp_path / "password").write_text("from the file\n")
    tls = ["--host", "localhost", "--tls-cert", str(pair.certificate), "--tls-key", str(pair.key)]
    tls += ["--client-ca", str(authority.certificate), "--user", "me"]
    x509 = {"cert_file": str(mine.certificate), "key_file": str(mine.key)}
    monkeypatch.setenv("OPSWIRE_WBEM_PASSWORD", "from the environment")
    for words, right in (
        ([], "from the environment"),
        (["--password-file", str(tmp_path / "password")], "from the file"),
    ):
        with served(*tls, *words) as told:
            url = f"https://localhost:{told.rsplit(':', 1)[1]}"
            given = {"ca_certs": str(authority.certificate), "x509": x509}
            connection = pywbem.WBEMConnection(url, ("me", right), **given)
            assert connection.EnumerateInstanceNames("CIM_Chassis", namespace="root/cimv2")
            with pytest.raises(pywbem.AuthError):
                pywbem.WBEMConnection(url, ("me", "wrong"), **given).EnumerateClassNames()


def test_an_empty_variable_is_no_password() -> None:
    """Or the server would let everybody in."""
    words = ["wbem", "serve", "--user", "me", str(ESXI)]
    ended = opswire(*words, extra={"OPSWIRE_WBEM_PASSWORD": ""})
    assert ended.status == 2
    assert "Nobody can be asked for the password here" in ended.stderr


@pytest.mark.parametrize(
    ("words", "status", "text"),
    [
        ([], 2, "Missing argument 'FILE...'"),
        (["/nowhere/file"], 2, "'/nowhere/file' does not exist"),
        (["--user", "me", str(ESXI)], 2, "Nobody can be asked for the password here"),
        (["--user", "", str(ESXI)], 2, "must not be empty"),
        (["--password-file", str(ESXI), str(ESXI)], 2, "--password-file is for a --user"),
        (["--tls-key", str(ESXI), str(ESXI)], 2, "are for --tls-cert"),
        (["--tls-cert", str(ESXI), str(ESXI)], 1, "not a certificate with its key"),
        ([__file__], 1, f"opswire: {__file__}: CIM-XML: "),
        ([str(ESXI), str(ESXI)], 1, "CLASS CIM_ManagedElement: there is a class"),
        (["--host", "192.0.2.1", str(ESXI)], 1, "Cannot assign requested address"),
    ],
)
def test_what_cannot_be_served_is_one_line(words: list[str], status: int, text: str) -> None:
    ended = opswire("wbem", "serve", *words)
    assert (ended.stdout, ended.status) == (b"", status)
    assert text in ended.stderr
    assert "Traceback" not in ended.stderr
