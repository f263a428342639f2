"""CIM-XML (DSP0201) in C: messages to CIM objects, and requests and answers to octets."""

from opswire._core.cimxml.messages import (
    Iterator,
    Message,
    Parser,
    Part,
    Reader,
    ResponseWriter,
    export_request,
    export_response,
    idle_readers,
    imethodcall,
    iterate,
    methodcall,
    parse,
    tocimxml,
    tocimxmlstr,
)

__all__ = [
    "Iterator",
    "Message",
    "Parser",
    "Part",
    "Reader",
    "ResponseWriter",
    "export_request",
    "export_response",
    "idle_readers",
    "imethodcall",
    "iterate",
    "methodcall",
    "parse",
    "tocimxml",
    "tocimxmlstr",
]
