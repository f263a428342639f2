"""tocimxml(): elements that are text until somebody looks, and nobody can tell."""

import copy
import io
import pickle
import re
from collections.abc import Callable
from typing import Any
from xml.dom import minidom

import pytest

from opswire import wbem
from opswire._core.cimxml import config as cim_config
from opswire._core.cimxml import element as cim_element
from opswire._core.cimxml.element import unread
from tests.unit import test_wbem_table
from tests.wbem.recipes import KINDS, made

# Some paths have no key.
pytestmark = pytest.mark.filterwarnings("ignore::opswire.wbem.MissingKeybindingsWarning")

SEEDS = range(60)
each_kind = pytest.mark.parametrize("kind", KINDS)
SAMPLE = (
    '<PROPERTY NAME="a&quot;b" TYPE="string" PROPAGATED="true">'
    '<QUALIFIER NAME="Key" TYPE="boolean"><VALUE>TRUE</VALUE></QUALIFIER>'
    "<VALUE>1 &lt; 2</VALUE></PROPERTY>"
)


def parsed(text: str) -> Any:
    """The element as the standard library makes it, at once."""
    return minidom.parseString(text.encode()).documentElement  # noqa: S318 (our own)


def nodes(node: Any) -> Any:
    """All that a node has, those below it included; links are followed and must lead back."""
    below = [child for child in node.childNodes if child.nodeType != node.TEXT_NODE or child.data]
    for child, after in zip(node.childNodes, (*node.childNodes, None)[1:], strict=True):
        assert child.parentNode is node
        assert child.ownerDocument is node.ownerDocument
        assert child.nextSibling is after
        assert after is None or after.previousSibling is child
    attributes = node.attributes
    for attribute in attributes.values() if attributes else ():
        assert attribute.ownerElement is node
        assert attribute.ownerDocument is node.ownerDocument
        assert attributes[attribute.namespaceURI, attribute.localName] is attribute
    return (
        node.nodeType,
        node.nodeName,
        node.localName,
        node.prefix,
        node.namespaceURI,
        node.nodeValue,
        attributes is not None and (attributes.items(), attributes.itemsNS()),
        [nodes(child) for child in below],
    )


def assert_same(element: Any, text: str) -> None:
    """The element has the nodes of that text, and writes itself as they do."""
    quick = element.toxml()
    assert nodes(element) == nodes(parsed(text))
    assert element.toxml() == quick
    assert element.ownerDocument.documentElement is element
    if "<VALUE></VALUE>" not in text and "></KEYVALUE>" not in text:
        assert parsed(text).toxml() == quick


@each_kind
def test_the_nodes_are_those_of_the_text(kind: str) -> None:
    """Of objects made by chance, and of their parts."""
    for item in made(wbem, kind, SEEDS):
        assert_same(wbem.tocimxml(item), wbem.tocimxmlstr(item))
        assert_same(item.tocimxml(), item.tocimxmlstr())
        for members in ("properties", "methods", "qualifiers"):
            for member in getattr(item, members, {}).values():
                assert_same(member.tocimxml(), member.tocimxmlstr())


@test_wbem_table.each_case
def test_every_element_of_the_table_has_the_nodes_of_its_text(case: test_wbem_table.Case) -> None:
    """Where it is an object, or a value."""
    items = wbem.parse(case.octets, fragment=True).objects
    for item in items:
        value = item.value if isinstance(item, wbem.CIMParameter) else item
        if isinstance(value, (wbem.CIMObject, wbem.CIMType, str, bool)):
            assert_same(wbem.tocimxml(value), wbem.tocimxmlstr(value))


def test_the_arguments_are_those_of_the_text() -> None:
    """Each method with its own."""
    path = wbem.CIMInstanceName("C", {"k": "v"}, "host", "root")
    instance = wbem.CIMInstance("C", {"P": "v"}, path=path)
    parameter = wbem.CIMParameter("p", "string", value="v")
    assert instance.tocimxml(ignore_path=True).toxml() == instance.tocimxmlstr(ignore_path=True)
    assert path.tocimxml(ignore_host=True).toxml() == path.tocimxmlstr(ignore_host=True)
    assert path.tocimxml(False, True).toxml() == path.tocimxmlstr(ignore_namespace=True)
    assert parameter.tocimxml(as_value=True).toxml() == parameter.tocimxmlstr(as_value=True)


MARKS = "<&>\"'\t\n\r é😀]]>"


@pytest.mark.parametrize("before", ["", "x", ">", '"', "/"])
def test_every_mark_is_spelled_as_this_python_does(before: str) -> None:
    """In names, in text, and in text of objects in text."""
    for mark in (*MARKS, MARKS, ""):
        text = before + mark
        inner = wbem.CIMInstance(text or "C", {text or "P": text})
        items = (wbem.CIMQualifier(text or "Q", text), wbem.CIMProperty("P", inner))
        for item in items:
            assert_same(item.tocimxml(), item.tocimxmlstr())


def in_numbers(text: Any, writer: Any, *_: str) -> None:
    """Text in the way of no Python; they do differ."""
    writer.write(re.sub(r"""[<&>"\t\n\r]""", lambda mark: f"&#x{ord(mark[0]):x};", text.data))


def test_spellings_are_asked_of_minidom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of text apart from those of attributes."""
    item = wbem.CIMQualifier(MARKS, MARKS)
    with monkeypatch.context() as patched:
        patched.setattr(minidom.Text, "writexml", in_numbers)
        patched.setattr(cim_element, "spellings", cim_element.spellings.__wrapped__)
        quick = item.tocimxml().toxml()
        assert quick == parsed(item.tocimxmlstr()).toxml()
    assert quick != item.tocimxml().toxml()


def test_an_empty_string_is_not_written_as_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read or not; some servers take one for the other."""
    monkeypatch.setattr(cim_config, "SEND_VALUE_NULL", False)
    element: Any = wbem.tocimxml(["", None, " ", "/"])
    text = "<VALUE.ARRAY><VALUE></VALUE><VALUE/><VALUE> </VALUE><VALUE>/</VALUE></VALUE.ARRAY>"
    assert element.toxml() == text
    empty, null, *_ = element.childNodes
    assert [empty.firstChild.data, null.firstChild] == ["", None]
    assert element.toxml() == text
    assert element.firstChild.toprettyxml() == "<VALUE></VALUE>\n"
    element = wbem.tocimxml("")
    assert element.firstChild.data == ""


def test_it_is_an_element_of_minidom() -> None:
    """With all the methods of one."""
    element = unread(SAMPLE)
    assert isinstance(element, minidom.Element)
    assert element.nodeType == minidom.Node.ELEMENT_NODE
    assert bool(element)
    assert vars(element) == vars(parsed(SAMPLE)) == {}
    assert repr(element).startswith("<DOM Element: PROPERTY at 0x")


def appended(element: Any) -> Any:
    """In a document of the caller's."""
    document = minidom.Document()
    parent = document.appendChild(document.createElement("PARENT"))
    parent.appendChild(document.createElement("BEFORE"))
    parent.appendChild(element)
    return parent.toxml()


def replaced(element: Any) -> Any:
    """Another child in the place of the first."""
    element.replaceChild(element.ownerDocument.createElement("NEW"), element.firstChild)


def written(element: Any, *how: str) -> str:
    """By writexml()."""
    file = io.StringIO()
    element.writexml(file, *how)
    return file.getvalue()


def identified(element: Any) -> Any:
    """By an attribute that is an ID."""
    element.setIdAttribute("NAME")
    return element.ownerDocument.getElementById('a"b') is element


def undeletable(element: Any) -> None:
    """What is not there."""
    with pytest.raises(AttributeError):
        del element.nothing


TOUCHES: dict[str, Callable[[Any], Any]] = {
    "tagName": lambda e: e.tagName,
    "localName": lambda e: e.localName,
    "namespaceURI": lambda e: (e.namespaceURI, e.prefix),
    "siblings": lambda e: (e.nextSibling, e.previousSibling),
    "parentNode": lambda e: e.parentNode.nodeName,
    "ownerDocument": lambda e: e.ownerDocument.documentElement is e,
    "childNodes": lambda e: len(e.childNodes),
    "firstChild": lambda e: e.firstChild.tagName,
    "lastChild": lambda e: nodes(e.lastChild),
    "attributes": lambda e: e.attributes.items(),
    "hasAttributes": lambda e: e.hasAttributes(),
    "hasAttribute": lambda e: e.hasAttribute("TYPE"),
    "hasChildNodes": lambda e: e.hasChildNodes(),
    "getAttribute": lambda e: e.getAttribute("NAME"),
    "getAttributeNode": lambda e: e.getAttributeNode("NAME").ownerElement is e,
    "getElementsByTagName": lambda e: [nodes(each) for each in e.getElementsByTagName("VALUE")],
    "getElementsByTagNameNS": lambda e: len(e.getElementsByTagNameNS("*", "VALUE")),
    "setAttribute": lambda e: e.setAttribute("NAME", "other"),
    "a new attribute": lambda e: e.setAttribute("CLASSORIGIN", "C"),
    "removeAttribute": lambda e: e.removeAttribute("TYPE"),
    "setIdAttribute": identified,
    "appendChild to it": lambda e: e.appendChild(e.ownerDocument.createElement("X")).nodeName,
    "appendChild of it": appended,
    "insertBefore": lambda e: nodes(e.insertBefore(e.lastChild, e.firstChild)),
    "replaceChild": replaced,
    "removeChild": lambda e: e.removeChild(e.firstChild).nodeName,
    "cloneNode": lambda e: nodes(e.cloneNode(False)),
    "cloneNode deep": lambda e: nodes(e.cloneNode(True)),
    "importNode": lambda e: nodes(minidom.Document().importNode(e, True)),
    "normalize": lambda e: e.normalize(),
    "isSameNode": lambda e: e.isSameNode(e),
    "isSupported": lambda e: e.isSupported("core", "2.0"),
    "user data": lambda e: (e.getUserData("k"), e.setUserData("k", 1, None), e.getUserData("k")),
    "toxml": lambda e: e.toxml(),
    "toxml encoded": lambda e: e.toxml("latin-1"),
    "toprettyxml": lambda e: e.toprettyxml(),
    "toprettyxml as toxml": lambda e: e.toprettyxml("", ""),
    "toprettyxml in lines": lambda e: e.toprettyxml("", "\n"),
    "toprettyxml in columns": lambda e: e.toprettyxml(" ", ""),
    "writexml": written,
    "writexml indented": lambda e: written(e, "  "),
    "writexml of the document": lambda e: e.ownerDocument.toxml(),
    "copy": lambda e: copy.copy(e).toxml(),
    "copies apart": lambda e: copy.deepcopy(e).setAttribute("NAME", "other"),
    "deepcopy": lambda e: nodes(copy.deepcopy(e)),
    "pickle": lambda e: nodes(pickle.loads(pickle.dumps(e))),  # noqa: S301 (our own)
    "an attribute of the caller's": lambda e: setattr(e, "note", 1),
    "no such attribute": lambda e: hasattr(e, "nothing"),
    "a name set": lambda e: setattr(e, "tagName", "OTHER"),
    "a sibling set": lambda e: setattr(e, "nextSibling", None),
    "nothing to delete": undeletable,
    "a name deleted": lambda e: (e.__delattr__("prefix"), hasattr(e, "prefix")),
    "comparison": lambda e: (e in [e], e == parsed(SAMPLE), {e: 1}[e]),
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_whatever_comes_first_does_what_it_does_to_any_element(
    touch: Callable[[Any], Any],
) -> None:
    """And leaves the same behind."""
    ours, theirs = unread(SAMPLE), parsed(SAMPLE)
    assert touch(ours) == touch(theirs)
    assert vars(ours) == vars(theirs)
    assert ours.toxml() == theirs.toxml()
    if hasattr(theirs, "prefix"):
        assert nodes(ours) == nodes(theirs)


def test_an_unlinked_element_is_empty() -> None:
    """Its attributes too, as with minidom's own."""
    for element in (unread(SAMPLE), parsed(SAMPLE)):
        with element:
            pass
        assert (element.parentNode, element.ownerDocument) == (None, None)
        assert element.toxml() == "<PROPERTY/>"


def test_what_is_not_there_is_told_as_ever() -> None:
    """By an AttributeError with the name."""
    element = unread(SAMPLE)
    for _ in range(2):
        with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
            element.nothing  # noqa: B018 (asked for what is not there)


def test_one_may_be_made_by_its_class() -> None:
    """As minidom's may."""
    kind: Any = type(unread(SAMPLE))
    element = kind("E")
    assert (element.tagName, element.childNodes, element.toxml()) == ("E", [], "<E/>")


def test_text_alone_makes_no_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither here nor within an element that is written as a whole."""
    monkeypatch.setattr(cim_element, "parseString", None)
    element = unread(SAMPLE)
    assert element.toxml() == parsed(SAMPLE).toxml()
    assert element.toxml("utf-8") == parsed(SAMPLE).toxml("utf-8")


def short_of_memory(_: bytes) -> Any:
    """In the place of parseString()."""
    raise MemoryError


def test_a_failure_leaves_it_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """When memory is short, for example; the next one may succeed."""
    element = unread(SAMPLE)
    with monkeypatch.context() as patched:
        patched.setattr(cim_element, "parseString", short_of_memory)
        with pytest.raises(MemoryError):
            element.setAttribute("NAME", "other")
    assert_same(element, SAMPLE)


def test_what_another_thread_changed_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slower of two that look at the same time takes the nodes of the faster."""
    element: Any = unread(SAMPLE)
    parse = minidom.parseString

    def outrun(octets: bytes) -> Any:
        """The other thread comes, looks and changes, before this one is ready."""
        monkeypatch.setattr(cim_element, "parseString", parse)
        element.setAttribute("NAME", "other")
        element.appendChild(element.ownerDocument.createElement("LAST"))
        return parse(octets)

    monkeypatch.setattr(cim_element, "parseString", outrun)
    assert element.lastChild.nodeName == "LAST"
    assert element.getAttribute("NAME") == "other"
    assert element.ownerDocument.documentElement is element
