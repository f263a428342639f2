"""What the headers of a request must be (DSP0200, 6.2 and 7), and how a wrong one is answered."""

from collections.abc import Mapping
from urllib.parse import quote, unquote

from opswire.wbem.messages import Message, Part
from opswire.wbem.objects import CIMClassName, CIMInstanceName

MAX_DETAILS = 400
"""Characters of CIMErrorDetails: they are for people."""

# Of parts of an entity, and of its age: neither is for operations (DSP0200, 7.3).
FORBIDDEN = ("accept-ranges", "content-range", "expires", "if-range", "range")


class Refused(Exception):
    """A request that is answered with an HTTP status and no CIM-XML.

    Args:
        status: of HTTP.
        cim_error: the header CIMError, if DSP0200 has a word for it.
        details: for people.
    """

    def __init__(self, status: int, cim_error: str | None, details: str) -> None:
        """Keep it."""
        super().__init__(status, cim_error, details)
        self.status = status
        self.cim_error = cim_error
        self.details = details

    def headers(self) -> dict[str, str]:
        """Return the headers that tell it; nothing of the request can break out of them."""
        told = {"CIMErrorDetails": quote(self.details[:MAX_DETAILS], safe=" ,:;'()[]/=")}
        if self.cim_error is not None:
            told["CIMError"] = self.cim_error
        return told


def check_before_body(headers: Mapping[str, str]) -> None:
    """Check what does not depend on the message.

    Raises:
        Refused: with the status.
    """
    kind = _media(headers.get("content-type", ""))
    if kind[0] not in {"application/xml", "text/xml"}:
        raise Refused(415, None, "Content-Type must be application/xml or text/xml")
    if kind[1] not in {"utf-8", "utf8"}:
        raise Refused(415, None, "the charset must be utf-8")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refused(415, None, "Content-Encoding must be identity")
    accepted = headers.get("accept")
    if accepted is not None and not any(
        _media(each)[0] in {"application/xml", "text/xml", "application/*", "text/*", "*/*"}
        for each in accepted.split(",")
    ):
        raise Refused(406, None, "Accept must allow application/xml or text/xml")
    charsets = headers.get("accept-charset")
    if charsets is not None and not any(
        each.partition(";")[0].strip().lower() in {"utf-8", "utf8", "*"}
        for each in charsets.split(",")
    ):
        raise Refused(406, None, "Accept-Charset must allow utf-8")
    for name in FORBIDDEN:
        if name in headers:
            raise Refused(400, "header-mismatch", f"{name} has no place in an operation request")
    if "cimbatch" in headers:
        raise Refused(501, "multiple-requests-unsupported", "one request at a time, please")
    operation = headers.get("cimoperation")
    if operation is None or operation.strip().lower() != "methodcall":
        raise Refused(400, "unsupported-operation", "CIMOperation must be MethodCall")
    version = headers.get("cimprotocolversion", "1.0").strip()
    if not version.startswith("1."):
        raise Refused(501, "unsupported-protocol-version", "CIMProtocolVersion must be 1.x")


def check_against_body(headers: Mapping[str, str], message: Message) -> Part:
    """Check what the headers say of the message; return its only operation.

    Raises:
        Refused: with the status.
    """
    if len(message.parts) != 1:
        raise Refused(501, "multiple-requests-unsupported", "one request at a time, please")
    call = message.part
    if call.element not in {"IMETHODCALL", "METHODCALL"} or call.name is None:
        raise Refused(400, "request-not-loosely-valid", "the message is no request of an operation")
    version = headers.get("cimprotocolversion")
    if version is not None and version.strip() != message.protocol_version:
        raise Refused(
            400, "header-mismatch", "CIMProtocolVersion is not the message's PROTOCOLVERSION"
        )
    method = _decoded(headers.get("cimmethod"))
    if method is None or method.strip() != call.name:
        raise Refused(400, "header-mismatch", f"CIMMethod is not the message's {call.name}")
    target = _decoded(headers.get("cimobject"))
    if target is None or not _is_target(target.strip(), call):
        raise Refused(400, "header-mismatch", "CIMObject is not what the message names")
    return call


def _is_target(text: str, call: Part) -> bool:
    """Whether CIMObject names the namespace, and the class of a method's object.

    Keys are not compared: they have several right spellings, and the message has them too.
    """
    namespace, _, rest = text.partition(":")
    if isinstance(call.target, str):
        return not rest and namespace.strip("/").lower() == call.target.strip("/").lower()
    if not isinstance(call.target, (CIMInstanceName, CIMClassName)):
        return False
    own = (call.target.namespace or "").strip("/").lower()
    classname = rest.partition(".")[0]
    return (
        namespace.strip("/").lower() == own and classname.lower() == call.target.classname.lower()
    )


def _decoded(value: str | None) -> str | None:
    # Senders write UTF-8 percent-encoded, as they should, or as it is.
    if value is None:
        return None
    try:
        return unquote(value.encode("latin-1").decode("utf-8"), errors="strict")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None


def _media(value: str) -> tuple[str, str]:
    """Return the media type and the charset of a header, in lower case."""
    kind, _, parameters = value.partition(";")
    charset = "utf-8"
    for parameter in parameters.split(";"):
        name, _, told = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = told.strip().strip('"').lower()
    return kind.strip().lower(), charset
