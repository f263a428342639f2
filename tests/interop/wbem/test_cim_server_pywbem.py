"""The embedded CIM server and pywbem, over HTTP and HTTPS."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pywbem

from opswire import wbem
from opswire.tls import ServerTLS
from opswire.wbem.embedded import EmbeddedServer, Repository, add_interop
from tests.servers.certificates import Authority
from tests.wbem.disks import NAMESPACE, fill

ESXI = Path(__file__).parents[2] / "cases/cim_repositories/esxi.xml"
C0 = pywbem.CIMInstanceName("TST_Controller", {"ID": "c0"}, namespace=NAMESPACE)
SDA = pywbem.CIMInstanceName("TST_Disk", {"ID": "sda"}, namespace=NAMESPACE)


@pytest.fixture(autouse=True)
def no_other_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    """These of the environment would win over ca_certs=, as pywbem asks requests."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs servers and clients."""
    return Authority(tmp_path_factory.mktemp("authority"))


def repository() -> Repository:
    """The disks and the Interop namespace."""
    made = Repository()
    add_interop(made)
    fill(made)
    return made


@pytest.fixture(params=["http", "https"])
def connection(request: pytest.FixtureRequest, authority: Authority) -> Iterator[Any]:
    """A client of a server that has a user."""
    tls = ServerTLS(*authority.pair("localhost")) if request.param == "https" else None
    users = {"me": "se:cret\u00fc"}
    with EmbeddedServer(repository(), host="localhost", tls=tls, users=users) as server:
        made = pywbem.WBEMConnection(
            f"{request.param}://localhost:{server.port}",
            ("me", "se:cret\u00fc"),
            default_namespace=NAMESPACE,
            ca_certs=str(authority.certificate),
            timeout=20,
            use_pull_operations=True,
        )
        yield made
        made.close()
        assert server.open_enumerations == 0


def test_instances(connection: Any) -> None:
    found = connection.EnumerateInstances("TST_Disk")
    assert [each["ID"] for each in found] == ["sda", "sdb", "nvme\u00fc0"]
    assert found[0].items() == connection.GetInstance(found[0].path).items()
    assert found[0]["Names"] == ["a", "<&>"]
    assert found[1]["Size"] == 2**64 - 1
    assert [each.path for each in found] == connection.EnumerateInstanceNames("TST_Disk")
    path = connection.CreateInstance(
        pywbem.CIMInstance("TST_Disk", {"ID": "new", "Names": ["a", None]})
    )
    assert connection.GetInstance(path)["Names"] == ["a", None]
    instance = connection.GetInstance(path, PropertyList=["Size", "ID"])
    instance["Size"] = pywbem.Uint64(9)
    connection.ModifyInstance(instance)
    assert connection.GetInstance(path)["Size"] == 9
    connection.DeleteInstance(path)
    with pytest.raises(pywbem.CIMError) as caught:
        connection.GetInstance(path)
    assert caught.value.status_code == pywbem.CIM_ERR_NOT_FOUND


def test_classes_and_qualifiers(connection: Any) -> None:
    assert connection.EnumerateClassNames(DeepInheritance=True)[:2] == ["TST_Disk", "TST_FastDisk"]
    fast = connection.GetClass("TST_FastDisk", LocalOnly=False, IncludeClassOrigin=True)
    assert fast.properties["ID"].class_origin == "TST_Disk"
    assert fast.properties["ID"].qualifiers["Key"].value is True
    assert fast.methods["Check"].parameters["Found"].type == "boolean"
    assert len(connection.EnumerateClasses()) == 3
    connection.CreateClass(pywbem.CIMClass("TST_New", superclass="TST_Disk"))
    connection.ModifyClass(
        pywbem.CIMClass(
            "TST_New", {"Age": pywbem.CIMProperty("Age", None, "uint8")}, superclass="TST_Disk"
        )
    )
    assert list(connection.GetClass("TST_New").properties) == ["Age"]
    connection.DeleteClass("TST_New")
    declared = pywbem.CIMQualifierDeclaration("Colour", "string", scopes={"CLASS": True})
    connection.SetQualifier(declared)
    assert connection.GetQualifier("Colour").type == "string"
    assert "Colour" in [each.name for each in connection.EnumerateQualifiers()]
    connection.DeleteQualifier("Colour")


def test_associations(connection: Any) -> None:
    assert [each["ID"] for each in connection.Associators(C0)] == ["sda", "nvme\u00fc0"]
    assert len(connection.AssociatorNames(C0, ResultClass="TST_FastDisk")) == 1
    assert len(connection.References(C0, Role="Controller")) == 2
    [back] = connection.ReferenceNames(SDA)
    assert connection.GetInstance(back)["Disk"] == SDA
    [(path, found)] = connection.Associators("TST_FastDisk")
    assert (path.classname, found.classname) == ("TST_Controller", "TST_Controller")


@pytest.mark.parametrize("count", [1, 2, 100])
def test_every_iter_operation_pulls(connection: Any, count: int) -> None:
    given = {"MaxObjectCount": count, "OperationTimeout": 20}
    assert len(list(connection.IterEnumerateInstances("TST_Disk", **given))) == 3
    assert len(list(connection.IterEnumerateInstancePaths("TST_Disk", **given))) == 3
    assert len(list(connection.IterAssociatorInstances(C0, **given))) == 2
    assert len(list(connection.IterAssociatorInstancePaths(C0, **given))) == 2
    assert len(list(connection.IterReferenceInstances(C0, **given))) == 2
    assert len(list(connection.IterReferenceInstancePaths(C0, **given))) == 2
    query = connection.IterQueryInstances(
        "DMTF:CQL", "SELECT * FROM TST_Disk", ReturnQueryResultClass=True, **given
    )
    assert "Size" in query.query_result_class.properties
    assert len(list(query.generator)) == 3


def test_an_enumeration_is_closed(connection: Any) -> None:
    opened = connection.OpenEnumerateInstances("TST_Disk", MaxObjectCount=1)
    connection.CloseEnumeration(opened.context)
    with pytest.raises(pywbem.CIMError) as caught:
        connection.PullInstancesWithPath(opened.context, MaxObjectCount=1)
    assert caught.value.status_code == pywbem.CIM_ERR_INVALID_ENUMERATION_CONTEXT


def test_methods_and_queries(connection: Any) -> None:
    value, outputs = connection.InvokeMethod("Check", SDA, Depth=pywbem.Uint32(4))
    assert (value, outputs["Worst"]) == (5, 'root/cimv2:TST_Disk.ID="sda"')
    assert connection.InvokeMethod("Check", "TST_Disk")[0] == 2
    query = "SELECT ID FROM TST_Disk WHERE Size >= 512 AND Ready = TRUE"
    [found] = connection.ExecQuery("WQL", query)
    assert list(found.items()) == [("ID", "sda")]


def test_a_wbem_server_finds_what_it_looks_for(connection: Any) -> None:
    server = pywbem.WBEMServer(connection)
    assert server.interop_ns == "interop"
    assert sorted(server.namespaces) == ["interop", NAMESPACE]
    assert (server.brand, server.version) == ("opswire", server.cimom_inst["Version"])
    [profile] = server.get_selected_profiles("Other", "Demonstration")
    [central] = server.get_central_instances(
        profile.path, "CIM_Service", "CIM_Service", reference_direction="dmtf"
    )
    assert central.classname == "CIM_ObjectManager"
    assert server.create_namespace("root/new") == "root/new"
    assert "root/new" in server.namespaces
    server.delete_namespace("root/new")
    assert "root/new" not in server.namespaces


@pytest.mark.parametrize("with_wbem_server", [True, False])
def test_a_server_without_an_object_manager_has_namespaces(with_wbem_server: bool) -> None:
    made = Repository()
    add_interop(made, object_manager=False, wbem_server=with_wbem_server)
    with EmbeddedServer(made) as server:
        connection = pywbem.WBEMConnection(server.url)
        assert sorted(pywbem.WBEMServer(connection).namespaces) == ["interop", NAMESPACE]
        found = connection.EnumerateInstances("CIM_ObjectManager", namespace="interop")
        assert len(found) == int(with_wbem_server)


def test_subscriptions_can_be_kept(connection: Any) -> None:
    """The classes of indications are there, and their instances refer to each other."""
    destination = connection.CreateInstance(
        named("CIM_ListenerDestinationCIMXML", Destination="http://127.0.0.1:5000"), "interop"
    )
    chosen = connection.CreateInstance(
        named("CIM_IndicationFilter", Query="SELECT * FROM CIM_Indication", QueryLanguage="WQL"),
        "interop",
    )
    subscription = pywbem.CIMInstance(
        "CIM_IndicationSubscription", {"Filter": chosen, "Handler": destination}
    )
    path = connection.CreateInstance(subscription, "interop")
    assert connection.ReferenceNames(chosen)[0].keybindings == path.keybindings


def named(classname: str, **properties: str) -> Any:
    """An instance with the four keys of what is in a system."""
    keys = {
        "SystemCreationClassName": "CIM_ComputerSystem",
        "SystemName": "here",
        "CreationClassName": classname,
        "Name": "one",
    }
    return pywbem.CIMInstance(classname, {**keys, **properties})


@pytest.mark.parametrize("credentials", [None, ("me", "wrong"), ("you", "secret"), ("me", "")])
def test_who_is_not_known_is_asked(credentials: tuple[str, str] | None) -> None:
    with EmbeddedServer(users={"me": "secret"}, realm="the lab") as server:
        connection = pywbem.WBEMConnection(server.url, credentials)
        with pytest.raises(pywbem.AuthError):
            connection.EnumerateClassNames()
        right = pywbem.WBEMConnection(server.url, ("me", "secret"))
        right.EnumerateClassNames()


def test_a_client_certificate_may_be_demanded(authority: Authority) -> None:
    tls = ServerTLS(
        *authority.pair("localhost"), ca=authority.certificate, client_certificate="required"
    )
    client = authority.pair("a-client")
    with EmbeddedServer(host="localhost", tls=tls) as server:
        url = f"https://localhost:{server.port}"
        trusted = str(authority.certificate)
        x509 = {"cert_file": str(client.certificate), "key_file": str(client.key)}
        pywbem.WBEMConnection(url, ca_certs=trusted, x509=x509).EnumerateClassNames()
        with pytest.raises(pywbem.ConnectionError):
            pywbem.WBEMConnection(url, ca_certs=trusted).EnumerateClassNames()


def test_eight_clients_at_once_are_answered_rightly() -> None:
    failures: list[BaseException] = []

    def work(url: str, number: int) -> None:
        try:
            connection = pywbem.WBEMConnection(url, default_namespace=NAMESPACE, timeout=60)
            for turn in range(10):
                name = f"{number}-{turn}"
                new = pywbem.CIMInstance("TST_Disk", {"ID": name, "Size": pywbem.Uint64(turn)})
                path = connection.CreateInstance(new)
                assert connection.GetInstance(path)["Size"] == turn
                listed = connection.IterEnumerateInstances("TST_Disk", MaxObjectCount=5)
                assert name in [each["ID"] for each in listed]
                connection.DeleteInstance(path)
            connection.close()
        except BaseException as error:
            failures.append(error)

    with EmbeddedServer(repository()) as server:
        threads = [threading.Thread(target=work, args=(server.url, number)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        connection = pywbem.WBEMConnection(server.url, default_namespace=NAMESPACE)
        assert len(connection.EnumerateInstances("TST_Disk")) == 3


def test_the_hardware_of_a_host_is_told() -> None:
    """The classes that monitoring asks for one after the other, and what it looks at."""
    with EmbeddedServer() as server:
        server.load(ESXI)
        connection = pywbem.WBEMConnection(server.url, default_namespace=NAMESPACE)
        told = {
            instance["ElementName"]: (instance["HealthState"], instance["OperationalStatus"])
            for classname in (
                *("CIM_Chassis", "CIM_Card", "CIM_ComputerSystem", "CIM_NumericSensor"),
                *("CIM_Memory", "CIM_Processor", "CIM_RecordLog", "OMC_DiscreteSensor", "OMC_Fan"),
                *("OMC_PowerSupply", "VMware_StorageExtent", "VMware_Controller"),
                *("VMware_StorageVolume", "VMware_Battery", "VMware_SASSATAPort"),
            )
            for instance in connection.EnumerateInstances(classname)
        }
        wrong = {name for name, (health, _) in told.items() if health not in {None, 5}}
        assert len(told) == 18
        assert wrong == {"Power Supply 2", "RAID 1 Logical Volume 0 on controller 0"}
        [bios] = connection.EnumerateInstances("OMC_SMASHFirmwareIdentity")
        assert bios["ReleaseDate"].datetime.date().isoformat() == "2026-01-12"


def test_objects_of_a_response_are_read_by_our_own_reader() -> None:
    """Pywbem forgives much; the strict reader forgives less."""
    with EmbeddedServer(repository()) as server:
        connection = pywbem.WBEMConnection(server.url, default_namespace=NAMESPACE)
        connection.debug = True
        for operation in (
            lambda: connection.EnumerateInstances("TST_Disk"),
            lambda: connection.EnumerateClasses(DeepInheritance=True),
            connection.EnumerateQualifiers,
            lambda: connection.Associators(C0),
            lambda: connection.ReferenceNames("TST_Disk"),
            lambda: connection.InvokeMethod("Check", SDA),
            lambda: connection.OpenEnumerateInstances("TST_Disk", MaxObjectCount=9),
        ):
            operation()
            message = wbem.parse(connection.last_raw_reply)
            assert message.error is None
            assert message.objects or message.parameters
