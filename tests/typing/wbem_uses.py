"""What type checkers say of programs with CIM objects; this file is checked and never run.

What is right has the type that is asserted. What is wrong is an error, which is silenced by its
name: a checker that does not find it complains about the silencing.
"""

from collections.abc import AsyncGenerator, Generator
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
    for keyword in disk:
        assert_type(keyword, str)
    assert_type(disk.path.keybindings if disk.path else None, wbem.NocaseDict[Any] | None)
    assert_type(wbem.CIMDateTime("20260101000000.000000+000").is_interval, bool)


def right_mappings(names: list[str], disk: wbem.CIMInstance, path: wbem.CIMInstanceName) -> None:
    """Everything that mappings are made of, also where a checker sees but objects."""
    mixed = {"Name": "sda", "Size": 5}
    wbem.CIMInstance("C", mixed, qualifiers={"Key": True, "Q": wbem.CIMQualifier("Q", 5)})
    wbem.CIMInstance("C", wbem.NocaseDict(mixed))
    wbem.CIMInstance(
        "C", [wbem.CIMProperty("P", 5, "uint8"), wbem.CIMProperty("Q", None, "string")]
    )
    wbem.CIMInstance("C", [("P", 5), ("Q", ["a"])])
    wbem.CIMInstance("C", [(name, name) for name in names])
    wbem.CIMInstance("C", disk.properties, disk.qualifiers)
    wbem.CIMInstanceName("C", path.keybindings)
    wbem.CIMInstanceName("C", {None: "unnamed"})
    disk.update(mixed, Speed=3)
    disk.update_existing([("P", 5)])
    path.update({"Name": "sda"})
    by_name = wbem.NocaseDict([wbem.CIMQualifier("Q", 5)])
    assert_type(by_name, wbem.NocaseDict[wbem.CIMQualifier])
    counts = wbem.NocaseDict(a=1)
    assert_type(counts, wbem.NocaseDict[int])
    assert_type(counts.pop("a"), int)
    assert_type(counts.pop("a", None), int | None)
    for name in counts:
        assert_type(name, str | Any)


def right_conversions(text: str, sizes: wbem.ValueMapping) -> None:
    """What a CIM type makes of a value, and a ValueMap of a number."""
    assert_type(wbem.cimvalue(text, "uint8"), Any)
    assert_type(wbem.cimvalue(None, "uint8"), None)
    assert_type(sizes.tovalues(5), str)
    assert_type(sizes.tovalues([wbem.Uint8(5)]), list[str | None])
    assert_type(sizes.tovalues(None), None)
    assert_type(wbem.tocimxmlstr(["a", "b"]), str)


def right_client(connection: wbem.WBEMConnection, path: wbem.CIMInstanceName) -> None:
    """An operation is a method with the arguments and the result of its description."""
    assert_type(connection.GetInstance(path, PropertyList=["Name"]), wbem.CIMInstance)
    assert_type(connection.EnumerateClassNames(DeepInheritance=True), list[str])
    assert_type(connection.DeleteInstance(path), None)
    assert_type(
        connection.IterEnumerateInstances("C", MaxObjectCount=5),
        Generator[wbem.CIMInstance, None, None],
    )
    code, out = connection.InvokeMethod("M", path, [("a", wbem.Uint8(1))], b="c")
    assert_type(out, wbem.NocaseDict[Any])
    assert_type(code, Any)
    first = connection.OpenEnumerateInstances("C")
    assert_type(first.instances, list[wbem.CIMInstance])
    if first.context is not None:
        connection.PullInstancesWithPath(first.context, 5)
    assert_type(wbem.WBEMServer(connection).namespaces, list[str])
    assert_type(wbem.survey("h", ["C"])[0].error, wbem.Error | None)


async def right_asyncio(connection: wbem.AsyncWBEMConnection, path: wbem.CIMInstanceName) -> None:
    """The same, to be waited for."""
    assert_type(await connection.GetInstance(path), wbem.CIMInstance)
    paths = connection.IterEnumerateInstancePaths("C")
    assert_type(paths, AsyncGenerator[wbem.CIMInstanceName, None])
    async for each in paths:
        assert_type(each, wbem.CIMInstanceName)


def wrong_client(connection: wbem.WBEMConnection) -> None:
    """Mistakes that a checker tells before a server does."""
    connection.GetInstance("C")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    connection.GetInstance()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    connection.EnumerateInstances("C", Namespace="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def wrong() -> None:
    """Mistakes that a checker tells before a server does."""
    wbem.CIMInstance()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    wbem.CIMInstance(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wbem.CIMProperty("P", object())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wbem.CIMInstance("C", path="C.k=1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wbem.CIMInstance("C", "Name")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wbem.CIMInstance("C", {5: "sda"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wbem.CIMInstance("C", ["Name"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wbem.CIMInstance("C", qualifiers=[5])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wbem.CIMInstanceName("C", [5])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wbem.tocimxmlstr(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    counts = wbem.NocaseDict(a=1)
    counts.update({"b": "c"})  # type: ignore[dict-item]  # pyright: ignore[reportCallIssue,reportArgumentType]
    counts.pop("a", 5, 5)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    disk = wbem.CIMInstance("C")
    disk.update([5])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    disk["P"] = object()  # type: ignore[assignment]  # pyright: ignore[reportArgumentType]
    disk.clasname = "D"  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    wbem.parse("<CIM/>")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
