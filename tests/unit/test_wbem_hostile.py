"""CIM-XML that is broken, cut or meant to hurt: a typed error with its place, at once."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from opswire import wbem
from opswire._core import cimxml
from opswire.errors import LocalProtocolError, RemoteProtocolError
from tests.wbem.answers import BEGINNING, END, answer, named_instance

SAMPLES = sorted((Path(__file__).parents[1] / "cases/cimxml").glob("*.xml"))
INSIDE = "/CIM/MESSAGE/SIMPLERSP/IMETHODRESPONSE/IRETURNVALUE"


class Broken(NamedTuple):
    """Octets, and what is said of them."""

    octets: bytes
    kind: type[wbem.ParseError]
    line: int
    column: int
    offset: int
    path: str
    words: str
    excerpt: str


def within(text: str) -> bytes:
    """An answer whose only content is that."""
    return f"{BEGINNING}\n{text}\n{END}".encode()


START = len(BEGINNING.encode()) + 1
BAD_NUMBER = (
    '<INSTANCE CLASSNAME="C">\n<PROPERTY NAME="P" TYPE="uint8"><VALUE>{}</VALUE></PROPERTY>'
)
BROKEN = {
    "no XML": Broken(b"hello", wbem.XMLParseError, 1, 1, 0, "", "text outside", "hello"),
    "nothing": Broken(b"", wbem.XMLParseError, 1, 1, 0, "", "no element", ""),
    "another document": Broken(
        b"<html><body/></html>", wbem.CIMXMLParseError, 1, 1, 0, "/html", "element", "<html>"
    ),
    "a number that is none": Broken(
        within(BAD_NUMBER.format("1_0") + "</INSTANCE>"),
        wbem.CIMXMLParseError,
        4,
        43,
        START + 24 + 1 + 42,
        f"{INSIDE}/INSTANCE[1]/PROPERTY[1]/VALUE",
        "(1_0)",
        "1_0",
    ),
    "a number that is too large": Broken(
        within(BAD_NUMBER.format("256") + "</INSTANCE>"),
        wbem.CIMXMLParseError,
        4,
        43,
        START + 24 + 1 + 42,
        f"{INSIDE}/INSTANCE[1]/PROPERTY[1]/VALUE",
        "range",
        "256",
    ),
    "an end that does not match": Broken(
        within("<INSTANCE CLASSNAME='C'></CLASS>"),
        wbem.XMLParseError,
        3,
        25,
        START + 24,
        f"{INSIDE}/INSTANCE[1]",
        "end",
        "</CLASS>",
    ),
    "octets that are no UTF-8": Broken(
        within("<INSTANCE CLASSNAME='C'/>").replace(b"C'/>", b"\xff'/>"),
        wbem.XMLParseError,
        3,
        22,
        START + 21,
        INSIDE,
        "not encoded",
        "\ufffd",
    ),
    "an entity bomb": Broken(
        b'<?xml version="1.0"?>\n<!DOCTYPE lolz [\n <!ENTITY lol "lol">\n'
        + b"".join(b' <!ENTITY lol%d "%s">\n' % (i, b"&lol;" * 10) for i in range(9))
        + b"]>\n<CIM>&lol8;</CIM>",
        wbem.XMLParseError,
        2,
        16,
        37,
        "",
        "declar",
        "ENTITY",
    ),
    "an external entity": Broken(
        b'<!DOCTYPE CIM [<!ENTITY x SYSTEM "file:///etc/passwd">]><CIM>&x;</CIM>',
        wbem.XMLParseError,
        1,
        15,
        14,
        "",
        "declar",
        "ENTITY",
    ),
    "an unknown entity": Broken(
        within("<VALUE>&nbsp;</VALUE>"),
        wbem.XMLParseError,
        3,
        8,
        START + 7,
        f"{INSIDE}/VALUE[1]",
        "entity",
        "&nbsp;",
    ),
}


def caught(octets: bytes, size: int = 1 << 24) -> wbem.ParseError:
    """What a parser says that is fed with pieces."""
    parser = cimxml.Parser()
    pieces = (octets[start : start + size] for start in range(0, len(octets), size))
    with pytest.raises(wbem.ParseError) as error:
        feed_all(parser, pieces)
    with pytest.raises(LocalProtocolError):
        parser.feed(b"x")
    return error.value


def feed_all(parser: wbem.Parser, pieces: Iterable[bytes]) -> None:
    """To the end."""
    for piece in pieces:
        parser.feed(piece)
    parser.close()


def offset_of(error: wbem.ParseError) -> int:
    """Which octet it names."""
    assert error.offset is not None
    return error.offset


@pytest.mark.parametrize("size", [1 << 24, 1], ids=["whole", "by one"])
@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_an_error_tells_its_place(broken: Broken, size: int) -> None:
    """The same one, however the octets come."""
    error = caught(broken.octets, size)
    assert type(error) is broken.kind
    assert (error.line, error.column, error.offset, error.path) == broken[2:6]
    assert broken.words in str(error)
    assert error.excerpt is not None
    assert broken.excerpt in error.excerpt or size == 1
    assert len(error.excerpt) < 200
    for part in (f"line {error.line},", f"column {error.column},", f"octet {error.offset}:"):
        assert part in str(error)


def test_errors_are_where_they_belong_in_the_tree() -> None:
    """The peer's mistake, for those who catch all of them."""
    for kind in (wbem.XMLParseError, wbem.CIMXMLParseError):
        assert issubclass(kind, wbem.ParseError)
        assert issubclass(kind, wbem.Error)
        assert issubclass(kind, RemoteProtocolError)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_real_answer_that_is_cut_anywhere_is_refused(path: Path) -> None:
    """With the place of the cut. (The C tests do so at every octet of the large ones, too.)"""
    octets = path.read_bytes().rstrip()
    for end in range(0, len(octets), 1 + len(octets) // 4000):
        with pytest.raises(wbem.XMLParseError) as error:
            cimxml.parse(octets[:end])
        assert error.value.offset == end


def test_all_real_answers_are_here() -> None:
    """A folder that is gone would prove nothing."""
    assert len(SAMPLES) >= 29


# ---- what would take for ever, or all memory ----


def attributes() -> Iterator[bytes]:
    """An element that never ends."""
    yield b"<CIM "
    for number in itertools.count():
        yield b'a%d="" ' % number


def references() -> Iterator[bytes]:
    """Keys that are paths with keys that are paths."""
    yield BEGINNING.encode()
    begin = '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K"><VALUE.REFERENCE>'
    yield from itertools.repeat(begin.encode())


def elements() -> Iterator[bytes]:
    """Elements in each other."""
    yield BEGINNING.encode()
    yield from itertools.repeat(b"<VALUE.REFERENCE>")


#: What is kept of a tag at most, and then some.
MOST_OF_A_TAG = 1 << 21
ENDLESS = {
    "one name": (b"<CIM", itertools.repeat(b"a" * 100), "XMLParseError"),
    "attributes": (b"", attributes(), "XMLParseError"),
    "references": (b"", references(), "CIMXMLParseError"),
    "elements": (b"", elements(), "ParseError"),
    "a reference": (BEGINNING.encode() + b"<VALUE>&#", itertools.repeat(b"0"), "XMLParseError"),
    "blanks in a declaration": (b"<?xml ", itertools.repeat(b" "), "XMLParseError"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_has_no_end_is_refused_after_a_few_octets(name: str) -> None:
    """None of these needs to be stored, or read on, to be refused."""
    start, rest, kind = ENDLESS[name]
    parser = cimxml.Parser()
    parser.feed(start)
    with pytest.raises(getattr(wbem, kind)) as error:
        feed_all(parser, itertools.islice(rest, 2_000_000))
    assert offset_of(error.value) < MOST_OF_A_TAG


def test_a_hundred_thousand_attributes_are_refused_at_the_first_too_many() -> None:
    """Whole, too."""
    octets = b"<CIM " + b" ".join(b'a%d=""' % i for i in range(100_000)) + b"/>"
    error = caught(octets)
    assert offset_of(error) < 1000


def test_two_thousand_references_in_each_other_are_no_recursion_error() -> None:
    """Refused at the limit."""
    begin = '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K"><VALUE.REFERENCE>'
    end = "</VALUE.REFERENCE></KEYBINDING></INSTANCENAME>"
    octets = within(begin * 2000 + '<CLASSNAME NAME="D"/>' + end * 2000)
    error = caught(octets)
    assert "nested more deeply" in str(error)
    assert offset_of(error) < len(octets) // 10


def test_an_integer_of_five_thousand_digits_is_out_of_range() -> None:
    """With a short text."""
    error = caught(within(BAD_NUMBER.format("9" * 5000) + "</INSTANCE>"))
    assert isinstance(error, wbem.CIMXMLParseError)
    assert len(str(error)) < 1000


def test_twenty_megabytes_of_references_are_a_text() -> None:
    """Appending one character at a time would take minutes."""
    octets = within(f'<INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="string"><VALUE>'
                    f'{"&lt;" * 5_000_000}</VALUE></PROPERTY></INSTANCE>')  # fmt: skip
    (instance,) = cimxml.parse(octets).objects
    assert instance["P"] == "<" * 5_000_000


def test_a_good_answer_after_a_bad_one_is_read() -> None:
    """Parsers are used again inside; nothing of a message is left over."""
    good = answer(5)
    for end in range(0, len(good), 101):
        caught(good[:end])
        assert len(cimxml.parse(good).objects) == 5


def test_objects_before_the_fault_are_given_by_a_parser() -> None:
    """What feed() returned before is complete; an iterator yields it."""
    octets = (BEGINNING + named_instance(1) + named_instance(2)).encode() + b"<oops/>"
    iterator = cimxml.iterate(octets[i : i + 64] for i in range(0, len(octets), 64))
    assert [next(iterator)["Handle"] for _ in range(2)] == ["1", "2"]
    with pytest.raises(wbem.CIMXMLParseError):
        next(iterator)


def nested_paths(depth: int) -> wbem.CIMInstanceName:
    """A path whose key is a path whose key …"""
    path = wbem.CIMInstanceName("C", {"k": "v"})
    for _ in range(depth):
        path = wbem.CIMInstanceName("C", {"k": path})
    return path


def test_a_path_of_paths_has_no_uri_beyond_the_limit() -> None:
    """With every level the backslashes double: sixty would fill any memory."""
    assert len(nested_paths(8).to_wbem_uri()) < 2000
    for use in (str, wbem.CIMInstanceName.to_wbem_uri):
        with pytest.raises(ValueError, match=r"^paths are nested more than 8 deep$"):
            use(nested_paths(60))


def in_itself() -> wbem.CIMInstance:
    """An instance that is the value of its own property."""
    instance = wbem.CIMInstance("C")
    instance["p"] = instance
    return instance


def test_an_instance_within_itself_has_no_text() -> None:
    with pytest.raises(ValueError, match=r"^objects are embedded more than 8 deep$"):
        in_itself().tomof()
    with pytest.raises(ValueError, match=r"^the objects are nested too deeply for CIM-XML$"):
        in_itself().tocimxmlstr()


def dict_in_itself() -> object:
    """A mapping whose value it is."""
    found: wbem.NocaseDict[object] = wbem.NocaseDict()
    found["d"] = found
    return found


def list_in_itself() -> wbem.CIMProperty:
    """A property whose value is a list that is in itself."""
    prop = wbem.CIMProperty("p", ["a"])
    prop.value.append(prop.value)
    return prop


USES: list[Callable[[Any], object]] = [hash, repr, lambda one: one == type(one).copy(one)]


@pytest.mark.parametrize("made", [in_itself, dict_in_itself, list_in_itself])
@pytest.mark.parametrize("use", USES, ids=["hash", "repr", "=="])
def test_what_is_within_itself_may_be_a_recursion_error_but_no_crash(
    made: Callable[[], object], use: Callable[[Any], object]
) -> None:
    with suppress(RecursionError):
        use(made())


def test_a_list_within_itself_has_no_type() -> None:
    items: list[object] = []
    items.append(items)
    with pytest.raises(RecursionError):
        wbem.cimtype(items)


def test_instances_100_000_deep_can_be_freed() -> None:
    value: wbem.CIMInstance | str = "innermost"
    for _ in range(100_000):
        instance = wbem.CIMInstance("C")
        instance["p"] = value
        value = instance
    del value, instance
