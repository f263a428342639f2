"""Documents that lead to every place where csrc asks for memory, as small as that allows."""

import html
import tomllib
from collections.abc import Iterable
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases"
SAMPLES = (
    "57_rsp_GetInstance_embedded_error",
    "02_rsp_GetClass_localonly",
    "10_rsp_EnumerateInstances_all_types",
    "11_rsp_EnumerateInstances_embedded",
    "13_rsp_EnumerateInstances_unicode",
    "17_rsp_EnumerateInstanceNames_refkeys",
    "28_rsp_InvokeMethod_reference_out",
    "34_rsp_error_with_CIM_Error_instance",
    "51_rsp_GetQualifier",
    "58_rsp_InvokeMethod_embedded_out",
    "exp_embedded_0",
)
# Longer than a tag that the scanner keeps may be; names may be as long.
LONG = "L" * 1000


def _table(name: str, entry: str, octets: str) -> dict[str, bytes]:
    return {
        each["name"]: bytes.fromhex(each["hex"]) if "hex" in each else each[octets].encode()
        for each in tomllib.loads((CASES / name).read_text())[entry]
    }


def _instance(name: str, inner: Iterable[str] = ()) -> str:
    return f'<INSTANCE CLASSNAME="{name}">{"".join(inner)}</INSTANCE>'


def _property(name: str, value: str) -> str:
    return f'<PROPERTY NAME="{name}" TYPE="string"><VALUE>{value}</VALUE></PROPERTY>'


def _reference(name: str, key: str = "") -> str:
    inner = key or '<KEYVALUE VALUETYPE="string">k</KEYVALUE>'
    binding = f'<KEYBINDING NAME="K">{inner}</KEYBINDING>'
    path = f'<INSTANCENAME CLASSNAME="{name}">{binding}</INSTANCENAME>'
    return f"<VALUE.REFERENCE>{path}</VALUE.REFERENCE>"


def _references(count: int) -> str:
    """Paths without keys, which are the shortest shapes."""
    inner = "".join(
        f'<VALUE.REFERENCE><INSTANCENAME CLASSNAME="C{i}"/></VALUE.REFERENCE>' for i in range(count)
    )
    return f"<VALUE.REFARRAY>{inner}</VALUE.REFARRAY>"


def _nested_references(levels: int) -> str:
    result = ""
    for i in range(levels):
        result = _reference(f"C{i}", result)
    return result


def _embedded(levels: int, inner: str) -> str:
    """An object in the text of an instance's property, and so on."""
    for i in range(levels):
        text = f"<VALUE>{html.escape(inner)}</VALUE>"
        opened = f'<PROPERTY NAME="P{i}" TYPE="string" EmbeddedObject="object">'
        inner = _instance(f"C{i}", [f"{opened}{text}</PROPERTY>"])
    return inner


def _elements(depth: int, name: str = "a") -> str:
    return "".join(f"<{name}{i}>" for i in range(depth)) + "".join(
        f"</{name}{i}>" for i in reversed(range(depth))
    )


def _answer(inner: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><CIM CIMVERSION="2.0" DTDVERSION="2.0">'
        '<MESSAGE ID="1" PROTOCOLVERSION="1.0"><SIMPLERSP><IMETHODRESPONSE NAME="M">'
        f"<IRETURNVALUE>{inner}</IRETURNVALUE>"
        "</IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>"
    )


XML = _table("xml_documents.toml", "document", "octets") | {
    "deeper than the stack at first": _elements(40).encode(),
    "names that are kept apart, the buffer of which grows": _elements(6, LONG).encode(),
    "tags that are kept at first": ("<a>" + '<b c="&lt;"/>' * 3 + "</a>").encode(),
    "attributes to be unescaped, too long to be kept": (
        f'<a b="&lt;{LONG}" c="&gt;{LONG}"><d e="\n{LONG}"/></a>'.encode()
    ),
    "text with references, longer than the room for it at first": (
        ("<a>" + "text &amp; more text é\r\n" * 60 + "</a>").encode()
    ),
    "text with a reference that is cut in a character": (
        b"<a>&amp;" + b"x" * 300 + "é".encode()[:1]
    ),
    "UTF-16": "\ufeff<é b='&lt;'>€😀&#13;</é>".encode("utf-16-le"),
    "Latin 1": '<?xml version="1.0" encoding="ISO-8859-1"?><a b="é">é</a>'.encode("latin-1"),
    "a DOCTYPE, comments and sections": (
        b'<!DOCTYPE a SYSTEM "b"><!-- c --><a><?d e?><![CDATA[f]]]><!-- g --></a>'
    ),
}

MESSAGES = (
    {name: (CASES / f"cimxml/{name}.xml").read_bytes() for name in SAMPLES}
    | _table("cimxml_elements.toml", "element", "xml")
    | {
        "more properties than a table has room for at first": _instance(
            "C", (_property(f"P{i}", "v") for i in range(140))
        ).encode(),
        "more shapes than a table has room for at first": _references(140).encode(),
        "more shapes than a chunk of a table has": _references(1040).encode(),
        "more shapes than a table may have": _answer(
            "".join(f'<INSTANCENAME CLASSNAME="C{i}"/>' for i in range(1040))
        ).encode(),
        "tags that are not kept": _answer(
            "".join(
                _instance(f"C{LONG}{i}", [_property(f"P{LONG}{i}", LONG), _property("p", "")])
                for i in range(3)
            )
        ).encode(),
        "as many references in each other as there may be": _answer(_nested_references(8)).encode(),
        "one more": _nested_references(9).encode(),
        "objects in each other, and in them as many references": _answer(
            _embedded(
                2,
                _instance(
                    "D",
                    [f"<PROPERTY.REFERENCE NAME='R'>{_nested_references(8)}</PROPERTY.REFERENCE>"],
                ),
            )
        ).encode(),
        "too many of them": _embedded(9, '<CLASS NAME="E"/>').encode(),
        "a property twice": _instance(
            "C", [_property("P", "1"), _property("p", "2"), _property("Q", "3")]
        ).encode(),
        "an embedded object with a fault": _instance(
            "C",
            [
                '<PROPERTY NAME="P" TYPE="string" EmbeddedObject="instance">'
                "<VALUE>&lt;INSTANCE CLASSNAME=&quot;D&quot;&gt;</VALUE></PROPERTY>"
            ],
        ).encode(),
        "an attribute that is none": b'<INSTANCE CLASSNAME="C" NAME="D"/>',
        "UTF-16": ("\ufeff" + _answer(_instance("É", [_property("é", "€")]))).encode("utf-16-be"),
        "cut off": _answer(_instance("C", [_property("P", "v")]))[:-20].encode(),
    }
)
