"""A CIM server with the hardware of a host, asked in three ways, and what a client does at a fault.

`./demo` runs this. The server is opswire's own, over real HTTP on loopback.
"""

import time
from collections.abc import Iterator

from opswire import wbem
from opswire.wbem.embedded import EmbeddedServer

INSTANCES = 20_000
HEALTH = {5: "OK", 10: "degraded", 25: "critical failure"}


def classes() -> list[wbem.CIMClass]:
    """A power supply with a method, and a job of which there are many."""
    key = wbem.CIMQualifier("Key", True)
    supply = wbem.CIMClass(
        "Demo_PowerSupply",
        [
            wbem.CIMProperty("DeviceID", None, "string", qualifiers=[key]),
            wbem.CIMProperty("ElementName", None, "string"),
            wbem.CIMProperty("HealthState", None, "uint16"),
        ],
        [wbem.CIMMethod("Identify", "uint32", [wbem.CIMParameter("Seconds", "uint32")])],
    )
    job = wbem.CIMClass(
        "Demo_Job",
        [
            wbem.CIMProperty("Number", None, "uint32", qualifiers=[key]),
            wbem.CIMProperty("Command", None, "string"),
        ],
    )
    return [supply, job]


def supplies() -> Iterator[wbem.CIMInstance]:
    """Two, and one of them has failed."""
    for number, health in ((1, 5), (2, 25)):
        yield wbem.CIMInstance(
            "Demo_PowerSupply",
            {
                "DeviceID": str(number),
                "ElementName": f"Power supply {number}",
                "HealthState": wbem.Uint16(health),
            },
        )


def filled(server: EmbeddedServer) -> None:
    """Give the server what it serves: instances that are kept, and Python functions."""
    server.add(*classes(), *supplies())

    @server.instances("Demo_Job")
    def jobs() -> Iterator[wbem.CIMInstance]:
        for number in range(INSTANCES):
            values = {"Number": wbem.Uint32(number), "Command": f"work {number}"}
            yield wbem.CIMInstance("Demo_Job", values)

    @server.method("Demo_PowerSupply", "Identify")
    def identify(path: wbem.CIMInstanceName, Seconds: int = 5) -> wbem.Uint32:
        print(f"    (the server) {path['DeviceID']} blinks for {Seconds} s")
        return wbem.Uint32(0)


def asked(connection: wbem.WBEMConnection) -> None:
    """What is broken, and where it is."""
    print('>>> connection.EnumerateInstances("Demo_PowerSupply")')
    for supply in connection.EnumerateInstances("Demo_PowerSupply"):
        print(f"    {supply['ElementName']}: {HEALTH[supply['HealthState']]}")
        if supply["HealthState"] != 5 and supply.path is not None:
            print('>>> connection.InvokeMethod("Identify", supply.path, Seconds=wbem.Uint32(30))')
            result, _ = connection.InvokeMethod("Identify", supply.path, Seconds=wbem.Uint32(30))
            print(f"    returned {result}")


def pulled(connection: wbem.WBEMConnection) -> None:
    """Many instances, in portions."""
    print('>>> for job in connection.IterEnumerateInstances("Demo_Job", MaxObjectCount=1000):')
    started = time.perf_counter()
    count = sum(1 for _ in connection.IterEnumerateInstances("Demo_Job", MaxObjectCount=1000))
    print(f"    {count:,} instances, made, sent and read in {time.perf_counter() - started:.2f} s")
    if count != INSTANCES:
        raise SystemExit("some are missing")


def failed(server: EmbeddedServer, connection: wbem.WBEMConnection) -> None:
    """A server that sends an octet a second."""
    print('>>> server.faults.next("GetClass", octets_per_second=1)')
    server.faults.next("GetClass", octets_per_second=1)
    print('>>> connection.GetClass("Demo_Job")    # timeout=1')
    started = time.perf_counter()
    try:
        connection.GetClass("Demo_Job")
    except wbem.TimeoutError as error:
        print(f"    TimeoutError after {time.perf_counter() - started:.1f} s: {error}")
    else:
        raise SystemExit("nobody noticed")


def main() -> None:
    """Serve, ask, pull, fail."""
    print("WBEM: a client and a CIM server, over HTTP.\n")
    with EmbeddedServer() as server:
        filled(server)
        print(f">>> connection = wbem.WBEMConnection({server.url!r}, timeout=…)")
        with wbem.WBEMConnection(server.url, timeout=30) as connection:
            asked(connection)
            pulled(connection)
        with wbem.WBEMConnection(server.url, timeout=1) as connection:
            failed(server, connection)


if __name__ == "__main__":
    main()
