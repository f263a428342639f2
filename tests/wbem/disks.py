"""A small repository: disks on a controller, a subclass, an association, a method."""

from opswire.wbem import (
    CIMClass,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
    Uint32,
    Uint64,
)
from opswire.wbem.embedded import Repository

NAMESPACE = "root/cimv2"


def key() -> CIMQualifier:
    """The qualifier Key, as DSP0004 has it."""
    return CIMQualifier("Key", True, overridable=False, tosubclass=True)


def reference(name: str, target: str) -> CIMProperty:
    """A key that refers to an instance of a class."""
    return CIMProperty(name, None, "reference", reference_class=target, qualifiers=[key()])


def classes() -> list[CIMClass]:
    """Its classes, superclasses first."""
    return [
        CIMClass(
            "TST_Disk",
            [
                CIMProperty("ID", None, "string", qualifiers=[key()]),
                CIMProperty("Size", None, "uint64"),
                CIMProperty("Ready", True, "boolean"),
                CIMProperty("Names", None, "string", is_array=True),
            ],
            [
                CIMMethod(
                    "Check",
                    "uint32",
                    [
                        CIMParameter("Depth", "uint32"),
                        CIMParameter("Found", "boolean"),
                        CIMParameter("Worst", "string"),
                    ],
                ),
                CIMMethod("Stop", "uint32"),
            ],
            qualifiers=[
                CIMQualifier("Description", "A disk", tosubclass=True),
                CIMQualifier("Version", "1.0", tosubclass=False),
            ],
        ),
        CIMClass("TST_FastDisk", [CIMProperty("Speed", None, "uint32")], superclass="TST_Disk"),
        CIMClass("TST_Controller", [CIMProperty("ID", None, "string", qualifiers=[key()])]),
        CIMClass(
            "TST_Attached",
            [reference("Controller", "TST_Controller"), reference("Disk", "TST_Disk")],
            qualifiers=[CIMQualifier("Association", True, overridable=False, tosubclass=True)],
        ),
    ]


def instances() -> list[CIMInstance]:
    """Its instances."""
    return [
        CIMInstance("TST_Disk", {"ID": "sda", "Size": Uint64(512), "Names": ["a", "<&>"]}),
        CIMInstance("TST_Disk", {"ID": "sdb", "Size": Uint64(2**64 - 1), "Ready": False}),
        CIMInstance("TST_FastDisk", {"ID": "nvme\u00fc0", "Speed": Uint32(7)}),
        CIMInstance("TST_Controller", {"ID": "c0"}),
        *(attached("c0", "TST_Disk", "sda"), attached("c0", "TST_FastDisk", "nvme\u00fc0")),
    ]


def attached(controller: str, classname: str, disk: str) -> CIMInstance:
    """An association."""
    ends = {
        "Controller": CIMInstanceName("TST_Controller", {"ID": controller}),
        "Disk": CIMInstanceName(classname, {"ID": disk}),
    }
    return CIMInstance("TST_Attached", ends)


def fill(repository: Repository) -> None:
    """Add all of it, with the function of the method Check."""
    scopes = {"property": True, "reference": True}
    repository.add(
        CIMQualifierDeclaration("Key", "boolean", False, scopes=scopes, overridable=False),
        *classes(),
        *instances(),
        namespace=NAMESPACE,
    )

    @repository.method("TST_Disk", "Check")
    def check(path: object, Depth: int | None = 1) -> tuple[Uint32, dict[str, object]]:
        return Uint32((Depth or 0) % 1000 + 1), {"found": False, "Worst": str(path)}
