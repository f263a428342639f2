"""What type checkers say of programs with CIM objects; this file is checked and never run.

What is right has the type that is asserted. What is wrong is an error, which is silenced by its
name: a checker that does not find it complains about the silencing.
"""

from typing import Any, assert_type

from opswire import wbem


def right(octets: bytes) -> None:
    """Programs as users write them."""
    disk = wbem.CIMInstance(
        "CIM_Disk", {"Name": "sda", "Size": wbem.Uint64(5), "Tags": ["a", None]}
    )
    assert_type(disk, wbem.CIMInstance)
    assert_type(disk.classname, str)
    assert_type(disk.path, wbem.CIMInstanceName | None)
    assert_type(disk.properties["Name"], wbem.CIMProperty)
    assert_type(disk["Name"], Any)
    disk["Size"] = wbem.Uint64(6)
    disk["Tags"] = ["b"]
    disk.path = wbem.CIMInstanceName("CIM_Disk", {"Name": "sda", "Slot": 3}, namespace="root/cimv2")
    assert_type(disk.tomof(), str)
    assert_type(disk.copy(), wbem.CIMInstance)
    for name, value in disk.items():
        assert_type(name, str)
        assert_type(value, Any)
    assert_type(
        wbem.CIMProperty("P", 5, type="uint8").qualifiers, wbem.NocaseDict[wbem.CIMQualifier]
    )
    assert_type(wbem.parse(octets), wbem.Message)
    assert_type(wbem.parse(octets).objects, list[Any])
    for each in wbem.iterate(octets):
        assert_type(each, Any)
    assert_type(wbem.Uint8("0x10"), wbem.Uint8)
    assert_type(wbem.CIMDateTime("20260101000000.000000+000").is_interval, bool)


def wrong() -> None:
    """Mistakes that a checker tells before a server does."""
    wbem.CIMInstance()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    wbem.CIMInstance(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wbem.CIMProperty("P", object())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wbem.CIMInstance("C", path="C.k=1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    disk = wbem.CIMInstance("C")
    disk["P"] = object()  # type: ignore[assignment]  # pyright: ignore[reportArgumentType]
    disk.clasname = "D"  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    wbem.parse("<CIM/>")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
