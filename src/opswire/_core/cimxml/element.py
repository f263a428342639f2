"""Elements of xml.dom.minidom whose nodes are made when somebody looks for them.

Most who call tocimxml() want its text only, and making some fifteen Python objects for each
property takes 25 times longer than writing that.
"""

import os
import threading
from functools import cache
from typing import Any
from xml.dom.minidom import Document, Element, Node, parseString

from opswire._core.cimxml.writer import dom_text, with_marks

#: Each character that has more than one spelling in XML, and how the writer spells it.
SPELLINGS = {
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    '"': "&quot;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}
#: Where an element keeps what it has.
SLOTS: tuple[str, ...] = Element.__slots__
#: Held while an element becomes read: nodes that another thread has already changed stay.
READING = threading.RLock()  # once more by a destructor in the middle of it, in the same thread


def _forget() -> None:
    """In a forked child no other thread is at it."""
    global READING  # noqa: PLW0603 - a lock that another thread held at the fork stays held
    READING = threading.RLock()


os.register_at_fork(after_in_child=_forget)


class CIMElement(Element):
    """An element that is its text until an attribute is read or set; then it is like any other.

    Element keeps all that it has in slots.  Those of an unread element are empty, so that Python
    asks __getattr__() for them, whether a method of Element reads one, copy, pickle or the caller.
    """

    __slots__ = ("_text",)
    _text: str | None

    def __new__(cls, *_: Any, **__: Any) -> "CIMElement":
        """One that has been read; so has what copy and pickle make."""
        self = super().__new__(cls)
        set_text(self, None)
        return self

    def __getattr__(self, name: str) -> Any:
        """Only called for what is not there, perhaps not yet."""
        read(self)
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        """Set it in the element that was read, or reading would undo it."""
        read(self)
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        """Likewise."""
        read(self)
        object.__delattr__(self, name)

    def writexml(self, writer: Any, indent: str = "", addindent: str = "", newl: str = "") -> None:
        """Write the element to a file; the text as it is, if it is still all there is."""
        text = self._text
        if text is None or indent or addindent or newl:
            super().writexml(writer, indent, addindent, newl)
        else:
            writer.write(dom_text(text, *spellings()))


#: The slot itself, as CIMElement.__setattr__() would read the element.
set_text = CIMElement._text.__set__  # type: ignore[union-attr]  # what is in a slot, to mypy


def unread(text: str) -> CIMElement:
    """The element with that text, which the writer has written."""
    self = CIMElement.__new__(CIMElement)
    set_text(self, text)
    return self


def read(self: CIMElement) -> None:
    """Make its nodes, if that was not done: those of the standard library's parser."""
    text = self._text
    if text is None:
        return
    document, root = parsed(text)
    with READING:
        if self._text is None:
            return
        document.childNodes[0] = self
        for child in root.childNodes:
            child.parentNode = self
        for attribute in root.attributes.values():
            attribute.ownerElement = self
        for slot in SLOTS:
            # Element leaves some of its slots empty too.
            if hasattr(root, slot):
                object.__setattr__(self, slot, getattr(root, slot))
        set_text(self, None)


def parsed(text: str) -> tuple[Any, Any]:
    """The document and its element, in which <VALUE></VALUE> keeps an empty text.

    To some servers <VALUE/> is something else; a parser does not tell which of them there was.
    """
    marked = with_marks(text)
    document: Any = parseString(marked.encode())  # noqa: S318 (our own)
    root = document.documentElement
    if marked != text:
        for element in (root, *root.getElementsByTagName("*")):
            nodes = element.childNodes
            if nodes and nodes[0].nodeType == Node.COMMENT_NODE:
                # The only child, so that replaceChild() had nothing more to do.
                nodes[0] = document.createTextNode("")
                nodes[0].parentNode = element
    return document, root


@cache
def spellings() -> tuple[dict[str, str], dict[str, str]]:
    """What minidom writes instead of what the writer does, in text and in values of attributes.

    It is asked, as Pythons differ.
    """
    in_text, in_values = {}, {}
    document = Document()
    text, element = document.createTextNode(""), document.createElement("e")
    for character, reference in SPELLINGS.items():
        text.data = character
        element.setAttribute("a", character)
        for spelling in (character, reference):
            in_text[spelling] = text.toxml()
            in_values[spelling] = element.toxml()[len('<e a="') : -len('"/>')]
    return in_text, in_values
