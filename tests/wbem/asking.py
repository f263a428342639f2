"""Requests for an Exchange, octets in and octets out."""

from typing import Any

from opswire import wbem
from opswire._core.cimxml import imethodcall, methodcall
from opswire.wbem.embedded import Exchange
from tests.wbem.disks import NAMESPACE


def headers(method: str, target: str = NAMESPACE, **others: str) -> dict[str, str]:
    """The headers of a request, by names in lower case."""
    return {
        "content-type": 'application/xml; charset="utf-8"',
        "cimoperation": "MethodCall",
        "cimmethod": method,
        "cimobject": target,
        **others,
    }


def octets(exchange: Exchange, told: dict[str, str], request: bytes) -> bytes:
    """The whole answer to a request."""
    message, call = exchange.read(told, request)
    answer = exchange.answer(message, call)
    return answer if isinstance(answer, bytes) else b"".join(answer)


def asked(
    exchange: Exchange, operation: str, /, *, namespace: str = NAMESPACE, **parameters: Any
) -> wbem.Message:
    """Ask for an operation; return the answer.

    Raises:
        CIMError: it is one.
    """
    request = imethodcall("7", operation, namespace, parameters.items())
    message = wbem.parse(octets(exchange, headers(operation, namespace), request))
    assert (message.message_id, message.name) == ("7", operation)
    if message.error is not None:
        raise message.error
    return message


def invoked(
    exchange: Exchange,
    method: str,
    path: wbem.CIMInstanceName | wbem.CIMClassName,
    *parameters: wbem.CIMParameter,
) -> wbem.Message:
    """Call a method; return the answer.

    Raises:
        CIMError: it is one.
    """
    request = methodcall("8", method, path, parameters)
    message = wbem.parse(
        octets(exchange, headers(method, f"{path.namespace}:{path.classname}"), request)
    )
    if message.error is not None:
        raise message.error
    return message


def output(message: wbem.Message, name: str) -> Any:
    """The value of an output parameter."""
    return next(each.value for each in message.parameters if each.name == name)
