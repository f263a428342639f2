"""What real servers send, programs give and pywbem takes, though it is not as it should be."""

import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from opswire import wbem
from opswire.wbem import CIMClassName, CIMInstance, CIMInstanceName
from tests.wbem.answers import BEGINNING, END


def answer(text: str) -> bytes:
    """An answer with that in IRETURNVALUE."""
    return f"{BEGINNING}{text}{END}".encode()


def parsed(xml: str) -> Any:
    """The object of a fragment."""
    [made] = wbem.parse(xml.encode(), fragment=True).objects
    return made


# ---- warnings ----

EMPTY_VALUE = (
    '<INSTANCE CLASSNAME="CIM_A"><PROPERTY NAME="P" TYPE="boolean"><VALUE></VALUE></PROPERTY>'
    "</INSTANCE>"
)
EMPTY_FLAG = (
    '<INSTANCE CLASSNAME="CIM_B"><PROPERTY NAME="P" TYPE="string" PROPAGATED=""/></INSTANCE>'
)
KEYLESS = '<INSTANCENAME CLASSNAME="CIM_C"/>'
TOLERATED: list[tuple[str, type[Warning], str]] = [
    (EMPTY_VALUE, wbem.ToleratedServerIssueWarning, "'CIM_A'"),
    (EMPTY_FLAG, wbem.ToleratedServerIssueWarning, "'CIM_B'"),
    (KEYLESS, wbem.MissingKeybindingsWarning, "'CIM_C'"),
]


def close(octets: bytes) -> None:
    """By a parser."""
    parser = wbem.Parser()
    for start in range(0, len(octets), 50):
        parser.feed(octets[start : start + 50])
    parser.close()


WAYS: dict[str, Callable[[bytes], object]] = {
    "parse": wbem.parse,
    "iterate": lambda octets: list(wbem.iterate(octets)),
    "close": close,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("xml", "category", "words"), TOLERATED)
def test_what_is_tolerated_is_told_once_with_the_class(
    xml: str, category: type[Warning], words: str, way: str
) -> None:
    """And with the line of the program that asked."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        WAYS[way](answer(xml))
        WAYS[way](answer(xml * 5))
    assert [warning.category for warning in caught] == [category, category]
    assert words in str(caught[0].message)
    assert str(caught[1].message).endswith(f"{words} and 4 more")
    assert {warning.filename for warning in caught} == {__file__}


def test_nothing_is_told_of_what_is_as_it_should_be() -> None:
    """An object behind one that is tolerated, and the next message of the same reader."""
    octets = answer(EMPTY_FLAG + EMPTY_FLAG.replace('PROPAGATED=""', 'PROPAGATED="true"') * 3)
    with pytest.warns(wbem.ToleratedServerIssueWarning, match=r"'CIM_B'$"):
        objects = wbem.parse(octets).objects
    assert [one.properties["P"].propagated for one in objects] == [False, True, True, True]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        wbem.parse(answer(EMPTY_FLAG.replace('PROPAGATED=""', 'PROPAGATED=" False "')))


@pytest.mark.parametrize(
    "attribute", ["PROPAGATED", "OVERRIDABLE", "TOSUBCLASS", "TOINSTANCE", "TRANSLATABLE"]
)
def test_every_empty_boolean_attribute_is_as_if_it_were_not_there(attribute: str) -> None:
    """Of a qualifier."""
    xml = '<QUALIFIER NAME="Q" TYPE="string"{}/>'
    xml = f'<CLASS NAME="C">{xml}</CLASS>'
    with pytest.warns(wbem.ToleratedServerIssueWarning, match="'C'"):
        [made] = wbem.parse(xml.format(f' {attribute}=""').encode(), fragment=True).objects
    assert made == parsed(xml.format(""))


@pytest.mark.parametrize(
    "xml",
    [
        '<QUALIFIER.DECLARATION NAME="Q" TYPE="string" ISARRAY=""/>',
        '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"><SCOPE CLASS=" "/></QUALIFIER.DECLARATION>',
        '<CLASS NAME="C"><METHOD NAME="M" TYPE="uint8" PROPAGATED=""/></CLASS>',
        '<CLASS NAME="C"><PROPERTY.ARRAY NAME="P" TYPE="uint8" PROPAGATED=""/></CLASS>',
        '<CLASS NAME="C"><PROPERTY.REFERENCE NAME="P" PROPAGATED=""/></CLASS>',
    ],
)
def test_empty_boolean_attributes_of_other_elements_are_tolerated(xml: str) -> None:
    """With the same warning."""
    with pytest.warns(wbem.ToleratedServerIssueWarning, match="empty boolean attribute"):
        wbem.parse(xml.encode(), fragment=True)


# ---- versions ----

MESSAGE = (
    '<CIM CIMVERSION="{}" DTDVERSION="{}"><MESSAGE ID="1" PROTOCOLVERSION="{}"><SIMPLERSP>'
    '<IMETHODRESPONSE NAME="x"/></SIMPLERSP></MESSAGE></CIM>'
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("versions", "kind", "words"),
    [
        (("3.0", "2.0", "1.0"), wbem.CIMVersionError, "CIMVERSION is 3.0, expected 2.x.y"),
        (("2", "2.0", "1.0"), wbem.CIMVersionError, "CIMVERSION is 2, expected 2.x.y"),
        (("", "2.0", "1.0"), wbem.CIMVersionError, "CIMVERSION is , expected 2.x.y"),
        (("2.0", "1.9", "1.0"), wbem.DTDVersionError, "DTDVERSION is 1.9, expected 2.x.y"),
        (("2.0", "2.0", "2.0"), wbem.ProtocolVersionError, "PROTOCOLVERSION is 2.0, expected"),
    ],
)
def test_other_versions_are_refused_by_name(
    versions: tuple[str, str, str], kind: type[Exception], words: str, way: str
) -> None:
    """They are VersionErrors, and end the parser."""
    with pytest.raises(kind, match=words) as raised:
        WAYS[way](MESSAGE.format(*versions).encode())
    assert isinstance(raised.value, wbem.VersionError)


@pytest.mark.parametrize("versions", [("2.7", "2.4", "1.4"), ("2.0.1", "2.", "1.0.1")])
def test_later_versions_of_the_same_are_read(versions: tuple[str, str, str]) -> None:
    """Whatever comes behind the point."""
    assert wbem.parse(MESSAGE.format(*versions).encode()).name == "x"


# ---- encodings ----


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("utf8", "utf-8"),
        ("UTF8", "utf-8"),
        ("latin1", "latin-1"),
        ("Latin-1", "latin-1"),
        ("iso8859-1", "latin-1"),
        ("ISO_8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("CP1252", "cp1252"),
        ("ascii", "ascii"),
        ("UTF16", "utf-16"),
    ],
)
@pytest.mark.parametrize("size", [1 << 20, 1])
def test_encodings_have_other_names(declared: str, codec: str, size: int) -> None:
    """Those that are met."""
    text = {"ascii": "plain", "cp1252": "€ „ü“ ž\u0178", "latin-1": "ü\x85ÿ"}.get(codec, "大€ü")
    xml = (
        f'<?xml version="1.0" encoding="{declared}"?><INSTANCE CLASSNAME="C"><PROPERTY NAME="P" '
        f'TYPE="string"><VALUE>{text}</VALUE></PROPERTY></INSTANCE>'
    )
    octets = xml.encode(codec)
    parser = wbem.Parser(fragment=True)
    for start in range(0, len(octets), size):
        parser.feed(octets[start : start + size])
    [made] = parser.close().objects or [None]
    if made is None:
        [made] = wbem.parse(octets, fragment=True).objects
    assert made["P"] == text


def test_every_octet_of_windows_1252_is_its_character_or_refused() -> None:
    """Five of them are none."""
    for octet in range(0x80, 0x100):
        head = b'<?xml version="1.0" encoding="windows-1252"?><INSTANCE CLASSNAME="'
        octets = head + bytes([octet]) + b'"/>'
        if octet in {0x81, 0x8D, 0x8F, 0x90, 0x9D}:
            with pytest.raises(wbem.XMLParseError) as raised:
                wbem.parse(octets, fragment=True)
            assert raised.value.offset == len(head)
        else:
            [made] = wbem.parse(octets, fragment=True).objects
            assert made.classname == bytes([octet]).decode("cp1252")


# ---- values ----


@pytest.fixture
def any_range() -> Iterator[None]:
    """Integers out of range are kept."""
    wbem.config.ENFORCE_INTEGER_RANGE = False
    yield
    wbem.config.ENFORCE_INTEGER_RANGE = True


@pytest.mark.usefixtures("any_range")
def test_integers_out_of_range_are_kept_in_answers_too() -> None:
    """Read, read again, copied, written and compared; readers of before are not used for it."""
    xml = EMPTY_VALUE.replace("boolean", "uint8").replace("<VALUE></VALUE>", "<VALUE>300</VALUE>")
    wbem.config.ENFORCE_INTEGER_RANGE = True
    with pytest.raises(wbem.CIMXMLParseError, match="not in the range"):
        wbem.parse(answer(xml))
    wbem.config.ENFORCE_INTEGER_RANGE = False
    [one], [other] = (wbem.parse(answer(xml)).objects for _ in range(2))
    assert one["P"] == 300
    assert type(one["P"]) is wbem.Uint8
    assert one.copy() == other
    assert "<VALUE>300</VALUE>" in one.tocimxmlstr()
    wbem.config.ENFORCE_INTEGER_RANGE = True
    with pytest.raises(wbem.CIMXMLParseError, match="not in the range"):
        wbem.parse(answer(xml))


def test_scopes_keep_the_order_of_the_document() -> None:
    """Those that are denied are there, too."""
    made = parsed(
        '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"><SCOPE METHOD="true" CLASS="TRUE" '
        'PROPERTY="false"/></QUALIFIER.DECLARATION>'
    )
    assert list(made.scopes.items()) == [("METHOD", True), ("CLASS", True), ("PROPERTY", False)]


def test_keys_keep_their_types() -> None:
    """Made, written as XML and as a URI, and read again."""
    path = CIMInstanceName(
        "C", {"c": wbem.Char16("x"), "f": 42.1, "r": wbem.Real32(42.1), "g": 1e100, "s": "x"}
    )
    xml = path.tocimxmlstr()
    for text in (">42.1<", '"real32">42.1<', ">1.0e+100<", 'TYPE="char16">x<'):
        assert text in xml
    again = parsed(xml)
    assert again == path
    assert {key: type(value) for key, value in again.items()} == {
        "c": wbem.Char16,
        "f": float,
        "r": wbem.Real32,
        "g": float,
        "s": str,
    }
    named = CIMInstanceName.from_wbem_uri("/:C.c='x',s=\"x\"")
    assert (type(named["c"]), type(named["s"])) == (wbem.Char16, str)


@pytest.mark.parametrize("kind", [CIMInstanceName, CIMClassName])
@pytest.mark.parametrize(
    "uri",
    [
        "http://h;x/root:C{}",
        "http://h/ro;ot:C{}",
        "//h/root;:C{}",
        "/root:C{};",
        "/:{}",
    ],
)
def test_a_uri_with_a_semicolon_or_without_a_class_is_refused(uri: str, kind: Any) -> None:
    """Of both kinds of paths."""
    with pytest.raises(ValueError, match="is no WBEM URI"):
        kind.from_wbem_uri(uri.format(".k=1" if kind is CIMInstanceName else ""))


@pytest.mark.parametrize("uri", ["//h/root", "http://h/C", "//h/", "/root", "//h:C"])
def test_a_class_path_without_a_class_is_refused(uri: str) -> None:
    """A namespace alone is none."""
    with pytest.raises(ValueError, match="is no WBEM URI"):
        CIMClassName.from_wbem_uri(uri)


def test_a_uri_with_a_number_that_no_double_holds_is_refused() -> None:
    """An infinity is one that says so."""
    for text in ("1e400", "-1e400", "1.8e308"):
        with pytest.raises(ValueError, match="no double holds"):
            CIMInstanceName.from_wbem_uri(f"/:C.k={text}")
    assert CIMInstanceName.from_wbem_uri("/:C.k=inf")["k"] == float("inf")
    assert CIMInstanceName.from_wbem_uri(f"/:C.k={sys.float_info.max!r}")["k"] == sys.float_info.max


class Text(str):
    """A text that shows itself otherwise."""

    __slots__ = ()

    def __str__(self) -> str:
        return "shown"

    def __repr__(self) -> str:
        return "shown"


@pytest.mark.parametrize("kind", [Text, wbem.Char16])
def test_a_subclass_of_str_is_taken_and_written_as_its_characters(kind: type[str]) -> None:
    """Wherever a str is."""

    def built(text: Callable[[str], str]) -> list[Any]:
        path = CIMInstanceName(text("C"), {text("K"): text("k")}, text("h"), text("n"))
        instance = CIMInstance(
            text("C"), {text("P"): text("v"), text("A"): [text("a"), None]}, path=path
        )
        said = wbem.CIMQualifier(text("Q"), text("v"), type="string")
        item = wbem.CIMProperty(text("P"), text("v"), type="string", class_origin=text("O"))
        method = wbem.CIMMethod(
            text("M"), "uint8", [wbem.CIMParameter(text("P"), "string", value=text("v"))]
        )
        klass = wbem.CIMClass(text("C"), [item], [method], text("S"), [said])
        return [
            path,
            instance,
            said,
            item,
            method,
            klass,
            CIMClassName(text("C"), text("h"), text("n")),
        ]

    # What has another CIM type by itself is not the same value: only its characters are compared.
    for one, plain in zip(built(kind), built(str), strict=True):
        if kind is Text:
            assert one == plain
            assert repr(one) == repr(plain)
            assert one.tocimxmlstr() == plain.tocimxmlstr()
        assert one.tocimxmlstr().replace("char16", "string") == plain.tocimxmlstr()
        if hasattr(plain, "to_wbem_uri"):
            assert one.to_wbem_uri() == plain.to_wbem_uri()
        if hasattr(plain, "tomof"):
            assert one.tomof().replace("'", '"') == plain.tomof().replace("'", '"')
