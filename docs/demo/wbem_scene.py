"""A large answer of a WBEM server, read whole and as a stream; what is wrong in one, and where.

`./demo` runs this. The answer is made here; no server is needed to read what one has sent.
"""

import resource
import time
from collections.abc import Iterator

from opswire import wbem

INSTANCES = 20_000
PROPERTIES = 30
START = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1" PROTOCOLVERSION="1.0"><SIMPLERSP>'
    '<IMETHODRESPONSE NAME="EnumerateInstances"><IRETURNVALUE>\n'
)
END = "</IRETURNVALUE></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>\n"


def volume(number: int) -> str:
    """One instance with its path, as a storage array writes it."""
    properties = "".join(
        f'<PROPERTY NAME="Statistic{each}" TYPE="uint64"><VALUE>{number * each}</VALUE>'
        "</PROPERTY>\n"
        for each in range(PROPERTIES - 1)
    )
    key = f'<KEYBINDING NAME="DeviceID"><KEYVALUE>vol{number}</KEYVALUE></KEYBINDING>'
    return (
        f'<VALUE.NAMEDINSTANCE><INSTANCENAME CLASSNAME="Demo_Volume">{key}</INSTANCENAME>'
        '<INSTANCE CLASSNAME="Demo_Volume"><PROPERTY NAME="DeviceID" TYPE="string">'
        f"<VALUE>vol{number}</VALUE></PROPERTY>\n{properties}</INSTANCE></VALUE.NAMEDINSTANCE>\n"
    )


def chunks() -> Iterator[bytes]:
    """The answer as it comes from a socket."""
    yield START.encode()
    for number in range(INSTANCES):
        yield volume(number).encode()
    yield END.encode()


def streamed() -> None:
    """One instance after the other, in constant memory."""
    print(f">>> for volume in wbem.iterate(chunks):    ({INSTANCES:,} x {PROPERTIES} properties)")
    before = _memory()
    total = sum(volume["Statistic2"] for volume in wbem.iterate(chunks()))
    print(f"    sum of Statistic2: {total:,}; memory grew by {_memory() - before:.0f} MB")
    if total != INSTANCES * (INSTANCES - 1):
        raise SystemExit("the sum is wrong")


def whole() -> None:
    """All of it at once."""
    answer = b"".join(chunks())
    print(f">>> message = wbem.parse(answer)    ({len(answer) / 1e6:.0f} MB)")
    started = time.perf_counter()
    message = wbem.parse(answer)
    spent = time.perf_counter() - started
    print(f"    {len(message.objects):,} CIMInstance objects after {spent * 1000:.0f} ms")
    volume = message.objects[7]
    print(">>> message.objects[7]")
    print(f"    path: {volume.path.to_wbem_uri()}")
    print(f"    volume['statistic3'] == {volume['statistic3']}")
    for line in volume.tomof().splitlines()[:4]:
        print(f"    {line}")


def broken() -> None:
    """A value that its type cannot hold, deep inside."""
    answer = (START + volume(1).replace("<VALUE>28<", "<VALUE>2_8<") + END).encode()
    print(">>> wbem.parse(another answer)")
    try:
        wbem.parse(answer)
    except wbem.CIMXMLParseError as error:
        print(f"    CIMXMLParseError: {error}")
    else:
        raise SystemExit("nobody noticed")


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main() -> None:
    """Read, read again, fail."""
    print("WBEM: an answer of many instances becomes CIM objects.\n")
    streamed()
    whole()
    broken()


if __name__ == "__main__":
    main()
