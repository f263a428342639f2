"""pywbem and both faces of the client send and return the same, over HTTP and HTTPS."""

import re
import subprocess
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import pywbem

from opswire import wbem
from tests.interop.wbem.faces import FACES, opened
from tests.servers.certificates import Authority
from tests.servers.mocked_cim import MockedCIM
from tests.servers.scripted_http import ScriptedHTTP, http, saying

# Namespaces and paths are written out by either library's own text.
CHANGING = re.compile(rb'MESSAGE ID="\d+"|[0-9a-f]{8}-[0-9a-f-]{27}|\n')


class Call(NamedTuple):
    """An operation and its arguments."""

    name: str
    args: tuple[Any, ...] = ()
    named: dict[str, Any] = {}  # noqa: RUF012 - read only


def calls(library: Any) -> Iterator[Call]:
    """Every operation, with the objects of a library; they change the same server in turn."""
    disk = library.CIMInstanceName("TST_Disk", {"ID": "sda"})
    whole = library.CIMInstanceName("TST_Disk", {"ID": "sda"}, "a.host", "root/cimv2")
    fast = library.CIMInstanceName("TST_Disk", {"ID": "nvme\u00fc0"})
    controller = library.CIMInstanceName("TST_Controller", {"ID": "c0"})
    new = library.CIMInstanceName("TST_Disk", {"ID": "new"})
    changed = library.CIMInstance(
        "TST_Disk", {"ID": "new", "Size": library.Uint64(4), "Ready": False}, path=new
    )
    placed = library.CIMClassName("TST_Disk", namespace="root/cimv2")
    yield Call("GetInstance", (disk,))
    yield Call("GetInstance", (fast,), {"IncludeClassOrigin": True})
    yield Call("GetInstance", (whole,), {"PropertyList": ["ID", "Names"], "LocalOnly": False})
    yield Call("GetInstance", (whole,), {"PropertyList": "Size"})
    yield Call("GetInstance", (new,))
    yield Call("EnumerateInstances", ("TST_Disk",), {"DeepInheritance": False})
    yield Call("EnumerateInstances", ("TST_Disk",), {"namespace": "/nowhere/"})
    yield Call("EnumerateInstances", (placed,), {"PropertyList": []})
    yield Call("EnumerateInstanceNames", ("TST_Disk",))
    yield Call("CreateInstance", (library.CIMInstance("TST_Disk", {"ID": "new"}, path=new),))
    yield Call("ModifyInstance", (changed,))
    yield Call("ModifyInstance", (changed,), {"PropertyList": ("Size",)})
    yield Call("GetInstance", (new,))
    yield Call("DeleteInstance", (new,))
    yield Call("DeleteInstance", (new,))
    for operation in ("Associators", "AssociatorNames", "References", "ReferenceNames"):
        yield Call(operation, (controller,))
        yield Call(operation, ("TST_Controller",))
        yield Call(operation, (controller,), {"ResultClass": "TST_Disk", "Role": "Controller"})
    yield Call("ExecQuery", ("WQL", "select * from TST_Disk"))
    yield Call("GetClass", ("TST_FastDisk",))
    yield Call("GetClass", ("TST_FastDisk",), {"LocalOnly": False, "IncludeClassOrigin": True})
    yield Call("EnumerateClasses", (), {"DeepInheritance": True})
    yield Call("EnumerateClasses", (), {"ClassName": "TST_Disk", "IncludeQualifiers": False})
    yield Call("EnumerateClassNames", (), {"ClassName": "TST_Disk"})
    yield Call("CreateClass", (library.CIMClass("TST_New", [_property(library)]),))
    yield Call("ModifyClass", (library.CIMClass("TST_New", [_property(library)]),))
    yield Call("DeleteClass", ("TST_New",))
    yield Call("EnumerateQualifiers")
    yield Call("GetQualifier", ("Key",))
    yield Call("GetQualifier", ("None",))
    yield Call("DeleteQualifier", ("Out",))
    yield Call("InvokeMethod", ("Check", disk, _parameters(library, disk)), {"Also": "z"})
    yield Call("InvokeMethod", ("Check", "TST_Disk"))
    yield Call("OpenEnumerateInstances", ("TST_Disk",), {"MaxObjectCount": 10})
    yield Call("OpenEnumerateInstancePaths", ("TST_Disk",), {"MaxObjectCount": 10})
    yield Call("OpenAssociatorInstances", (controller,), {"MaxObjectCount": 10})
    yield Call("OpenAssociatorInstancePaths", (controller,), {"MaxObjectCount": 10})
    yield Call("OpenReferenceInstances", (controller,), {"MaxObjectCount": 10})
    yield Call("OpenReferenceInstancePaths", (controller,), {"MaxObjectCount": 10})
    for subject in ("EnumerateInstances", "EnumerateInstancePaths"):
        yield Call(f"Iter{subject}", ("TST_Disk",), {"MaxObjectCount": 2})
    for subject in ("AssociatorInstances", "ReferenceInstances"):
        yield Call(f"Iter{subject}", (controller,), {"MaxObjectCount": 1})
        yield Call(f"Iter{subject[:-1]}Paths", (controller,), {"MaxObjectCount": 1})


def _property(library: Any) -> Any:
    return library.CIMProperty("a", None, "string")


def _parameters(library: Any, disk: Any) -> list[Any]:
    return [
        ("Depth", library.Uint8(3)),
        ("Name", "x"),
        ("Names", ["a", "b"]),
        ("Nothing", None),
        ("Which", disk),
        ("When", library.CIMDateTime("20260102030405.000006+060")),
        library.CIMParameter("Typed", "uint32", value=library.Uint32(7)),
    ]


def shown(value: Any) -> Any:
    """What either library returns, as texts that can be compared."""
    if isinstance(value, list):
        return [shown(each) for each in value]
    if isinstance(value, tuple):
        return tuple(shown(each) for each in value)
    if hasattr(value, "tocimxmlstr"):
        path = getattr(value, "path", None)
        return value.tocimxmlstr(), None if path is None else str(path)
    if hasattr(value, "items"):
        return [(name, shown(each)) for name, each in value.items()]
    return f"{type(value).__name__} {value}"


def outcome(client: Any, call: Call) -> Any:
    """What a call returns or raises."""
    try:
        value = getattr(client, call.name)(*call.args, **call.named)
        if call.name.startswith("Iter"):
            value = list(value)
    except (wbem.CIMError, pywbem.CIMError) as error:
        return "CIMError", error.args[:2]
    return shown(value)


def transcript(client: Any, library: Any, server: MockedCIM) -> Iterator[tuple[str, Any, Any]]:
    """The outcome of each call, and what was sent for it."""
    for call in calls(library):
        before = len(server.asked)
        found = outcome(client, call)
        names = ("cimoperation", "cimmethod", "cimobject", "content-type")
        sent = [
            (asked.path, *(asked.headers[name] for name in names), CHANGING.sub(b"", asked.body))
            for asked in server.asked[before:]
        ]
        yield f"{call.name}{call.args}{call.named}", found, sent


def without_port(found: object, server: MockedCIM) -> str:
    """A text in which the server's port does not matter."""
    return str(found).replace(str(server.port), "PORT")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.parametrize("pull", [False, True, None], ids=["traditional", "pull", "either"])
@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_operation_is_sent_and_returned_as_by_pywbem(
    scheme: str, face: str, pull: bool | None, authority: Authority
) -> None:
    """Octets but for numbers of messages; values but for a method's FALSE, where pywbem errs."""
    settings: dict[str, Any] = {"use_pull_operations": pull, "creds": ("us\u00e9r", "pa:ss")}
    if scheme == "https":
        settings["ca_certs"] = str(authority.certificate)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # paths of queries have no keys; both say so
        with served(scheme, authority) as server, pytest.MonkeyPatch.context() as patch:
            for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
                patch.delenv(name, raising=False)  # or pywbem forgets its ca_certs
            theirs = [
                (name, without_port(found, server), sent)
                for name, found, sent in transcript(
                    pywbem.WBEMConnection(server.url, **settings), pywbem, server
                )
            ]
        with served(scheme, authority) as server, opened(face, server.url, **settings) as client:
            ours = [
                (name, without_port(found, server), sent)
                for name, found, sent in transcript(client, wbem, server)
            ]
    assert len(ours) == len(theirs) > 50
    for (name, value, sent), (_, expected, expected_sent) in zip(ours, theirs, strict=True):
        assert sent == expected_sent, name
        found = value
        if name.startswith("InvokeMethod"):
            assert found.startswith("('bool False'"), name
            found = found.replace("('bool False'", "('bool True'")
        assert found == expected, name


def served(scheme: str, authority: Authority) -> MockedCIM:
    """A server that wants credentials."""
    context = authority.server_context("localhost") if scheme == "https" else None
    server = MockedCIM(context)
    server.creds = ("us\u00e9r", "pa:ss")
    if context is not None:
        server.url = server.url.replace("127.0.0.1", "localhost")
    return server


def test_the_folder_of_authorities_is_a_path_too(authority: Authority, tmp_path: Path) -> None:
    """As OpenSSL wants it: named by hash."""
    name = authority.certificate.read_text()

    done = subprocess.run(
        ["openssl", "x509", "-hash", "-noout"],
        input=name,
        text=True,
        capture_output=True,
        check=True,
    )
    (tmp_path / f"{done.stdout.strip()}.0").write_text(name)
    with served("https", authority) as server:
        creds = ("us\u00e9r", "pa:ss")
        with wbem.WBEMConnection(server.url, creds, ca_certs=str(tmp_path)) as connection:
            assert connection.EnumerateClassNames()


def indication(library: Any) -> Any:
    """An instance as listeners get them."""
    properties = {"AlertType": library.Uint16(1), "Description": "a < b"}
    return library.CIMInstance("CIM_AlertIndication", properties)


def declaration(library: Any) -> Any:
    """A qualifier's."""
    return library.CIMQualifierDeclaration("Q", "string", scopes={"CLASS": True}, value="x")


SENT: list[tuple[str, Any]] = [
    ("ExportIndication", lambda library: (indication(library),)),
    ("SetQualifier", lambda library: (declaration(library), "root/x")),
    ("OpenQueryInstances", lambda library: ("DMTF:CQL", "select", None, True, 60, False, 5)),
    ("PullInstancesWithPath", lambda library: (("context", "root/x"), 7)),
    ("PullInstancePaths", lambda library: (("context", "root/x"), 0)),
    ("PullInstances", lambda library: (("context", "root/x"), library.Uint32(7))),
    ("CloseEnumeration", lambda library: (("context", "root/x"),)),
]


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(("name", "arguments"), SENT, ids=[name for name, _ in SENT])
def test_what_the_mock_does_not_answer_is_sent_as_by_pywbem(
    face: str, name: str, arguments: Callable[[Any], Any]
) -> None:
    """Headers and octets."""
    with ScriptedHTTP(saying(http(b"", "500 No"))) as server:
        for library in (pywbem, wbem):
            with (
                opened(face, server.url)
                if library is wbem
                else pywbem.WBEMConnection(server.url) as client,
                pytest.raises(library.HTTPError),
            ):
                getattr(client, name)(*arguments(library))
        (theirs, their_body), (ours, our_body) = server.requests
    assert CHANGING.sub(b"", our_body) == CHANGING.sub(b"", their_body)
    assert cim_headers(ours) == cim_headers(theirs)


def cim_headers(head: str) -> list[str]:
    """Those that DSP0200 defines."""
    return sorted(line.lower() for line in head.splitlines() if line.lower().startswith("cim"))
