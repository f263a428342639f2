"""The intrinsic operations by name, and what each of them is given and gives."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from opswire.wbem.embedded.arguments import Arguments
from opswire.wbem.embedded.contexts import Contexts
from opswire.wbem.embedded.namespace import Namespace
from opswire.wbem.embedded.repository import Repository
from opswire.wbem.objects import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMParameter,
    CIMQualifierDeclaration,
)

Answered: TypeAlias = (
    CIMInstance | CIMInstanceName | CIMClass | CIMClassName | CIMQualifierDeclaration | str
)


@dataclass(frozen=True)
class Call:
    """One request.

    Args:
        repository: what the server has.
        contexts: the enumerations that are open.
        namespace: that the request names.
        arguments: its parameters.
    """

    repository: Repository
    contexts: Contexts
    namespace: Namespace
    arguments: Arguments


@dataclass(frozen=True)
class Result:
    """What is answered.

    Args:
        element: what becomes of each object, by its name in DSP0201; None: no IRETURNVALUE.
        objects: may be made while they are sent.
        parameters: called behind the objects, for the output parameters.
    """

    element: str | None = None
    objects: Iterable[Answered] = ()
    parameters: Callable[[], Iterable[CIMParameter]] = field(default=tuple)


Operation: TypeAlias = Callable[[Call], Result]

OPERATIONS: dict[str, tuple[Operation, tuple[str, ...]]] = {}
"""By name in lower case: the function, and the names of its parameters."""


def operation(name: str, parameters: str) -> Callable[[Operation], Operation]:
    """Return a decorator for the function of an operation; `parameters` are divided by spaces."""

    def register(function: Operation) -> Operation:
        OPERATIONS[name.lower()] = function, tuple(parameters.split())
        return function

    return register
