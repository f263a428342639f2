"""include/opswire/cimxml.h: whole messages, real answers, and what is refused, with its place."""

from html import escape
from pathlib import Path

import pytest

from opswire._core.ffi import ffi, lib
from tests.c.cim_objects import Reader
from tests.c.documents import PIECES
from tests.c.growing_messages import each, embedded_array

CORPUS = Path(__file__).parents[2] / "fuzz/corpus/cimxml"
# Answers and exports of OpenPegasus; the first octet of a seed is an option of the fuzz target.
ANSWERS = {path.name: path.read_bytes()[1:] for path in sorted(CORPUS.glob("sample_*"))}
each_answer = pytest.mark.parametrize("octets", ANSWERS.values(), ids=ANSWERS)

NS = '<LOCALNAMESPACEPATH><NAMESPACE NAME="root"/></LOCALNAMESPACEPATH>'
IMETHODCALL = f'<IMETHODCALL NAME="GetClass">{NS}<IPARAMVALUE NAME="P"/></IMETHODCALL>'
METHODCALL = (
    f'<METHODCALL NAME="M"><LOCALCLASSPATH>{NS}<CLASSNAME NAME="C"/></LOCALCLASSPATH>'
    '<PARAMVALUE NAME="P"/></METHODCALL>'
)
CORRELATOR = '<CORRELATOR NAME="A" TYPE="string"><VALUE>x</VALUE></CORRELATOR>'
EXPORT = '<EXPMETHODCALL NAME="ExportIndication"><EXPPARAMVALUE NAME="P"/></EXPMETHODCALL>'
EXPORTED = '<EXPMETHODRESPONSE NAME="ExportIndication"><IRETURNVALUE/></EXPMETHODRESPONSE>'
RETURNED = '<METHODRESPONSE NAME="M"><RETURNVALUE/><PARAMVALUE NAME="P"/></METHODRESPONSE>'
ERROR = '<ERROR CODE="6" DESCRIPTION="gone &amp; lost"><INSTANCE CLASSNAME="CIM_Error"/></ERROR>'

BODIES = [
    f"<SIMPLEREQ>{IMETHODCALL}</SIMPLEREQ>",
    f"<SIMPLEREQ>{CORRELATOR}{CORRELATOR}{METHODCALL}</SIMPLEREQ>",
    f"<MULTIREQ><SIMPLEREQ>{IMETHODCALL}</SIMPLEREQ><SIMPLEREQ>{METHODCALL}</SIMPLEREQ></MULTIREQ>",
    f"<SIMPLERSP>{RETURNED}</SIMPLERSP>",
    f'<SIMPLERSP><IMETHODRESPONSE NAME="GetInstance">{ERROR}</IMETHODRESPONSE></SIMPLERSP>',
    '<SIMPLERSP><IMETHODRESPONSE NAME="DeleteInstance"></IMETHODRESPONSE></SIMPLERSP>',
    f'<SIMPLERSP><IMETHODRESPONSE NAME="A"><IRETURNVALUE/>{ERROR}</IMETHODRESPONSE></SIMPLERSP>',
    f"<MULTIRSP><SIMPLERSP>{RETURNED}</SIMPLERSP><SIMPLERSP>{RETURNED}</SIMPLERSP></MULTIRSP>",
    f"<SIMPLEEXPREQ>{CORRELATOR}{EXPORT}</SIMPLEEXPREQ>",
    f"<MULTIEXPREQ>{f'<SIMPLEEXPREQ>{EXPORT}</SIMPLEEXPREQ>' * 3}</MULTIEXPREQ>",
    f"<SIMPLEEXPRSP>{EXPORTED}</SIMPLEEXPRSP>",
    f"<MULTIEXPRSP>{f'<SIMPLEEXPRSP>{EXPORTED}</SIMPLEEXPRSP>' * 2}</MULTIEXPRSP>",
]
DECLARATIONS = [
    f"<DECLGROUP>{NS}<QUALIFIER.DECLARATION NAME='Q' TYPE='uint8'/>"
    "<VALUE.OBJECT><CLASS NAME='C'/></VALUE.OBJECT></DECLGROUP><DECLGROUP/>",
    "<DECLGROUP.WITHNAME><VALUE.NAMEDOBJECT><CLASS NAME='C'/></VALUE.NAMEDOBJECT>"
    "</DECLGROUP.WITHNAME><DECLGROUP.WITHPATH/>",
]


def message(body: str) -> bytes:
    """In its envelope."""
    return (
        '<?xml version="1.0" encoding="utf-8" ?><CIM CIMVERSION="2.0" DTDVERSION="2.4">'
        f'<MESSAGE ID="1" PROTOCOLVERSION="1.0">{body}</MESSAGE></CIM>'
    ).encode()


def response(values: str) -> bytes:
    """A message with that in its IRETURNVALUE."""
    value = f"<IRETURNVALUE>{values}</IRETURNVALUE>"
    return message(f'<SIMPLERSP><IMETHODRESPONSE NAME="X">{value}</IMETHODRESPONSE></SIMPLERSP>')


@pytest.mark.parametrize("body", BODIES)
def test_a_message_is_the_same_however_it_is_cut(body: str) -> None:
    """Every element of the envelope is entered and left."""
    octets = message(body)
    read = Reader().read(octets)
    assert read.fault is None
    entered = [event[1] for event in read.events if event[0] == "enter"]
    left = [event[1] for event in read.events if event[0] == "leave"]
    assert sorted(entered) == sorted(left)
    assert entered[:2] == left[:-3:-1] == ["CIM", "MESSAGE"]
    for piece in PIECES:
        assert Reader().read(octets, piece) == read


@pytest.mark.parametrize("body", DECLARATIONS)
def test_declarations_are_read(body: str) -> None:
    """Their groups are part of the envelope."""
    octets = f'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><DECLARATION>{body}</DECLARATION></CIM>'
    read = Reader().read(octets.encode())
    assert read.fault is None
    assert read.events[1] == ["enter", "DECLARATION"]
    assert Reader().read(octets.encode(), 1) == read


def test_what_the_envelope_says_is_told() -> None:
    """Versions, message id, names, and an error's code and description."""
    read = Reader().read(message(BODIES[4]))
    assert [event[1:] for event in read.events if event[0] == "enter"] == [
        ["CIM", "2.0", "2.4"],
        ["MESSAGE", "1", "1.0"],
        ["SIMPLERSP"],
        ["IMETHODRESPONSE", "GetInstance"],
        ["ERROR", "6", "gone & lost"],
    ]
    assert read.events[5][:2] == ["object", "INSTANCE"]


@each_answer
def test_real_answers_are_read_however_they_are_cut(octets: bytes) -> None:
    """What a server sent."""
    read = Reader().read(octets)
    assert read.fault is None
    assert len(read.events) > 5
    for piece in PIECES:
        assert Reader().read(octets, piece) == read


@each_answer
def test_objects_of_real_answers_are_written_and_read_as_the_same(octets: bytes) -> None:
    """Also when a server spells them otherwise."""
    reader = Reader()
    read = reader.read(octets)
    objects = [event[2] for event in read.events if event[0] == "object"]
    fragments = Reader(lib.OPSWIRE_CIM_FRAGMENT)
    again = [fragments.read(written).events[0][2] for written in reader.written]
    assert again == objects


@each_answer
def test_real_answers_that_are_cut_anywhere_are_refused(octets: bytes) -> None:
    """With the one fault that they have."""
    whole = octets.rstrip()
    reader = Reader()
    for end in range(len(whole)):
        assert reader.outcome(whole[:end]) in {"UNCLOSED", "NO_ELEMENT"}


def test_there_are_enough_real_answers() -> None:
    """A folder that is gone would prove nothing."""
    assert len(ANSWERS) >= 25


REFUSED = [
    # ---- what the DTD does not have ----
    ("<FOO/>", "UNKNOWN_ELEMENT", "/FOO"),
    ("<instance CLASSNAME='C'/>", "UNKNOWN_ELEMENT", "/instance"),
    ("<INSTANCE CLASSNAME='C' FOO='1'/>", "UNKNOWN_ATTRIBUTE", "/INSTANCE"),
    ("<INSTANCE CLASSNAME='C' NAME='C'/>", "UNKNOWN_ATTRIBUTE", "/INSTANCE"),
    ("<INSTANCE CLASSNAME='C' xmlns='a'/>", "UNKNOWN_ATTRIBUTE", "/INSTANCE"),
    ("<INSTANCE/>", "MISSING_ATTRIBUTE", "/INSTANCE"),
    ("<CLASSNAME/>", "MISSING_ATTRIBUTE", "/CLASSNAME"),
    ("<PROPERTY NAME='P'/>", "MISSING_ATTRIBUTE", "/PROPERTY"),
    ("<PROPERTY TYPE='uint8'/>", "MISSING_ATTRIBUTE", "/PROPERTY"),
    ("<PROPERTY NAME='P' TYPE='uint7'/>", "BAD_ATTRIBUTE", "/PROPERTY"),
    ("<PROPERTY NAME='P' TYPE=''/>", "BAD_ATTRIBUTE", "/PROPERTY"),
    ("<PROPERTY NAME='P' TYPE='reference'/>", "BAD_ATTRIBUTE", "/PROPERTY"),
    ("<PROPERTY NAME='P' TYPE='uint8' PROPAGATED='1'/>", "BAD_ATTRIBUTE", "/PROPERTY"),
    ("<PROPERTY NAME='P' TYPE='string' EmbeddedObject='x'/>", "BAD_ATTRIBUTE", "/PROPERTY"),
    ("<PROPERTY.ARRAY NAME='P' TYPE='uint8' ARRAYSIZE='x'/>", "BAD_ATTRIBUTE", "/PROPERTY.ARRAY"),
    (
        "<PROPERTY.ARRAY NAME='P' TYPE='uint8' ARRAYSIZE='4294967296'/>",
        "BAD_ATTRIBUTE",
        "/PROPERTY.ARRAY",
    ),
    ("<ERROR CODE='x'/>", "BAD_ATTRIBUTE", "/ERROR"),
    ("<ERROR CODE=''/>", "BAD_ATTRIBUTE", "/ERROR"),
    ("<SCOPE CLASS='true'/>", "UNEXPECTED_ELEMENT", "/SCOPE"),
    ("<KEYVALUE>x</KEYVALUE>", "UNEXPECTED_ELEMENT", "/KEYVALUE"),
    (
        "<INSTANCENAME CLASSNAME='C'><KEYVALUE VALUETYPE='x'/></INSTANCENAME>",
        "BAD_ATTRIBUTE",
        "/INSTANCENAME/KEYVALUE",
    ),
    # ---- nesting ----
    (
        "<INSTANCE CLASSNAME='C'><VALUE/></INSTANCE>",
        "UNEXPECTED_ELEMENT",
        "/INSTANCE/VALUE",
    ),
    (
        "<INSTANCE CLASSNAME='C'><METHOD NAME='M'/></INSTANCE>",
        "UNEXPECTED_ELEMENT",
        "/INSTANCE/METHOD",
    ),
    (
        "<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='uint8'><VALUE.ARRAY/></PROPERTY>"
        "</INSTANCE>",
        "UNEXPECTED_ELEMENT",
        "/INSTANCE/PROPERTY[1]/VALUE.ARRAY",
    ),
    (
        "<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='uint8'/>"
        "<PROPERTY NAME='Q' TYPE='uint8'><VALUE>1</VALUE><VALUE>2</VALUE></PROPERTY></INSTANCE>",
        "UNEXPECTED_ELEMENT",
        "/INSTANCE/PROPERTY[2]/VALUE",
    ),
    ("<VALUE><VALUE/></VALUE>", "UNEXPECTED_ELEMENT", "/VALUE/VALUE"),
    ("<VALUE.REFERENCE></VALUE.REFERENCE>", "MISSING_ELEMENT", "/VALUE.REFERENCE"),
    (
        "<VALUE.REFERENCE><CLASSNAME NAME='C'/><CLASSNAME NAME='C'/></VALUE.REFERENCE>",
        "UNEXPECTED_ELEMENT",
        "/VALUE.REFERENCE/CLASSNAME",
    ),
    (
        "<VALUE.NAMEDINSTANCE><INSTANCE CLASSNAME='C'/></VALUE.NAMEDINSTANCE>",
        "MISSING_ELEMENT",
        "/VALUE.NAMEDINSTANCE/INSTANCE",
    ),
    (
        "<VALUE.NAMEDOBJECT><INSTANCE CLASSNAME='C'/></VALUE.NAMEDOBJECT>",
        "MISSING_ELEMENT",
        "/VALUE.NAMEDOBJECT",
    ),
    (
        "<VALUE.NAMEDOBJECT><INSTANCENAME CLASSNAME='C'/><CLASS NAME='C'/></VALUE.NAMEDOBJECT>",
        "UNEXPECTED_ELEMENT",
        "/VALUE.NAMEDOBJECT",
    ),
    (
        f"<VALUE.OBJECTWITHLOCALPATH><LOCALCLASSPATH>{NS}<CLASSNAME NAME='C'/></LOCALCLASSPATH>"
        "<INSTANCE CLASSNAME='C'/></VALUE.OBJECTWITHLOCALPATH>",
        "UNEXPECTED_ELEMENT",
        "/VALUE.OBJECTWITHLOCALPATH",
    ),
    ("<LOCALNAMESPACEPATH/>", "MISSING_ELEMENT", "/LOCALNAMESPACEPATH"),
    (
        f"<NAMESPACEPATH>{NS}<HOST>h</HOST></NAMESPACEPATH>",
        "MISSING_ELEMENT",
        "/NAMESPACEPATH/LOCALNAMESPACEPATH",
    ),
    (
        "<INSTANCENAME CLASSNAME='C'><KEYBINDING NAME='A'><KEYVALUE/></KEYBINDING><KEYVALUE/>"
        "</INSTANCENAME>",
        "UNEXPECTED_ELEMENT",
        "/INSTANCENAME/KEYVALUE",
    ),
    (
        "<INSTANCENAME CLASSNAME='C'><KEYVALUE/><KEYVALUE/></INSTANCENAME>",
        "UNEXPECTED_ELEMENT",
        "/INSTANCENAME",
    ),
    (
        "<QUALIFIER.DECLARATION NAME='Q' TYPE='uint8'><VALUE>1</VALUE><SCOPE/>"
        "</QUALIFIER.DECLARATION>",
        "UNEXPECTED_ELEMENT",
        "/QUALIFIER.DECLARATION/SCOPE",
    ),
    # ---- text ----
    ("<INSTANCE CLASSNAME='C'> x </INSTANCE>", "UNEXPECTED_TEXT", "/INSTANCE"),
    ("<INSTANCE CLASSNAME='C'>&#32;</INSTANCE>", "UNEXPECTED_TEXT", "/INSTANCE"),
    ("<VALUE.NULL>x</VALUE.NULL>", "UNEXPECTED_ELEMENT", "/VALUE.NULL"),
    ("<CLASSNAME NAME='C'>x</CLASSNAME>", "UNEXPECTED_TEXT", "/CLASSNAME"),
    # ---- embedded objects ----
    (
        "<PROPERTY NAME='P' TYPE='string' EmbeddedObject='object'><VALUE>x</VALUE></PROPERTY>",
        "JUNK_OUTSIDE",
        "/PROPERTY/VALUE",
    ),
    (
        "<PROPERTY NAME='P' TYPE='string' EmbeddedObject='object'><VALUE>&lt;VALUE/&gt;</VALUE>"
        "</PROPERTY>",
        "BAD_EMBEDDED",
        "/PROPERTY/VALUE/VALUE",
    ),
    (
        "<PROPERTY NAME='P' TYPE='string' EmbeddedObject='object'><VALUE>&lt;INSTANCE "
        "CLASSNAME='C'&gt;&lt;PROPERTY NAME='Q' TYPE='uint8'&gt;&lt;VALUE&gt;x&lt;/VALUE&gt;"
        "&lt;/PROPERTY&gt;&lt;/INSTANCE&gt;</VALUE></PROPERTY>",
        "BAD_INTEGER",
        "/PROPERTY/VALUE/INSTANCE/PROPERTY[1]/VALUE",
    ),
]


@pytest.mark.parametrize(("xml", "error", "path"), REFUSED)
@pytest.mark.parametrize("piece", PIECES, ids=["whole", "by seven", "by one"])
def test_what_is_not_cim_xml_is_refused_with_its_place(
    xml: str, error: str, path: str, piece: int
) -> None:
    """However it is cut."""
    fault = Reader(lib.OPSWIRE_CIM_FRAGMENT).read(xml.encode(), piece).fault
    assert fault is not None
    assert (fault.error, fault.path) == (error, path)


NOT_MESSAGES = [
    ("<VALUE/>", "UNEXPECTED_ELEMENT", "/VALUE"),
    ("<CIM CIMVERSION='2.0' DTDVERSION='2.0'/>", "MISSING_ELEMENT", "/CIM"),
    ("<CIM CIMVERSION='2.0'/>", "MISSING_ATTRIBUTE", "/CIM"),
    (
        "<CIM CIMVERSION='2.0' DTDVERSION='2.0'><MESSAGE ID='1' PROTOCOLVERSION='1.0'><MULTIREQ>"
        f"<SIMPLEREQ>{IMETHODCALL}</SIMPLEREQ></MULTIREQ></MESSAGE></CIM>",
        "MISSING_ELEMENT",
        "/CIM/MESSAGE/MULTIREQ",
    ),
]


@pytest.mark.parametrize(("xml", "error", "path"), NOT_MESSAGES)
def test_a_document_is_a_message_or_a_declaration(xml: str, error: str, path: str) -> None:
    """Unless fragments are allowed."""
    fault = Reader().read(xml.encode()).fault
    assert fault is not None
    assert (fault.error, fault.path) == (error, path)


def test_a_fault_names_line_offset_path_and_subject() -> None:
    """The 517th instance of an answer."""
    good = "<INSTANCE CLASSNAME='C'/>\n"
    bad = "<INSTANCE CLASSNAME='C'><PROPERTY NAME='P' TYPE='sint32'><VALUE>abc</VALUE>"
    octets = response(good * 516 + bad)
    fault = Reader().read(octets).fault
    assert fault is not None
    assert fault.error == "BAD_INTEGER"
    assert fault.line == 517
    assert octets[fault.offset :].startswith(b"</VALUE>")
    assert fault.path == (
        "/CIM/MESSAGE/SIMPLERSP/IMETHODRESPONSE/IRETURNVALUE/INSTANCE[517]/PROPERTY[1]/VALUE"
    )
    assert fault.subject == "abc"


def test_answers_are_of_one_kind() -> None:
    """As the DTD says."""
    mixed = response("<CLASSNAME NAME='C'/><INSTANCE CLASSNAME='C'/>")
    assert Reader().outcome(mixed) == "UNEXPECTED_ELEMENT"
    assert Reader().outcome(response("<VALUE.ARRAY/><VALUE.ARRAY/>")) == "UNEXPECTED_ELEMENT"
    assert Reader().outcome(response("<VALUE.ARRAY/>")) == ""


def references(depth: int) -> bytes:
    """Paths whose keys are paths."""
    begin = '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K"><VALUE.REFERENCE>'
    end = "</VALUE.REFERENCE></KEYBINDING></INSTANCENAME>"
    return (begin * depth + '<CLASSNAME NAME="C"/>' + end * depth).encode()


def test_references_are_nested_within_the_limit_only() -> None:
    """As deep as objects are embedded; 2,000 of them are no recursion error."""
    reader = Reader(lib.OPSWIRE_CIM_FRAGMENT)
    most = lib.OPSWIRE_CIM_MAX_EMBEDDING
    assert reader.outcome(references(most)) == ""
    for depth in (most + 1, 90, 2000, 100_000):
        assert reader.outcome(references(depth)) == "EMBEDDED_TOO_DEEP"


def test_references_one_after_the_other_are_not_nested() -> None:
    """Any number of them."""
    reference = f"<VALUE.REFERENCE>{references(7).decode()}</VALUE.REFERENCE>"
    array = f"<VALUE.REFARRAY>{reference * 100}</VALUE.REFARRAY>"
    assert Reader(lib.OPSWIRE_CIM_FRAGMENT).outcome(array.encode()) == ""


def embedded(depth: int) -> bytes:
    """Instances embedded in each other."""
    xml = '<INSTANCE CLASSNAME="C"/>'
    for _ in range(depth):
        text = xml.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        xml = (
            '<INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="string" EmbeddedObject="object">'
            f"<VALUE>{text}</VALUE></PROPERTY></INSTANCE>"
        )
    return xml.encode()


def test_objects_are_embedded_within_the_limit_only() -> None:
    """Eight in each other."""
    reader = Reader(lib.OPSWIRE_CIM_FRAGMENT)
    assert reader.outcome(embedded(lib.OPSWIRE_CIM_MAX_EMBEDDING)) == ""
    assert reader.outcome(embedded(lib.OPSWIRE_CIM_MAX_EMBEDDING + 1)) == "EMBEDDED_TOO_DEEP"


def test_an_object_has_a_limit() -> None:
    """Of octets, whatever fills it."""
    reader = Reader(lib.OPSWIRE_CIM_FRAGMENT, max_object=1000)
    assert reader.outcome(b"<VALUE>" + b"x" * 900 + b"</VALUE>") == ""
    assert reader.outcome(b"<VALUE>" + b"x" * 1000 + b"</VALUE>") == "OBJECT_TOO_LARGE"
    values = b"<VALUE>x</VALUE>" * 200
    assert reader.outcome(b"<VALUE.ARRAY>" + values + b"</VALUE.ARRAY>") == "OBJECT_TOO_LARGE"


def test_what_a_caller_keeps_to_the_end_has_the_same_limit() -> None:
    """Everything but the objects that a caller takes one by one."""
    reader = Reader(max_object=10 * lib.OPSWIRE_CIM_ENVELOPE)
    assert reader.outcome(response('<INSTANCENAME CLASSNAME="C"/>' * 1000)) == ""
    kept = '<PARAMVALUE NAME="P"/>' * 1000
    call = f'<SIMPLERSP><METHODRESPONSE NAME="X">{kept}</METHODRESPONSE></SIMPLERSP>'
    assert reader.outcome(message(call)) == "MESSAGE_TOO_LARGE"
    kept = '<INSTANCE CLASSNAME="C"/>' * 1000
    error = f'<IMETHODRESPONSE NAME="X"><ERROR CODE="1">{kept}</ERROR></IMETHODRESPONSE>'
    assert reader.outcome(message(f"<SIMPLERSP>{error}</SIMPLERSP>")) == "MESSAGE_TOO_LARGE"
    assert reader.outcome(response("")) == ""


@pytest.mark.parametrize(
    "octets",
    [
        each(3000, '<INSTANCE CLASSNAME="C#"/>'),
        embedded_array(3000, '<INSTANCE CLASSNAME="C#"/>'),
    ],
    ids=["instances", "embedded instances"],
)
def test_what_a_message_makes_a_reader_know_is_bounded_by_its_length(octets: bytes) -> None:
    """Tags that are all different, which are kept for the next document."""
    strict = Reader(factor=0)
    assert strict.outcome(octets) == "MESSAGE_TOO_LARGE"
    known = lib.opswire_cim_reader_memory(strict.c)
    assert lib.OPSWIRE_CIM_FLOOR < known < 2 * lib.OPSWIRE_CIM_FLOOR + 2**18
    assert Reader().outcome(octets) == ""


def test_what_was_known_before_a_message_is_not_counted_as_its_own() -> None:
    """Each of these makes the reader know more, one level of embedding deeper than the last."""
    reader = Reader(factor=0)
    before = 0
    for level in range(6):
        inner = "".join(f'<PROPERTY NAME="P{i}" TYPE="string"/>' for i in range(700))
        inner = f'<INSTANCE CLASSNAME="C">{inner}</INSTANCE>'
        for _ in range(level):
            inner = (
                '<INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="string" EmbeddedObject="object">'
                f"<VALUE>{escape(inner, quote=False)}</VALUE></PROPERTY></INSTANCE>"
            )
        assert reader.outcome(response(inner)) == ""
        lib.opswire_cim_reader_reset(reader.c)
        known = lib.opswire_cim_reader_memory(reader.c)
        assert known > before + 100_000
        before = known
    assert before > lib.OPSWIRE_CIM_FLOOR + 2**17


def test_tags_that_are_too_long_to_be_kept_are_counted_while_they_are_open() -> None:
    """Two of them are too much for a reader that is allowed half a megabyte."""
    size = lib.OPSWIRE_CIM_FLOOR // 2
    path = (
        f'<INSTANCENAME CLASSNAME="{"C" * size}"><KEYBINDING NAME="{"K" * size}"><KEYVALUE>v'
        "</KEYVALUE></KEYBINDING></INSTANCENAME>"
    )
    assert Reader(factor=0).outcome(response(path)) == "MESSAGE_TOO_LARGE"
    assert Reader(factor=1).outcome(response(path)) == ""


def test_texts_of_embedded_objects_are_counted_one_at_a_time() -> None:
    """Each is given back when the object is made of it."""
    array = embedded_array(100, f'<INSTANCE CLASSNAME="C"{" " * 5000}/>')
    assert Reader(max_object=20_000).outcome(array) == ""
    assert Reader(max_object=5_000).outcome(array) == "OBJECT_TOO_LARGE"


def test_operations_have_the_same_limit() -> None:
    """Each is an object of the caller's, too."""
    answer = '<SIMPLERSP><IMETHODRESPONSE NAME="X"/></SIMPLERSP>'
    reader = Reader(max_object=25 * lib.OPSWIRE_CIM_ENVELOPE)
    assert reader.outcome(message(f"<MULTIRSP>{answer * 11}</MULTIRSP>")) == ""
    assert reader.outcome(message(f"<MULTIRSP>{answer * 12}</MULTIRSP>")) == "MESSAGE_TOO_LARGE"


@pytest.mark.parametrize(
    "octets",
    [
        b"<VALUE>" + b"&lt;" * 5_000_000 + b"</VALUE>",
        b"<VALUE.ARRAY>" + b"<VALUE.NULL/>" * 500_000 + b"</VALUE.ARRAY>",
        b'<INSTANCE CLASSNAME="C">'
        + b"".join(b'<PROPERTY NAME="P%d" TYPE="uint8"/>' % i for i in range(100_000))
        + b"</INSTANCE>",
        b'<INSTANCE CLASSNAME="C">'
        + b'<PROPERTY NAME="P" TYPE="uint8"/>' * 100_000
        + b"</INSTANCE>",
    ],
    ids=["20 MB of references", "500,000 NULLs", "100,000 properties", "one property repeated"],
)
def test_large_objects_are_read_in_time(octets: bytes) -> None:
    """Linear: none of these takes a noticeable time, and the runner's time limit would tell."""
    assert Reader(lib.OPSWIRE_CIM_FRAGMENT).outcome(octets) == ""


def test_a_reader_may_be_used_again_after_a_failure() -> None:
    """In the middle of anything."""
    reader = Reader()
    whole = next(iter(ANSWERS.values()))
    read = reader.read(whole)
    for end in range(0, len(whole), 97):
        reader.outcome(whole[:end])
        assert reader.read(whole) == read


def test_every_error_has_a_sentence_of_its_own() -> None:
    """A number that is no error has one too."""
    texts = {
        ffi.string(lib.opswire_cim_error_message(number))
        for number in range(lib.OPSWIRE_CIM_ERROR_COUNT)
    }
    assert len(texts) == lib.OPSWIRE_CIM_ERROR_COUNT
    assert ffi.string(lib.opswire_cim_error_message(1000)) == b"unknown error"
