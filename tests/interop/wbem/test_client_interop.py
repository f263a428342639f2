"""WBEMServer: what a server says of itself; and the questions of one call."""

import threading
from typing import Any

import pytest
import pywbem

from opswire import wbem
from tests.servers.mocked_cim import MOF, MockedCIM
from tests.servers.scripted_http import Peer, ScriptedHTTP, cim, http

QUALIFIERS = MOF[: MOF.index('[Description("A disk")]')]
CLASSES = (
    QUALIFIERS
    + """
Qualifier Values : string[], Scope(property, method), Flavor(EnableOverride, ToSubclass);
Qualifier ValueMap : string[], Scope(property, method), Flavor(EnableOverride, ToSubclass);
class CIM_Namespace { [Key] string CreationClassName; [Key] string Name; };
class CIM_ObjectManager { [Key] string Name; string ElementName; string Description; };
class CIM_WBEMServer { [Key] string Name; string ElementName; string Description; };
class CIM_RegisteredProfile {
    [Key] string InstanceID;
    [ValueMap {"1", "2", "11"}, Values {"Other", "DMTF", "SNIA"}] uint16 RegisteredOrganization;
    string RegisteredName; string RegisteredVersion;
};
class TST_Central { [Key] string ID; };
class TST_Scope { [Key] string ID; };
[Association] class CIM_ElementConformsToProfile {
    [Key] CIM_RegisteredProfile REF ConformantStandard; [Key] TST_Central REF ManagedElement;
};
[Association] class CIM_ReferencedProfile {
    [Key] CIM_RegisteredProfile REF Antecedent; [Key] CIM_RegisteredProfile REF Dependent;
};
[Association] class TST_In { [Key] TST_Scope REF Whole; [Key] TST_Central REF Part; };
"""
)
INSTANCES = """
instance of CIM_Namespace { CreationClassName = "CIM_Namespace"; Name = "interop"; };
instance of CIM_Namespace { CreationClassName = "CIM_Namespace"; Name = "root/cimv2"; };
instance of CIM_RegisteredProfile as $a {
    InstanceID = "a"; RegisteredOrganization = 2; RegisteredName = "Fan";
    RegisteredVersion = "1.0.1";
};
instance of CIM_RegisteredProfile as $b {
    InstanceID = "b"; RegisteredOrganization = 11; RegisteredName = "Array";
    RegisteredVersion = "2";
};
instance of TST_Central as $c { ID = "c"; };
instance of TST_Scope as $s { ID = "s"; };
instance of CIM_ElementConformsToProfile { ConformantStandard = $b; ManagedElement = $s; };
instance of CIM_ElementConformsToProfile { ConformantStandard = $a; ManagedElement = $c; };
"""
COMPONENT = """
instance of CIM_RegisteredProfile as $p {
    InstanceID = "p"; RegisteredOrganization = 2; RegisteredName = "Part"; RegisteredVersion = "1";
};
instance of CIM_ReferencedProfile { Antecedent = $p; Dependent = $b; };
instance of TST_In { Whole = $s; Part = $c; };
"""
MANAGER = """
instance of CIM_ObjectManager { Name = "m"; ElementName = "Pegasus"; Description =
    "OpenPegasus Version 2.14.1 Release"; };
"""
SERVER = 'instance of CIM_WBEMServer { Name = "m"; ElementName = "Somebody\'s release 4.2, x"; };'


def opened(extra: str, namespace: str = "interop") -> MockedCIM:
    """A server whose Interop namespace has more than the usual."""
    instances = INSTANCES.replace('"interop"', f'"{namespace}"')
    return MockedCIM(interop=(namespace, CLASSES + instances + extra))


@pytest.mark.parametrize("namespace", ["interop", "root/interop", "root/PG_Interop"])
def test_a_server_says_the_same_as_by_pywbem(namespace: str) -> None:
    """Of itself, its namespaces, its profiles and what these are about."""
    with opened(MANAGER, namespace) as server:
        found: list[Any] = []
        for library in (pywbem, wbem):
            one = library.WBEMServer(library.WBEMConnection(server.url))
            profile = one.get_selected_profiles("DMTF", "fan", "1.0.1")[0]
            found.append(
                (
                    one.interop_ns,
                    sorted(one.namespaces),
                    one.namespace_classname,
                    [str(path) for path in one.namespace_paths],
                    one.brand,
                    one.version,
                    one.cimom_inst["Name"],
                    [each["InstanceID"] for each in one.profiles],
                    [
                        each["InstanceID"]
                        for each in one.get_selected_profiles(registered_org="snia")
                    ],
                    [each["InstanceID"] for each in one.get_selected_profiles()],
                    [str(path) for path in one.get_central_instances(profile.path)],
                    one.url,
                )
            )
    assert found[0] == found[1]
    assert found[1][4:6] == ("OpenPegasus", "2.14.1")


def test_without_an_object_manager_the_wbem_server_or_nothing_tells() -> None:
    """Pywbem gives up."""
    with opened(SERVER) as server:
        one = wbem.WBEMServer(wbem.WBEMConnection(server.url))
        assert (one.cimom_inst.classname, one.brand, one.version) == (
            "CIM_WBEMServer", "Somebody's release 4.2, x", "4.2",
        )  # fmt: skip
    with opened("") as server:
        one = wbem.WBEMServer(wbem.WBEMConnection(server.url))
        assert (one.brand, one.version) == ("unknown", None)
        with pytest.raises(wbem.CIMError, match="CIM_ERR_NOT_FOUND"):
            _ = one.cimom_inst


def test_a_component_is_found_by_its_scope() -> None:
    with opened(COMPONENT) as server:
        one = wbem.WBEMServer(wbem.WBEMConnection(server.url))
        [profile] = one.get_selected_profiles(registered_name="Part")
        assert profile.path is not None
        with pytest.raises(ValueError, match="scoping_path are needed"):
            one.get_central_instances(profile.path)
        [path] = one.get_central_instances(
            profile.path, "TST_Central", "TST_Scope", ["TST_In"], try_gci_method=True
        )
        assert path["ID"] == "c"
        with pytest.raises(wbem.ModelError, match="no profile refers to"):
            one.get_central_instances(
                profile.path, "TST_Central", "TST_Scope", ["TST_In"], reference_direction="snia"
            )


def test_the_interop_namespace_is_found_or_taken_if_it_is_there() -> None:
    with MockedCIM() as server:
        one = wbem.WBEMServer(wbem.WBEMConnection(server.url))
        with pytest.raises(wbem.CIMError, match="has no Interop namespace: tried interop, root"):
            one.determine_interop_ns()
        with pytest.raises(wbem.CIMError, match="has no namespace root/x"):
            one.validate_interop_ns("/root/x/")
        one.validate_interop_ns("root/cimv2")
        assert one.interop_ns == "root/cimv2"
        with pytest.raises(wbem.ModelError, match="no instance of CIM_Namespace"):
            _ = one.namespaces


def test_a_namespace_that_is_not_empty_or_not_there_is_not_deleted() -> None:
    with opened("") as server:
        one = wbem.WBEMServer(wbem.WBEMConnection(server.url))
        with pytest.raises(wbem.CIMError, match="CIM_ERR_NAMESPACE_NOT_EMPTY"):
            one.delete_namespace("root/cimv2")
        with pytest.raises(wbem.CIMError, match="has no namespace root/none"):
            one.delete_namespace("root/none")
        with pytest.raises(wbem.CIMError, match="CIM_ERR_ALREADY_EXISTS"):
            one.create_namespace("/ROOT/cimv2")
        server.mock.add_namespace("root/new")
        assert one.create_namespace("root/new") == "root/new"
        assert "root/new" in one.namespaces
        assert one.delete_namespace("root/new") == "root/new"
        assert "root/new" not in one.namespaces


# -- the questions of one call --


def test_one_call_is_one_question() -> None:
    with MockedCIM() as server:
        server.creds = creds = ("u", "p")
        disks = wbem.instances(server.url, "TST_Disk", creds, properties=["ID"])
        assert [len(each.properties) for each in disks] == [1, 1, 1]
        uri = '/root/cimv2:TST_Disk.ID="sda"'
        assert wbem.instance(server.url, uri, creds)["Size"] == 512
        assert disks[0].path is not None
        assert wbem.instance(server.url, disks[0].path, creds)["Size"] == 512
        parameters = {"Depth": wbem.Uint32(1)}
        code, out = wbem.invoke(server.url, disks[0].path, "Check", parameters, creds)
        assert (code, dict(out.items())) == (False, {"Depth": 1})


def test_a_survey_gives_each_class_its_instances_or_its_error() -> None:
    """In order, in each namespace; a class that hangs costs nothing but its own time."""
    with ScriptedHTTP(Peer.hold) as server:
        [late] = wbem.survey(server.url, ["A"], deadline=0.3)
        assert isinstance(late.error, wbem.TimeoutError)
        assert late.instances == []
    with MockedCIM() as mocked:
        found = wbem.survey(
            mocked.url, ["TST_Disk", "None", "TST_Controller"],
            namespaces=["root/cimv2", "nowhere"], concurrency=3,
        )  # fmt: skip
    assert [(each.namespace, each.classname) for each in found] == [
        (place, name)
        for place in ("root/cimv2", "nowhere")
        for name in ("TST_Disk", "None", "TST_Controller")
    ]
    assert [len(each.instances) for each in found] == [3, 0, 1, 0, 0, 0]
    codes = [each.error and each.error.args[0] for each in found]
    assert codes == [None, 5, None, 3, 3, 3]


def test_a_class_that_hangs_in_a_survey_delays_no_other() -> None:
    """The others are answered while it is waited for."""
    others = threading.Semaphore(0)
    body = http(cim("EnumerateInstances", "<IRETURNVALUE></IRETURNVALUE>"))

    def answer(peer: Peer) -> None:
        if b'NAME="Hangs"' in peer.body:
            for _ in range(5):
                assert others.acquire(timeout=20)
        else:
            others.release()
        peer.send(body)

    with ScriptedHTTP(answer) as server:
        found = wbem.survey(server.url, ["Hangs", *"ABCDE"], deadline=20, concurrency=2)
    assert [each.error for each in found] == [None] * 6


def test_a_survey_wants_somebody_to_ask() -> None:
    with pytest.raises(ValueError, match="concurrency must be 1 or more"):
        wbem.survey("http://h", ["A"], concurrency=0)
