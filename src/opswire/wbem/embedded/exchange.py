"""Operations from octets to octets: the message of a request in, the message of its answer out."""

import logging
from collections.abc import Generator, Mapping, Sequence
from typing import Self, TypeAlias, Union

from opswire._core.cimxml import ResponseWriter
from opswire.errors.wbem import (
    CIMError,
    CIMVersionError,
    DTDVersionError,
    ParseError,
    ProtocolVersionError,
    XMLParseError,
)
from opswire.wbem.embedded.arguments import Arguments
from opswire.wbem.embedded.contexts import Contexts
from opswire.wbem.embedded.methods import embedded_kind, invoke
from opswire.wbem.embedded.operations import OPERATIONS, Call, Result
from opswire.wbem.embedded.repository import Repository
from opswire.wbem.embedded.request_rules import Refused, check_against_body, check_before_body
from opswire.wbem.messages import Message, Part, parse
from opswire.wbem.objects import CIMClassName, CIMInstance, CIMInstanceName
from opswire.wbem.status_codes import (
    CIM_ERR_FAILED,
    CIM_ERR_INVALID_NAMESPACE,
    CIM_ERR_NOT_SUPPORTED,
)

PIECE = 64 * 1024
"""Octets from which on an answer is sent before its end is made."""

UNSUPPORTED: dict[type[Exception], str] = {
    CIMVersionError: "unsupported-cim-version",
    DTDVersionError: "unsupported-dtd-version",
    ProtocolVersionError: "unsupported-protocol-version",
}

logger = logging.getLogger("opswire.wbem.embedded")


Answer: TypeAlias = Union[bytes, "Pieces"]
"""Octets where all of them are there, else what makes them."""


class Exchange:
    """Answers requests; may be shared by threads.

    Args:
        repository: what is asked for.
        host: what paths in answers name as their host.
    """

    def __init__(self, repository: Repository, host: str = "localhost") -> None:
        """Begin with no enumeration open."""
        self.repository = repository
        self.host = host
        self.contexts = Contexts()

    def read(self, headers: Mapping[str, str], body: bytes) -> tuple[Message, Part]:
        """Return a request.

        Args:
            headers: of HTTP; found by names in lower case.
            body: the message.

        Raises:
            Refused: it is no request that could be answered with a message.
        """
        check_before_body(headers)
        try:
            message = parse(body)
        except (CIMVersionError, DTDVersionError, ProtocolVersionError) as error:
            raise Refused(501, UNSUPPORTED[type(error)], str(error)) from None
        except XMLParseError as error:
            raise Refused(400, "request-not-well-formed", str(error)) from None
        except ParseError as error:
            raise Refused(400, "request-not-loosely-valid", str(error)) from None
        return message, check_against_body(headers, message)

    def answer(self, message: Message, call: Part, name: str | None = None) -> Answer:
        """Return the answer to a request.

        Args:
            message: the request.
            call: its operation.
            name: what the answer calls the operation, if not by its name.
        """
        return Pieces(self, message.message_id or "", call, name or call.name or "").begun()

    def error(
        self, message: Message, call: Part, code: int, instances: Sequence[CIMInstance] = ()
    ) -> bytes:
        """Return an answer that is an error."""
        error = CIMError(code, None, instances)
        return Pieces(self, message.message_id or "", call, call.name or "").failed(error)

    def close(self) -> None:
        """Close the enumerations that are open."""
        self.contexts.close()


class Pieces:
    """The octets of one answer, made while it is sent; ``close()`` ends what makes them."""

    def __init__(self, exchange: Exchange, message_id: str, call: Part, name: str) -> None:
        """Begin with nothing."""
        self._exchange = exchange
        self._message_id = message_id
        self._call = call
        self._name = name
        self._namespace = ""
        self._first = b""
        self._made = self._make()

    def begun(self) -> Answer:
        """Make the first piece, which may be all: what fails in it is an ERROR and nothing else."""
        try:
            self._first = next(self._made)
        except Exception as error:
            return self.failed(error)
        if len(self._first) >= PIECE:
            return self
        self._made.close()
        return self._first

    def __iter__(self) -> Self:
        """Return itself."""
        return self

    def __next__(self) -> bytes:
        """Return the next piece."""
        first, self._first = self._first, b""
        return first or next(self._made)

    def close(self) -> None:
        """End what makes the pieces."""
        self._made.close()

    def _writer(self) -> ResponseWriter:
        return ResponseWriter(
            self._message_id,
            self._name,
            self._call.element == "METHODCALL",
            self._exchange.host,
            self._namespace,
        )

    def failed(self, error: Exception) -> bytes:
        """Return the whole answer for what an operation raised."""
        writer = self._writer()
        _write_error(writer, self._told(error))
        return writer.finish()

    def _told(self, error: Exception) -> CIMError:
        if isinstance(error, CIMError):
            return error
        # The log has the rest: a provider's text may be meant for nobody else.
        logger.error("%s failed", self._name, exc_info=error)
        return CIMError(
            CIM_ERR_FAILED, f"the server failed: {type(error).__name__}; its log tells more"
        )

    def _make(self) -> Generator[bytes, None, None]:
        if self._call.element == "METHODCALL":
            yield self._method()
            return
        result = self._result()
        writer = self._writer()
        sent = False
        if result.element is not None:
            writer.begin_return()
            objects = iter(result.objects)
            try:
                while True:
                    try:
                        one = next(objects)
                    except StopIteration:
                        break
                    except Exception as error:
                        if not sent:
                            raise
                        # Not in the DTD, but every client takes the ERROR; a trailer only few know.
                        writer.end_return()
                        _write_error(writer, self._told(error))
                        yield writer.finish()
                        return
                    writer.add(one, result.element)
                    if writer.size >= PIECE:
                        sent = True
                        yield writer.take()
            finally:
                close = getattr(objects, "close", None)
                if close is not None:
                    close()
            writer.end_return()
        for parameter in result.parameters():
            writer.parameter(parameter)
        yield writer.finish()

    def _result(self) -> Result:
        name, given = (self._call.name or "").lower(), self._call.parameters
        found = OPERATIONS.get(name)
        if found is None:
            raise CIMError(CIM_ERR_NOT_SUPPORTED, f"there is no operation {self._call.name} here")
        operation, parameters = found
        target = self._call.target
        if not isinstance(target, str):
            raise CIMError(CIM_ERR_INVALID_NAMESPACE, "the request names no namespace")
        namespace = self._exchange.repository.namespace(target)
        self._namespace = namespace.name
        arguments = Arguments(given, parameters)
        return operation(
            Call(self._exchange.repository, self._exchange.contexts, namespace, arguments)
        )

    def _method(self) -> bytes:
        target = self._call.target
        if not isinstance(target, (CIMInstanceName, CIMClassName)):
            raise CIMError(CIM_ERR_INVALID_NAMESPACE, "the request names no object")
        self._namespace = target.namespace or ""
        returned = invoke(
            self._exchange.repository, target, self._call.name or "", self._call.parameters
        )
        writer = self._writer()
        if returned.type is not None:
            writer.return_value(returned.value, returned.type, embedded_kind(returned.value))
        for parameter in returned.outputs:
            writer.parameter(parameter)
        return writer.finish()


def _write_error(writer: ResponseWriter, error: CIMError) -> None:
    writer.error(error.status_code, _clean(error.status_description), error.instances or ())


def _clean(text: str) -> str:
    """What XML cannot carry must not keep an error from being told."""
    return "".join(
        each
        if each >= " " and not 0xD800 <= ord(each) <= 0xDFFF and each not in "\ufffe\uffff"
        else "?"
        for each in text
    )
