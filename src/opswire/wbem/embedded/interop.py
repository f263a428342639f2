"""The Interop namespace: it tells clients which server this is (DSP1033, DSP1054)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from opswire._core.cimxml.types import Uint16, type_from_name
from opswire._version import __version__
from opswire.errors.wbem import CIMError
from opswire.wbem.embedded.repository import INTEROP, Repository
from opswire.wbem.objects import (
    CIMClass,
    CIMInstance,
    CIMInstanceName,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
)
from opswire.wbem.status_codes import CIM_ERR_INVALID_PARAMETER

SYSTEM = "opswire"
"""The key SystemName of what the server is."""

NAMED = (
    "SystemCreationClassName* string, SystemName* string, CreationClassName* string, Name* string"
)
# Class, superclass, properties; a star is a key, two an array.
CLASSES = (
    ("CIM_ManagedElement", None, "Caption string, Description string, ElementName string"),
    ("CIM_Namespace", "CIM_ManagedElement",
     "SystemCreationClassName* string, SystemName* string, "
     "ObjectManagerCreationClassName* string, ObjectManagerName* string, "
     "CreationClassName* string, Name* string, ClassInfo uint16, DescriptionOfClassInfo string, "
     "ClassType uint16, ClassTypeVersion string"),
    ("CIM_Service", "CIM_ManagedElement", f"{NAMED}, Started boolean, StartMode string"),
    ("CIM_ObjectManager", "CIM_Service", "GatherStatisticalData boolean, Version string"),
    ("CIM_WBEMServer", "CIM_ObjectManager", ""),
    ("CIM_CIMXMLCommunicationMechanism", "CIM_ManagedElement",
     f"{NAMED}, CommunicationMechanism uint16, FunctionalProfilesSupported** uint16, "
     "MultipleOperationsSupported boolean, AuthenticationMechanismsSupported** uint16, "
     "Version string, CIMValidated boolean, CIMXMLProtocolVersion uint16"),
    ("CIM_RegisteredProfile", "CIM_ManagedElement",
     "InstanceID* string, RegisteredName string, RegisteredOrganization uint16, "
     "OtherRegisteredOrganization string, RegisteredVersion string, AdvertiseTypes** uint16"),
    ("CIM_IndicationFilter", "CIM_ManagedElement",
     f"{NAMED}, SourceNamespace string, SourceNamespaces** string, Query string, "
     "QueryLanguage string, IndividualSubscriptionSupported boolean"),
    ("CIM_ListenerDestination", "CIM_ManagedElement",
     f"{NAMED}, PersistenceType uint16, Destination string, Protocol uint16"),
    ("CIM_ListenerDestinationCIMXML", "CIM_ListenerDestination", ""),
)  # fmt: skip
# Class, its references with their classes.
ASSOCIATIONS = (
    ("CIM_NamespaceInManager", "Antecedent CIM_ObjectManager, Dependent CIM_Namespace"),
    ("CIM_CommMechanismForManager",
     "Antecedent CIM_ObjectManager, Dependent CIM_CIMXMLCommunicationMechanism"),
    ("CIM_ElementConformsToProfile",
     "ConformantStandard CIM_RegisteredProfile, ManagedElement CIM_ManagedElement"),
    ("CIM_ReferencedProfile",
     "Antecedent CIM_RegisteredProfile, Dependent CIM_RegisteredProfile"),
    ("CIM_IndicationSubscription",
     "Filter CIM_IndicationFilter, Handler CIM_ListenerDestination"),
)  # fmt: skip
SUBSCRIPTION = (
    "OnFatalErrorPolicy uint16, SubscriptionState uint16, RepeatNotificationPolicy uint16"
)

ORGANIZATIONS = (("1", "Other"), ("2", "DMTF"), ("11", "SNIA"))
"""Clients look for the word, and map it (DSP1033)."""


class Profile(NamedTuple):
    """A registered profile.

    Args:
        organization: the number in RegisteredOrganization: 2 is DMTF, 11 SNIA.
        name: like "Indications".
        version: like "1.2.2".
    """

    organization: int
    name: str
    version: str


DEMONSTRATION = Profile(1, "Demonstration", "1.0.0")
"""Not "WBEM Server": who finds that one calls methods that only a real server has."""


def add_interop(
    repository: Repository,
    *,
    object_manager: bool = True,
    communication: bool = True,
    wbem_server: bool = False,
    profiles: Sequence[Profile] = (DEMONSTRATION,),
    name: str = INTEROP,
) -> None:
    """Make the Interop namespace of a repository.

    Its CIM_Namespace instances are the namespaces that there are; creating and deleting such an
    instance does the same to a namespace.

    Args:
        repository: that has none yet.
        object_manager: with an instance of CIM_ObjectManager.
        communication: with an instance of CIM_CIMXMLCommunicationMechanism.
        wbem_server: with an instance of CIM_WBEMServer.
        profiles: that are registered; each conforms to the server's own instance, if there is one.
        name: of the namespace.
    """
    repository.add(*_declarations(), *_classes(), namespace=name)
    own = None
    if object_manager:
        own = _service("CIM_ObjectManager")
        repository.add(own, namespace=name)
    if wbem_server:
        own = _service("CIM_WBEMServer")
        repository.add(own, namespace=name)
    if communication:
        repository.add(_communication(), namespace=name)
    for profile in profiles:
        repository.add(_registered(profile), namespace=name)
        if own is not None:
            repository.add(_conformance(profile, own), namespace=name)
    _serve_namespaces(repository, name)


def _declarations() -> Iterator[CIMQualifierDeclaration]:
    elements = {"property": True, "reference": True}
    for qualifier, where in (("Key", elements), ("Association", {"association": True})):
        yield CIMQualifierDeclaration(
            qualifier, "boolean", False, scopes=where, overridable=False, tosubclass=True
        )
    for qualifier in ("ValueMap", "Values"):
        yield CIMQualifierDeclaration(
            qualifier,
            "string",
            is_array=True,
            scopes={"property": True, "method": True, "parameter": True},
            overridable=True,
            tosubclass=True,
            translatable=qualifier == "Values",
        )


def _classes() -> Iterator[CIMClass]:
    for name, superclass, text in CLASSES:
        made = CIMClass(name, _properties(text), superclass=superclass)
        if name == "CIM_RegisteredProfile":
            numbers, words = zip(*ORGANIZATIONS, strict=True)
            made.properties["RegisteredOrganization"].qualifiers = [
                CIMQualifier("ValueMap", list(numbers), "string"),
                CIMQualifier("Values", list(words), "string"),
            ]
        yield made
    association = CIMQualifier("Association", True, overridable=False, tosubclass=True)
    for name, text in ASSOCIATIONS:
        references = [
            CIMProperty(role, None, "reference", reference_class=target, qualifiers=[_key()])
            for role, target in (one.split() for one in text.split(","))
        ]
        more = _properties(SUBSCRIPTION) if name == "CIM_IndicationSubscription" else []
        yield CIMClass(name, [*references, *more], qualifiers=[association])


def _properties(text: str) -> list[CIMProperty]:
    made = []
    for one in filter(None, text.split(", ")):
        name, cim_type = one.split()
        is_key = name.endswith("*") and not name.endswith("**")
        made.append(
            CIMProperty(
                name.rstrip("*"),
                None,
                cim_type,
                is_array=name.endswith("**"),
                qualifiers=[_key()] if is_key else None,
            )
        )
    return made


def _key() -> CIMQualifier:
    return CIMQualifier("Key", True, overridable=False, tosubclass=True)


def _service(classname: str) -> CIMInstance:
    return CIMInstance(
        classname,
        {
            "SystemCreationClassName": "CIM_ComputerSystem",
            "SystemName": SYSTEM,
            "CreationClassName": classname,
            "Name": SYSTEM,
            "ElementName": "opswire",
            "Description": f"opswire embedded CIM server Version {__version__}",
            "Started": True,
            "GatherStatisticalData": False,
            "Version": __version__,
        },
    )


def _communication() -> CIMInstance:
    classname = "CIM_CIMXMLCommunicationMechanism"
    uint16 = type_from_name("uint16")
    return CIMInstance(
        classname,
        {
            "SystemCreationClassName": "CIM_ComputerSystem",
            "SystemName": SYSTEM,
            "CreationClassName": classname,
            "Name": SYSTEM,
            "CommunicationMechanism": uint16(2),
            # Basic Read, Basic Write, Schema Manipulation, Instance Manipulation, Association
            # Traversal, Query Execution, Qualifier Declaration
            "FunctionalProfilesSupported": [uint16(each) for each in range(2, 9)],
            "MultipleOperationsSupported": False,
            "AuthenticationMechanismsSupported": [uint16(3)],
            "Version": "1.0",
            "CIMXMLProtocolVersion": uint16(1),
        },
    )


def _profile_id(profile: Profile) -> str:
    return f"opswire:{profile.organization}:{profile.name}:{profile.version}"


def _registered(profile: Profile) -> CIMInstance:
    return CIMInstance(
        "CIM_RegisteredProfile",
        {
            "InstanceID": _profile_id(profile),
            "RegisteredName": profile.name,
            "RegisteredOrganization": Uint16(profile.organization),
            "RegisteredVersion": profile.version,
            "AdvertiseTypes": [Uint16(2)],
        },
    )


def _conformance(profile: Profile, own: CIMInstance) -> CIMInstance:
    keys = ("SystemCreationClassName", "SystemName", "CreationClassName", "Name")
    return CIMInstance(
        "CIM_ElementConformsToProfile",
        {
            "ConformantStandard": CIMInstanceName(
                "CIM_RegisteredProfile", {"InstanceID": _profile_id(profile)}
            ),
            "ManagedElement": CIMInstanceName(own.classname, {key: own[key] for key in keys}),
        },
    )


def _serve_namespaces(repository: Repository, name: str) -> None:
    there = repository.namespace(name)

    @repository.instances("CIM_Namespace", namespace=name)
    def namespaces() -> Iterator[CIMInstance]:
        return (_namespace(each) for each in repository.namespaces)

    def create(instance: CIMInstance) -> CIMInstanceName:
        wanted = instance.get("Name")
        if not isinstance(wanted, str) or not wanted.strip("/"):
            raise CIMError(CIM_ERR_INVALID_PARAMETER, "the namespace has no Name")
        repository.add_namespace(wanted)
        path, _ = _found(wanted)
        return path

    def delete(path: CIMInstanceName) -> None:
        instance, _ = there.instances.get(path)
        repository.delete_namespace(instance["Name"])

    def _found(wanted: str) -> tuple[CIMInstanceName, CIMInstance]:
        node = there.schema.node("CIM_Namespace")
        for instance, _ in there.instances.of(node):
            if instance.path is not None and instance["Name"] == wanted.strip("/"):
                return instance.path, instance
        raise CIMError(CIM_ERR_INVALID_PARAMETER, f"there is no namespace {wanted}")

    there.created_by["cim_namespace"] = create
    there.deleted_by["cim_namespace"] = delete


def _namespace(name: str) -> CIMInstance:
    return CIMInstance(
        "CIM_Namespace",
        {
            "SystemCreationClassName": "CIM_ComputerSystem",
            "SystemName": SYSTEM,
            "ObjectManagerCreationClassName": "CIM_ObjectManager",
            "ObjectManagerName": SYSTEM,
            "CreationClassName": "CIM_Namespace",
            "Name": name,
            "ClassType": Uint16(2),
            "ClassInfo": Uint16(0),
        },
    )
