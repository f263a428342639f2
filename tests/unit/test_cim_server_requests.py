"""Which requests are answered with an HTTP status and no message (DSP0200, 6 and 7)."""

from urllib.parse import quote

import pytest

from opswire import wbem
from opswire._core.cimxml import export_request, imethodcall, methodcall
from opswire.wbem.embedded import Exchange, Refused, Repository
from tests.wbem.asking import headers
from tests.wbem.disks import NAMESPACE

BODY = imethodcall("7", "EnumerateClassNames", NAMESPACE, [])
CALL = BODY[BODY.index(b"<SIMPLEREQ>") : BODY.index(b"</MESSAGE>")]
RIGHT = headers("EnumerateClassNames")
EXPORTED = export_request("1", wbem.CIMInstance("CIM_Indication"))

REFUSED: dict[str, tuple[int, str | None, dict[str, str | None], bytes]] = {
    "no type": (415, None, {"content-type": None}, BODY),
    "another type": (415, None, {"content-type": "text/html"}, BODY),
    "another charset": (415, None, {"content-type": "text/xml; charset=latin-1"}, BODY),
    "compressed": (415, None, {"content-encoding": "gzip"}, BODY),
    "accepts html": (406, None, {"accept": "text/html, image/*"}, BODY),
    "accepts latin": (406, None, {"accept-charset": "latin-1"}, BODY),
    "a range": (400, "header-mismatch", {"range": "bytes=0-5"}, BODY),
    "a batch": (501, "multiple-requests-unsupported", {"cimbatch": ""}, BODY),
    "no operation": (400, "unsupported-operation", {"cimoperation": None}, BODY),
    "another operation": (400, "unsupported-operation", {"cimoperation": "MethodResponse"}, BODY),
    "protocol 2": (501, "unsupported-protocol-version", {"cimprotocolversion": "2.0"}, BODY),
    "another protocol": (400, "header-mismatch", {"cimprotocolversion": "1.4"}, BODY),
    "no method": (400, "header-mismatch", {"cimmethod": None}, BODY),
    "another method": (400, "header-mismatch", {"cimmethod": "GetClass"}, BODY),
    "no object": (400, "header-mismatch", {"cimobject": None}, BODY),
    "another object": (400, "header-mismatch", {"cimobject": "root/other"}, BODY),
    "a class as object": (400, "header-mismatch", {"cimobject": f"{NAMESPACE}:TST_Disk"}, BODY),
    "not UTF-8": (400, "header-mismatch", {"cimobject": "root/cimv2\xff"}, BODY),
    "empty": (400, "request-not-well-formed", {}, b""),
    "no XML": (400, "request-not-well-formed", {}, b"GET / HTTP/1.1"),
    "cut": (400, "request-not-well-formed", {}, BODY[:-20]),
    "an entity": (400, "request-not-well-formed", {}, BODY.replace(b"cimv2", b"&bomb;")),
    "control character": (400, "request-not-well-formed", {}, BODY.replace(b"cimv2", b"&#1;")),
    "no CIM-XML": (400, "request-not-loosely-valid", {}, b"<html/>"),
    "no name": (400, "request-not-loosely-valid", {}, BODY.replace(b' NAME="Enum', b' NOME="Enum')),
    "no message": (
        501,
        "multiple-requests-unsupported",
        {},
        b'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><DECLARATION><DECLGROUP/></DECLARATION></CIM>',
    ),
    "CIM 3": (501, "unsupported-cim-version", {}, BODY.replace(b'MVERSION="2.0', b'MVERSION="3.0')),
    "DTD 3": (501, "unsupported-dtd-version", {}, BODY.replace(b'DVERSION="2.0', b'DVERSION="3.0')),
    "message of protocol 2": (
        501,
        "unsupported-protocol-version",
        {},
        BODY.replace(b'LVERSION="1.0', b'LVERSION="2.0'),
    ),
    "two requests": (
        501,
        "multiple-requests-unsupported",
        {},
        BODY.replace(CALL, b"<MULTIREQ>" + CALL * 2 + b"</MULTIREQ>"),
    ),
    "a name with a line end": (
        400,
        "header-mismatch",
        {},
        BODY.replace(b'NAME="Enum', b'NAME="&#10;X-Injected: y\xc3\xa4s &#13;Enum'),
    ),
    "an export": (400, "request-not-loosely-valid", {"cimmethod": "ExportIndication"}, EXPORTED),
}
ACCEPTED: dict[str, tuple[dict[str, str | None], bytes]] = {
    "as it is": ({}, BODY),
    "text/xml": ({"content-type": "text/xml"}, BODY),
    "charset in quotes": ({"content-type": 'Application/XML; charset="UTF-8"'}, BODY),
    "accepts both": ({"accept": "text/xml, application/xml;q=0.5"}, BODY),
    "accepts all": ({"accept": "*/*", "accept-charset": "latin-1, utf-8;q=0.1"}, BODY),
    "identity": ({"content-encoding": "identity"}, BODY),
    "protocol": ({"cimprotocolversion": "1.0"}, BODY),
    "operation in another case": ({"cimoperation": "methodcall"}, BODY),
    "quoted namespace": ({"cimobject": "root%2Fcimv2"}, BODY),
    "slashes around": ({"cimobject": "/ROOT/cimv2/"}, BODY),
}


@pytest.fixture
def exchange() -> Exchange:
    """An empty one."""
    return Exchange(Repository())


def told(changes: dict[str, str | None]) -> dict[str, str]:
    """The right headers, but for the changes."""
    changed = {**RIGHT, **changes}
    return {name: value for name, value in changed.items() if value is not None}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_request_is_refused_with_the_words_of_dsp0200(
    case: str, exchange: Exchange
) -> None:
    status, word, changes, body = REFUSED[case]
    with pytest.raises(Refused) as caught:
        exchange.read(told(changes), body)
    assert (caught.value.status, caught.value.cim_error) == (status, word)
    for value in caught.value.headers().values():
        assert value.isascii()
        assert value.isprintable()


@pytest.mark.parametrize("case", ACCEPTED)
def test_a_right_request_is_read(case: str, exchange: Exchange) -> None:
    changes, body = ACCEPTED[case]
    _, call = exchange.read(told(changes), body)
    assert call.name == "EnumerateClassNames"


@pytest.mark.parametrize(
    ("target", "is_right"),
    [
        ("root/cimv2:TST_Disk", True),
        ('root/cimv2:tst_disk.ID="a"', True),
        ("root%2Fcimv2%3ATST_Disk", True),
        ("root/cimv2", False),
        ("root/cimv2:TST_Other", False),
        ("root/other:TST_Disk", False),
    ],
)
def test_the_object_of_a_method_is_compared(
    target: str, is_right: bool, exchange: Exchange
) -> None:
    path = wbem.CIMInstanceName("TST_Disk", {"ID": "a"}, namespace=NAMESPACE)
    body = methodcall("7", "Check", path, [])
    if is_right:
        assert exchange.read(headers("Check", target), body)[1].target == path
    else:
        with pytest.raises(Refused):
            exchange.read(headers("Check", target), body)


def test_names_beyond_ascii_come_encoded_or_not(exchange: Exchange) -> None:
    body = imethodcall("7", "EnumerateClassNames", "root/größe", [])
    for value in (quote("root/größe"), "root/größe".encode().decode("latin-1")):
        exchange.read(headers("EnumerateClassNames", value), body)


def test_every_cut_of_a_request_is_refused(exchange: Exchange) -> None:
    for size in range(len(BODY.rstrip()) - 1):
        with pytest.raises(Refused):
            exchange.read(RIGHT, BODY[:size])
