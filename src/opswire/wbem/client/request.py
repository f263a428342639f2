"""The request of an operation: its octets, its headers, and what is said of it in messages."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import quote

from opswire._core.cimxml.messages import export_request, imethodcall, methodcall
from opswire._core.cimxml.objects import CIMClassName, CIMInstance, CIMInstanceName, CIMParameter

__all__ = ["Request", "export", "intrinsic", "invocation", "kept_text"]

_CONTENT = {
    "Content-Type": 'application/xml; charset="utf-8"',
    "Accept": "application/xml, text/xml",
}
# What a header value may have as it is: printable ASCII but the mark of an escape.
_PLAIN = "".join(chr(code) for code in range(0x20, 0x7F) if code != ord("%"))
# Operations that change nothing may be sent twice. A pull is none of them: it moves on.
_READS = ("Get", "Enumerate", "Associator", "Reference", "ExecQuery")


class Request(NamedTuple):
    """One request over HTTP.

    Attributes:
        method: the operation's name, or that of a method, which the answer repeats.
        element: of the answer, around what it says.
        namespace: where it goes; "" for an export.
        subject: the name of the class, instance, qualifier or query that it is about, or "".
        headers: by name; without credentials.
        body: the octets.
        is_read: whether it may be sent again after a connection broke.
        what: an operation of several requests says of each of them what it is for; or "".
    """

    method: str
    element: str
    namespace: str
    subject: str
    headers: dict[str, str]
    body: bytes
    is_read: bool
    what: str = ""

    @property
    def text(self) -> str:
        """What is asked of what, for messages."""
        text = f"{self.method} of {self.subject}" if self.subject else self.method
        if self.namespace:
            text = f"{text} in {self.namespace}"
        return f"{text}, {self.what}" if self.what else text


def intrinsic(
    message_id: int,
    operation: str,
    namespace: str,
    subject: str,
    parameters: Iterable[tuple[str, Any]],
    what: str = "",
) -> Request:
    """Return the request of an operation of DSP0200, 5.4."""
    return Request(
        operation,
        "IMETHODRESPONSE",
        namespace,
        subject,
        {
            **_CONTENT,
            "CIMOperation": "MethodCall",
            "CIMMethod": _field(operation),
            "CIMObject": _field(namespace),
        },
        imethodcall(str(message_id), operation, namespace, parameters),
        operation.startswith(_READS),
        what,
    )


def invocation(
    message_id: int,
    method: str,
    path: CIMInstanceName | CIMClassName,
    parameters: Iterable[CIMParameter | str],
) -> Request:
    """Return the request that calls a method of a class or of an instance."""
    return Request(
        method,
        "METHODRESPONSE",
        path.namespace or "",
        path.classname,
        {
            **_CONTENT,
            "CIMOperation": "MethodCall",
            "CIMMethod": _field(method),
            "CIMObject": _field(path.to_wbem_uri("cimobject")),
        },
        methodcall(str(message_id), method, path, parameters),
        False,
    )


def export(message_id: int, indication: CIMInstance) -> Request:
    """Return the request that delivers an indication to a listener."""
    return Request(
        "ExportIndication",
        "EXPMETHODRESPONSE",
        "",
        indication.classname,
        {
            **_CONTENT,
            "CIMExport": "MethodRequest",
            "CIMExportMethod": "ExportIndication",
        },
        export_request(str(message_id), indication),
        False,
    )


def _field(value: str) -> str:
    """Return a header value: UTF-8, and escapes for all that a header has no place for."""
    return quote(value, safe=_PLAIN)


def kept_text(text: str, most: int = 60) -> str:
    """Return the beginning of a text that messages tell."""
    return text if len(text) <= most else f"{text[: most - 3]}..."
