"""Every exception and warning of ``opswire.wbem``, in one tree below OpswireError.

Error:
    ├── ConnectionError               also a builtin ConnectionError
    │   └── TimeoutError              also a builtin TimeoutError
    ├── AuthError
    ├── HTTPError
    ├── ParseError                    also a RemoteProtocolError
    │   ├── HeaderParseError
    │   ├── CIMXMLParseError
    │   └── XMLParseError
    ├── VersionError
    │   ├── CIMVersionError
    │   ├── DTDVersionError
    │   └── ProtocolVersionError
    ├── CIMError
    ├── ModelError
    ├── MOFCompileError
    │   ├── MOFParseError
    │   ├── MOFDependencyError
    │   └── MOFRepositoryError
    └── Warning                       also a builtin Warning
        ├── ToleratedServerIssueWarning
        ├── ToleratedSchemaIssueWarning
        ├── RequestExceptionWarning
        ├── MissingKeybindingsWarning
        ├── OldNameFilterWarning
        └── OldNameDestinationWarning
    ListenerError
    ├── ListenerCertificateError
    ├── ListenerPromptError
    ├── ListenerQueueFullError
    └── ListenerStartError
        └── ListenerPortError

``conn_id`` is the identifier of the connection that it happened on, or None. ``request_data`` and
``response_data`` are the bodies of the HTTP messages, or None; they are no part of the text.
"""

import builtins
from collections.abc import Mapping, Sequence
from typing import Any

from opswire.errors import OpswireError, RemoteProtocolError

Data = str | bytes | None


class Error(OpswireError):
    """The root of what the WBEM client raises.

    Args:
        args: usually one text.
        conn_id: of the connection.
    """

    def __init__(self, *args: object, conn_id: str | None = None) -> None:
        """Keep the arguments and the connection's identifier."""
        super().__init__(*args)
        self.conn_id = conn_id

    @property
    def conn_str(self) -> str:
        """The connection's identifier as a text for messages."""
        return f"Connection id: {self.conn_id}"


class _OneText(Error):
    """Those that take their text and the connection as positional arguments."""

    def __init__(self, message: str | None = None, conn_id: str | None = None) -> None:
        """Keep the text."""
        super().__init__(message, conn_id=conn_id)

    def __str__(self) -> str:
        """Return the text."""
        return str(self.args[0])


class ConnectionError(_OneText, builtins.ConnectionError):
    """The WBEM server could not be reached, or the connection broke."""


class AuthError(_OneText):
    """The WBEM server refused the credentials."""


class TimeoutError(ConnectionError, builtins.TimeoutError):
    """The WBEM server did not answer in time.

    A ConnectionError too: programs written for pywbem, which raises one when a read times out,
    catch that.
    """


class VersionError(_OneText):
    """The WBEM server speaks a version that is not supported."""


class CIMVersionError(VersionError):
    """The CIMVERSION of a message is not 2.x."""


class DTDVersionError(VersionError):
    """The DTDVERSION of a message is not 2.x."""


class ProtocolVersionError(VersionError):
    """The PROTOCOLVERSION of a message is not 1.x."""


class ModelError(_OneText):
    """The server's objects do not follow the CIM model that they should."""


class HTTPError(Error):
    """The WBEM server answered with an HTTP status that is no success.

    ``status`` and ``reason`` are those of HTTP; ``cimerror`` and ``cimdetails`` are the headers
    CIMError and CIMErrorDetails. ``operation`` says what was asked, or is None.
    """

    operation: str | None = None

    def __init__(
        self,
        status: int,
        reason: str | None,
        cimerror: str | None = None,
        cimdetails: Mapping[str, str] | None = None,
        conn_id: str | None = None,
        request_data: Data = None,
        response_data: Data = None,
    ) -> None:
        """Keep what the server said."""
        super().__init__(status, reason, cimerror, dict(cimdetails or {}), conn_id=conn_id)
        self.request_data = request_data
        self.response_data = response_data

    @property
    def status(self) -> int:
        """The HTTP status, as 404."""
        status: int = self.args[0]
        return status

    @property
    def reason(self) -> str | None:
        """The text that came with the status."""
        reason: str | None = self.args[1]
        return reason

    @property
    def cimerror(self) -> str | None:
        """The header CIMError, or None."""
        text: str | None = self.args[2]
        return text

    @property
    def cimdetails(self) -> dict[str, str]:
        """What the server says besides, by name."""
        details: dict[str, str] = self.args[3]
        return details

    def __str__(self) -> str:
        """Tell status, reason and what else the server said."""
        parts = [f"{self.status} ({self.reason})"]
        if self.cimerror is not None:
            parts.append(f"CIMError: {self.cimerror}")
        parts += [f"{name}: {text}" for name, text in self.cimdetails.items()]
        text = ", ".join(parts)
        return text if self.operation is None else f"{text} ({self.operation})"


class ParseError(Error, RemoteProtocolError):
    """What the WBEM server sent cannot be read.

    ``line`` and ``column`` (from 1, in characters), ``offset`` (octets before it), ``path`` (the
    elements that lead there) and ``excerpt`` (a few characters around it) tell where; they are None
    where there is no such place.
    """

    line: int | None = None
    column: int | None = None
    path: str | None = None
    excerpt: str | None = None

    def __init__(
        self,
        message: str | None = None,
        conn_id: str | None = None,
        request_data: Data = None,
        response_data: Data = None,
    ) -> None:
        """Keep the text and the data."""
        Exception.__init__(self, message)
        self.conn_id = conn_id
        self.request_data = request_data
        self.response_data = response_data
        self.text = str(message)
        self.offset = None
        self.status = 0
        self.found = 0

    def __str__(self) -> str:
        """Return the text."""
        return self.text


class HeaderParseError(ParseError):
    """An HTTP header of the answer is missing or wrong."""


class CIMXMLParseError(ParseError):
    """The answer is well-formed XML, but not CIM-XML."""


class XMLParseError(ParseError):
    """The answer is not well-formed XML, or exceeds a limit."""


#: Status codes (DSP0200 1.4, table 3): name, and what the standard says that it means.
STATUSES: dict[int, tuple[str, str]] = {
    1: ("CIM_ERR_FAILED", "A general error occurred"),
    2: ("CIM_ERR_ACCESS_DENIED", "Access to the CIM resource is not allowed for the client"),
    3: ("CIM_ERR_INVALID_NAMESPACE", "The namespace does not exist"),
    4: ("CIM_ERR_INVALID_PARAMETER", "A parameter is invalid"),
    5: ("CIM_ERR_INVALID_CLASS", "The class does not exist"),
    6: ("CIM_ERR_NOT_FOUND", "The requested object does not exist"),
    7: ("CIM_ERR_NOT_SUPPORTED", "The operation is not supported"),
    8: ("CIM_ERR_CLASS_HAS_CHILDREN", "The class has subclasses"),
    9: ("CIM_ERR_CLASS_HAS_INSTANCES", "The class has instances"),
    10: ("CIM_ERR_INVALID_SUPERCLASS", "The superclass does not exist"),
    11: ("CIM_ERR_ALREADY_EXISTS", "The object exists already"),
    12: ("CIM_ERR_NO_SUCH_PROPERTY", "The property does not exist"),
    13: ("CIM_ERR_TYPE_MISMATCH", "The value is not of the type"),
    14: ("CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED", "The query language is not known"),
    15: ("CIM_ERR_INVALID_QUERY", "The query is not valid in its language"),
    16: ("CIM_ERR_METHOD_NOT_AVAILABLE", "The method could not be executed"),
    17: ("CIM_ERR_METHOD_NOT_FOUND", "The method does not exist"),
    20: ("CIM_ERR_NAMESPACE_NOT_EMPTY", "The namespace is not empty"),
    21: ("CIM_ERR_INVALID_ENUMERATION_CONTEXT", "The enumeration is not open"),
    22: ("CIM_ERR_INVALID_OPERATION_TIMEOUT", "The operation timeout is not allowed"),
    23: ("CIM_ERR_PULL_HAS_BEEN_ABANDONED", "The pull was abandoned by a concurrent close"),
    24: ("CIM_ERR_PULL_CANNOT_BE_ABANDONED", "The pull could not be abandoned"),
    25: ("CIM_ERR_FILTERED_ENUMERATION_NOT_SUPPORTED", "Filtered enumeration is not supported"),
    26: ("CIM_ERR_CONTINUATION_ON_ERROR_NOT_SUPPORTED", "Going on after errors is not supported"),
    27: ("CIM_ERR_SERVER_LIMITS_EXCEEDED", "The server's limits are exceeded"),
    28: ("CIM_ERR_SERVER_IS_SHUTTING_DOWN", "The server is shutting down"),
}


class CIMError(Error):
    """The WBEM server answered an operation with an error.

    Args:
        status_code: the number (the constants ``CIM_ERR_…``).
        status_description: the server's text, or None.
        instances: CIMInstance objects of the class CIM_Error that came with it, or None.
        conn_id: of the connection.
        request_data: the body of the request.

    ``operation`` is the text that says what was asked of which class in which namespace, like
    "GetInstance of CIM_Disk in root/cimv2"; the client adds it. ``error[0]`` is ``error.args[0]``.
    """

    operation: str | None = None

    def __init__(
        self,
        status_code: int,
        status_description: str | None = None,
        instances: Sequence[Any] | None = None,
        conn_id: str | None = None,
        request_data: Data = None,
    ) -> None:
        """Keep what the server said."""
        super().__init__(status_code, status_description, instances, conn_id=conn_id)
        self.request_data = request_data

    @property
    def status_code(self) -> int:
        """The number."""
        code: int = self.args[0]
        return code

    @property
    def status_code_name(self) -> str:
        """The name of the number, like CIM_ERR_NOT_FOUND."""
        found = STATUSES.get(self.status_code)
        return found[0] if found else f"Invalid status code {self.status_code}"

    @property
    def status_description(self) -> str:
        """The server's text; without one, what the standard says."""
        if self.args[1]:
            return str(self.args[1])
        found = STATUSES.get(self.status_code)
        return found[1] if found else f"Invalid status code {self.status_code}"

    @property
    def instances(self) -> Sequence[Any] | None:
        """CIMInstance objects of the class CIM_Error, or None."""
        instances: Sequence[Any] | None = self.args[2]
        return instances

    def __getitem__(self, index: int) -> Any:
        """Return an item of ``args``, as exceptions of Python 2 did."""
        return self.args[index]

    def __str__(self) -> str:
        """Tell number, name, description and, where it is known, the operation."""
        text = f"{self.status_code} ({self.status_code_name}): {self.status_description}"
        return text if self.operation is None else f"{text} ({self.operation})"


class MOFCompileError(Error):
    """A text in MOF cannot be compiled; ``msg`` says why."""

    def __init__(self, msg: str, parser_token: object = None) -> None:
        """Keep the text and the place that the token tells."""
        super().__init__(msg)
        self.msg = msg
        self.file: str | None = getattr(parser_token, "file", None)
        self.lineno: int | None = getattr(parser_token, "lineno", None)
        self.column: int | None = getattr(parser_token, "column", None)
        self.context: list[str] | None = getattr(parser_token, "context", None)

    def get_err_msg(self) -> str:
        """Return the text with its place."""
        where = "" if self.lineno is None else f"{self.file or '<text>'}:{self.lineno}: "
        return f"{where}{self.msg}"


class MOFParseError(MOFCompileError):
    """A text is no MOF."""


class MOFDependencyError(MOFCompileError):
    """A text in MOF needs something that is not there."""


class MOFRepositoryError(MOFCompileError):
    """The repository refused what a text in MOF declares; ``cim_error`` is its answer."""

    def __init__(
        self, msg: str, parser_token: object = None, cim_error: CIMError | None = None
    ) -> None:
        """Keep the text and the answer."""
        super().__init__(msg, parser_token)
        self.cim_error = cim_error


class Warning(Error, builtins.Warning):
    """The root of the warnings."""


class ToleratedServerIssueWarning(Warning):
    """The WBEM server sent something wrong that can be understood all the same."""


class ToleratedSchemaIssueWarning(Warning):
    """A declaration in the CIM schema is wrong, but can be used."""


class RequestExceptionWarning(Warning):
    """An exception below HTTP is not one of those that are expected."""


class MissingKeybindingsWarning(Warning):
    """The path of an instance has no keys."""


class OldNameFilterWarning(Warning):
    """A filter was found under a name that an older release gave it."""


class OldNameDestinationWarning(Warning):
    """A destination was found under a name that an older release gave it."""


class ListenerError(OpswireError):
    """The root of what the WBEM listener raises."""


class ListenerCertificateError(ListenerError):
    """The certificate or the key of the listener cannot be used."""


class ListenerPromptError(ListenerError):
    """The password of the listener's key could not be asked for."""


class ListenerQueueFullError(ListenerError):
    """The queue of received indications is full."""


class ListenerStartError(ListenerError):
    """The listener could not be started."""


class ListenerPortError(ListenerStartError):
    """The listener's port is in use."""
