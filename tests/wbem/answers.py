"""Large answers of a server, made to measure: whole, or in chunks that never are all in memory."""

from collections.abc import Iterator

ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8" ?>\n<CIM CIMVERSION="2.0" DTDVERSION="2.0">'
    '<MESSAGE ID="1001" PROTOCOLVERSION="1.0"><SIMPLERSP>'
    '<IMETHODRESPONSE NAME="EnumerateInstances"><IRETURNVALUE>{}</IRETURNVALUE>'
    "</IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>\n"
)
BEGINNING, END = ENVELOPE.split("{}")


def named_instance(number: int) -> str:
    """One of the instances."""
    key = f'<KEYBINDING NAME="Handle"><KEYVALUE VALUETYPE="string">{number}</KEYVALUE></KEYBINDING>'
    return (
        f'<VALUE.NAMEDINSTANCE><INSTANCENAME CLASSNAME="CIM_Process">{key}</INSTANCENAME>'
        '<INSTANCE CLASSNAME="CIM_Process">'
        f'<PROPERTY NAME="Handle" TYPE="string"><VALUE>{number}</VALUE></PROPERTY>'
        f'<PROPERTY NAME="Größe" TYPE="uint64"><VALUE>{number * 4096}</VALUE></PROPERTY>'
        '<PROPERTY NAME="CreationDate" TYPE="datetime">'
        "<VALUE>20250102030405.123456+060</VALUE></PROPERTY>"
        '<PROPERTY NAME="Caption" TYPE="string"/>'
        '<PROPERTY.ARRAY NAME="Parameters" TYPE="string"><VALUE.ARRAY><VALUE>a &lt; b</VALUE>'
        "<VALUE.NULL/><VALUE>ü</VALUE></VALUE.ARRAY></PROPERTY.ARRAY>"
        '<PROPERTY NAME="Load" TYPE="real32"><VALUE>0.5</VALUE></PROPERTY>'
        "</INSTANCE></VALUE.NAMEDINSTANCE>"
    )


def answer(count: int) -> bytes:
    """All of it."""
    return "".join([BEGINNING, *map(named_instance, range(count)), END]).encode()


def chunks(count: int) -> Iterator[bytes]:
    """An instance at a time."""
    yield BEGINNING.encode()
    for number in range(count):
        yield named_instance(number).encode()
    yield END.encode()
