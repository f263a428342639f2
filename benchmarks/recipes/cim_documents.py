"""CIM-XML answers of any size for the benchmarks, as servers write them; no chance in them.

``python -m benchmarks.recipes.cim_documents COUNT FILE`` writes the answer with so many instances:
a process of its own, because what it needs would show in the memory of the one that reads.
"""

import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

#: Instances in the usual answer, and what each has.
INSTANCES = 1000
PROPERTIES = 30
#: Instances in the answer of 34.6 MB.
MANY = 10_000
CLASSES = 1400
SYSTEM = "node-17.example.com"

_HEAD = (
    '<?xml version="1.0" encoding="utf-8" ?>\n<CIM CIMVERSION="2.0" DTDVERSION="2.0">\n'
    '<MESSAGE ID="1001" PROTOCOLVERSION="1.0">\n<SIMPLERSP>\n<IMETHODRESPONSE NAME="{}">\n'
    "<IRETURNVALUE>\n"
)
_TAIL = "</IRETURNVALUE>\n</IMETHODRESPONSE>\n</SIMPLERSP>\n</MESSAGE>\n</CIM>\n"


def _keys(number: int) -> list[tuple[str, str]]:
    return [
        ("CSCreationClassName", "CIM_UnitaryComputerSystem"),
        ("CSName", SYSTEM),
        ("OSCreationClassName", "CIM_OperatingSystem"),
        ("OSName", "Linux"),
        ("CreationClassName", "CIM_UnixProcess"),
        ("Handle", str(1000 + number)),
    ]


def _values(number: int) -> list[tuple[str, str, str | list[str] | None]]:
    """Name, type and value: 15 strings, 10 integers, 3 datetimes, a real, a boolean."""
    day = f"{number % 12 + 1:02}{number % 28 + 1:02}"
    since = f"2026{day}{number % 24:02}4207.{number % 1000:06}+060"
    return [
        *((name, "string", value) for name, value in _keys(number)),
        ("Name", "string", f"worker-process-{number}"),
        ("Caption", "string", f"Process {number}"),
        (
            "Description",
            "string",
            f"Worker {number} of the array's <event> collector, which waits until there is work",
        ),
        ("ElementName", "string", f"worker-process-{number}"),
        ("Status", "string", "OK"),
        ("ModulePath", "string", f"/usr/lib/collector/bin/worker-{number % 50}"),
        ("Parameters", "string", ["worker", f"--number={number}"]),
        ("OtherExecutionDescription", "string", None),
        ("OtherState", "string", None),
        ("Priority", "uint32", str(number % 40)),
        ("ExecutionState", "uint16", str(number % 12)),
        ("ProcessID", "uint64", str(1000 + number)),
        ("ParentProcessID", "uint64", str(number % 1000)),
        ("RealUserID", "uint64", "0"),
        ("ProcessGroupID", "uint64", str(1000 + number)),
        ("KernelModeTime", "uint64", str(number * 12347)),
        ("UserModeTime", "uint64", str(number * 982451653)),
        ("OperationalStatus", "uint16", ["2", str(number % 19)]),
        ("WorkingSetSize", "uint64", None),
        ("InstallDate", "datetime", since),
        ("CreationDate", "datetime", since),
        ("ElapsedTime", "datetime", f"{number % 1000:08}114207.000000:000"),
        ("LoadAverage", "real32", f"{number % 100}.5"),
        ("EnabledDefault", "boolean", ("TRUE", "FALSE")[number % 2]),
    ]


def _property(name: str, kind: str, value: str | list[str] | None) -> str:
    if isinstance(value, list):
        items = "".join(f"<VALUE>{escape(item, quote=False)}</VALUE>\n" for item in value)
        return (
            f'<PROPERTY.ARRAY NAME="{name}" TYPE="{kind}">\n<VALUE.ARRAY>\n{items}</VALUE.ARRAY>\n'
            "</PROPERTY.ARRAY>\n"
        )
    if value is None:
        return f'<PROPERTY NAME="{name}" TYPE="{kind}">\n</PROPERTY>\n'
    return (
        f'<PROPERTY NAME="{name}" TYPE="{kind}">\n<VALUE>{escape(value, quote=False)}</VALUE>\n'
        "</PROPERTY>\n"
    )


def _instance(number: int) -> str:
    properties = "".join(_property(*each) for each in _values(number))
    return f'<INSTANCE CLASSNAME="CIM_UnixProcess">\n{properties}</INSTANCE>\n'


def _named_instance(number: int) -> str:
    keys = "".join(
        f'<KEYBINDING NAME="{name}">\n<KEYVALUE VALUETYPE="string">{value}</KEYVALUE>\n'
        "</KEYBINDING>\n"
        for name, value in _keys(number)
    )
    return (
        f'<VALUE.NAMEDINSTANCE>\n<INSTANCENAME CLASSNAME="CIM_UnixProcess">\n{keys}'
        f"</INSTANCENAME>\n{_instance(number)}</VALUE.NAMEDINSTANCE>\n"
    )


def chunks(count: int) -> Iterator[bytes]:
    """The answer to EnumerateInstances, one instance after the other."""
    yield _HEAD.format("EnumerateInstances").encode()
    for number in range(count):
        yield _named_instance(number).encode()
    yield _TAIL.encode()


def instances(count: int = INSTANCES) -> bytes:
    """The same as a whole: 3.4 MB for 1,000."""
    return b"".join(chunks(count))


def embedded(count: int = INSTANCES, each: int = 100) -> bytes:
    """So many instances altogether in array properties, escaped, of `each` items."""
    texts = [_HEAD.format("EnumerateInstances")]
    for first in range(0, count, each):
        items = "".join(
            f"<VALUE>{escape(_instance(number), quote=False)}</VALUE>\n"
            for number in range(first, first + each)
        )
        texts.append(
            '<VALUE.NAMEDINSTANCE>\n<INSTANCENAME CLASSNAME="CIM_ProcessList">\n<KEYBINDING '
            f'NAME="InstanceID">\n<KEYVALUE VALUETYPE="string">{first}</KEYVALUE>\n</KEYBINDING>\n'
            '</INSTANCENAME>\n<INSTANCE CLASSNAME="CIM_ProcessList">\n'
            '<PROPERTY.ARRAY NAME="Processes" TYPE="string" EmbeddedObject="instance">\n'
            f"<VALUE.ARRAY>\n{items}</VALUE.ARRAY>\n</PROPERTY.ARRAY>\n</INSTANCE>\n"
            "</VALUE.NAMEDINSTANCE>\n"
        )
    return "".join([*texts, _TAIL]).encode()


def _qualifier(name: str, kind: str, value: str) -> str:
    return (
        f'<QUALIFIER NAME="{name}" TYPE="{kind}" TRANSLATABLE="true">\n'
        f"<VALUE>{value}</VALUE>\n</QUALIFIER>\n"
    )


def _class(number: int) -> str:
    """With 12 properties and two methods, all described, a third of them with value maps."""
    name = f"EX_Class{number}"
    described = [
        _qualifier(
            "Description", "string", f"Thing {number} of the model. " + "It is as it is. " * 6
        ),
        _qualifier("Version", "string", f"2.{number % 50}.0"),
    ]
    texts = [f'<CLASS NAME="{name}" SUPERCLASS="EX_Class{number // 4}">\n', *described]
    for place in range(12):
        kind = ("string", "uint32", "uint16", "datetime")[place % 4]
        texts.append(
            f'<PROPERTY NAME="Property{place}" TYPE="{kind}" CLASSORIGIN="EX_Class{number // 4}" '
            f'PROPAGATED="{("true", "false")[place % 2]}">\n'
        )
        texts.append(
            _qualifier("Description", "string", f"Number {place} of {name}. " + "Say it so. " * 15)
        )
        texts.append(_qualifier("Read", "boolean", "TRUE"))
        if place % 3 == 2:
            for qualifier in ("ValueMap", "Values"):
                values = "".join(f"<VALUE>{value}</VALUE>\n" for value in range(8))
                texts.append(
                    f'<QUALIFIER NAME="{qualifier}" TYPE="string">\n<VALUE.ARRAY>\n{values}'
                    "</VALUE.ARRAY>\n</QUALIFIER>\n"
                )
        texts.append("</PROPERTY>\n")
    for method in ("RequestStateChange", "Reset"):
        texts.append(f'<METHOD NAME="{method}" TYPE="uint32" CLASSORIGIN="{name}">\n')
        texts.append(_qualifier("Description", "string", "What the method does. " * 8))
        for parameter in ("State", "Timeout"):
            texts.append(f'<PARAMETER NAME="{parameter}" TYPE="uint16">\n')
            texts.append(_qualifier("IN", "boolean", "TRUE"))
            texts.append(_qualifier("Description", "string", f"{parameter} that is wanted. " * 4))
            texts.append("</PARAMETER>\n")
        texts.append("</METHOD>\n")
    return "".join([*texts, "</CLASS>\n"])


def classes(count: int = CLASSES) -> bytes:
    """The answer to EnumerateClasses, deep."""
    texts = map(_class, range(count))
    return "".join([_HEAD.format("EnumerateClasses"), *texts, _TAIL]).encode()


def text_value(content: str) -> bytes:
    """An answer with one instance that has one property, of this content as it is."""
    return (
        _HEAD.format("EnumerateInstances")
        + '<INSTANCE CLASSNAME="EX_Text"><PROPERTY NAME="Text" TYPE="string">'
        + f"<VALUE>{content}</VALUE></PROPERTY></INSTANCE>\n"
        + _TAIL
    ).encode()


def many_attributes(count: int) -> bytes:
    """An instance whose tag has so many attributes."""
    attributes = " ".join(f'A{number}="x"' for number in range(count))
    head = _HEAD.format("EnumerateInstances")
    return f"{head}<INSTANCE {attributes}></INSTANCE>\n{_TAIL}".encode()


def deep_references(depth: int) -> bytes:
    """A path whose key is a path whose key is a path …"""
    opening = '<INSTANCENAME CLASSNAME="EX_Deep"><KEYBINDING NAME="Next"><VALUE.REFERENCE>' * depth
    closing = "</VALUE.REFERENCE></KEYBINDING></INSTANCENAME>" * depth
    inner = '<INSTANCENAME CLASSNAME="EX_End"></INSTANCENAME>'
    return (_HEAD.format("EnumerateInstanceNames") + opening + inner + closing + _TAIL).encode()


def entity_bomb(levels: int) -> bytes:
    """Each entity is ten of the one before."""
    entities = "".join(
        f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, levels)
    )
    head = f'<!DOCTYPE CIM [<!ENTITY e0 "boom">{entities}]>\n<CIM CIMVERSION="2.0">'
    return f"{head}&e{levels - 1};</CIM>".encode()


def written(count: int, folder: str) -> Path:
    """A file with the answer, made by another process."""
    path = Path(folder) / f"{count}.xml"
    command = [sys.executable, "-m", "benchmarks.recipes.cim_documents", str(count), str(path)]
    subprocess.run(command, check=True)
    return path


def main(arguments: list[str]) -> None:
    """Write the file."""
    count, path = arguments
    with Path(path).open("wb") as file:
        file.writelines(chunks(int(count)))


if __name__ == "__main__":
    main(sys.argv[1:])
