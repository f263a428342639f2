"""What the answers to Open... and Pull... say of an enumeration that is open on the server."""

from __future__ import annotations

from typing import Any, NamedTuple

from opswire._core.cimxml import Part
from opswire._core.cimxml.objects import CIMClass, CIMInstance, CIMInstanceName
from opswire.errors.wbem import CIMXMLParseError
from opswire.public_names import public_in
from opswire.wbem.client.request import Request

__all__ = [
    "EnumerationContext",
    "IterQueryInstancesReturn",
    "pull_inst_result",
    "pull_path_result",
    "pull_query_result",
    "state_of",
]


class EnumerationContext(tuple[str, str]):
    """The pair of the server's name for an open enumeration, and its namespace.

    ``subject`` is what is enumerated, and ``objects`` how many have come, for messages.
    """

    subject: str
    objects: int

    @classmethod
    def of(cls, context: str, namespace: str, subject: str, objects: int) -> EnumerationContext:
        """Make one."""
        made = cls((context, namespace))
        made.subject = subject
        made.objects = objects
        return made


class pull_inst_result(NamedTuple):
    """Instances; whether these are the last; what the next pull needs, or None."""

    instances: list[CIMInstance]
    eos: bool
    context: EnumerationContext | None


class pull_path_result(NamedTuple):
    """Paths of instances; whether these are the last; what the next pull needs, or None."""

    paths: list[CIMInstanceName]
    eos: bool
    context: EnumerationContext | None


class pull_query_result(NamedTuple):
    """Instances that a query selects; whether these are the last; what the next pull needs.

    ``query_result_class`` describes them, if that was asked for.
    """

    instances: list[CIMInstance]
    eos: bool
    context: EnumerationContext | None
    query_result_class: CIMClass | None


@public_in("opswire.wbem")
class IterQueryInstancesReturn:
    """What a query selects: ``generator`` has the instances, as they arrive.

    ``query_result_class`` is the class that describes them, if that was asked for.
    """

    def __init__(self, instances: Any, query_result_class: CIMClass | None = None) -> None:
        """Keep them."""
        self._instances = instances
        self._query_result_class = query_result_class

    @property
    def generator(self) -> Any:
        """The instances, one at a time."""
        return self._instances

    @property
    def query_result_class(self) -> CIMClass | None:
        """The class of what is selected, or None."""
        return self._query_result_class


def state_of(
    request: Request, part: Part, conn_id: str, objects: int
) -> tuple[bool, EnumerationContext | None, CIMClass | None]:
    """Return whether an enumeration is at its end, else its context; the class of a query's result.

    Raises:
        CIMXMLParseError: the answer does not say it.
    """
    said = {(each.name or "").lower(): each.value for each in part.parameters}
    end: Any = said.get("endofsequence")
    if isinstance(end, str):  # not every server tells the type
        end = {"true": True, "false": False}.get(end.strip().lower())
    context: Any = said.get("enumerationcontext")
    if not isinstance(end, bool) or (not end and not isinstance(context, str)):
        missing = "EnumerationContext" if isinstance(end, bool) else "EndOfSequence"
        raise CIMXMLParseError(
            f"{request.text}: the answer has no {missing}", conn_id, request.body
        )
    result_class = said.get("queryresultclass")
    following = None
    if not end:
        following = EnumerationContext.of(context, request.namespace, request.subject, objects)
    return end, following, result_class if isinstance(result_class, CIMClass) else None
