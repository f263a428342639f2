"""A large answer of a WBEM server becomes CIM objects; one as MOF; a broken one tells its place.

`./demo` runs this. The answer is generated, and never is in memory as a whole when it is streamed.
"""

import resource
import time
from collections.abc import Iterator

from opswire import wbem

COUNT = 10_000
BEGINNING = (
    '<?xml version="1.0" encoding="utf-8" ?>\n<CIM CIMVERSION="2.0" DTDVERSION="2.0">'
    '<MESSAGE ID="1001" PROTOCOLVERSION="1.0"><SIMPLERSP>'
    '<IMETHODRESPONSE NAME="EnumerateInstances"><IRETURNVALUE>'
)
END = "</IRETURNVALUE></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>"


def instance(number: int) -> str:
    """One disk of a storage array, with 30 properties."""
    counters = "".join(
        f'<PROPERTY NAME="Counter{i}" TYPE="uint64"><VALUE>{number * i}</VALUE></PROPERTY>'
        for i in range(26)
    )
    return (
        '<VALUE.NAMEDINSTANCE><INSTANCENAME CLASSNAME="ACME_Disk"><KEYBINDING NAME="DeviceID">'
        f'<KEYVALUE VALUETYPE="string">disk{number}</KEYVALUE></KEYBINDING></INSTANCENAME>'
        '<INSTANCE CLASSNAME="ACME_Disk">'
        f'<PROPERTY NAME="DeviceID" TYPE="string"><VALUE>disk{number}</VALUE></PROPERTY>'
        '<PROPERTY.ARRAY NAME="OperationalStatus" TYPE="uint16"><VALUE.ARRAY><VALUE>2</VALUE>'
        "</VALUE.ARRAY></PROPERTY.ARRAY>"
        '<PROPERTY NAME="InstallDate" TYPE="datetime"><VALUE>20250102030405.000000+060</VALUE>'
        '</PROPERTY><PROPERTY NAME="Caption" TYPE="string"><VALUE>a &lt;fast&gt; one</VALUE>'
        f"</PROPERTY>{counters}</INSTANCE></VALUE.NAMEDINSTANCE>\n"
    )


def chunks() -> Iterator[bytes]:
    """The answer as a socket gives it."""
    yield BEGINNING.encode()
    for number in range(COUNT):
        yield instance(number).encode()
    yield END.encode()


def peak() -> int:
    """The most memory that this process had, in KB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Stream, parse, show, break."""
    print(f"An answer with {COUNT:,} instances of 30 properties.\n")
    print(">>> for disk in wbem.iterate(chunks): total += disk['counter7']")
    total = size = 0
    for disk in wbem.iterate(chunks()):
        if size == 0:
            size = peak()
        total += disk["counter7"]
    print(f"    total {total:,}; memory grew by {max(peak() - size, 0):,} KB")
    octets = b"".join(chunks())
    start = time.process_time()
    message = wbem.parse(octets)
    spent = time.process_time() - start
    speed = len(octets) / spent / 1e6
    print(f">>> wbem.parse(octets)    # {len(octets) / 1e6:.0f} MB")
    print(
        f"    {len(message.objects):,} CIMInstance objects in {spent * 1000:.0f} ms, "
        f"{speed:.0f} MB/s; {message.name}, error {message.error}"
    )
    disk = message.objects[7]
    for number in range(3, 26):
        del disk[f"COUNTER{number}"]
    print(f">>> {disk.path.to_wbem_uri()}    # del disk['COUNTER3'] and so on, then disk.tomof()")
    for line in disk.tomof().splitlines():
        print(f"    {line}")
    print(">>> wbem.parse(octets)    # with a number that is none in the 5,000th instance")
    at = octets.index(b">", octets.index(b'NAME="Counter3"', octets.index(b"disk4999<"))) + 8
    try:
        wbem.parse(octets[:at] + b"many" + octets[at:])
    except wbem.CIMXMLParseError as error:
        print(f"    line {error.line}, column {error.column}, octet {error.offset:,}")
        print(f"    in {error.path}")
        print(f"    {error}")
    else:
        raise SystemExit("a number that is none was read")


if __name__ == "__main__":
    main()
