"""Operations that are iterated over: in pieces where the server can, else in one answer.

Either way the objects are given as they arrive, so that an answer of any size takes the memory of
a few of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from opswire._core.cimxml import config
from opswire._core.cimxml.objects import CIMClassName, CIMInstance, CIMInstanceName
from opswire.errors.wbem import CIMError, Error
from opswire.wbem.client import arguments
from opswire.wbem.client.enumeration import (
    EnumerationContext,
    IterQueryInstancesReturn,
    state_of,
)
from opswire.wbem.client.exchange import Abandoned, Objects, Steps
from opswire.wbem.client.faces import iteration, operation
from opswire.wbem.client.operations.associations import AssociationOperations
from opswire.wbem.client.operations.pulls import PullOperations
from opswire.wbem.client.request import Request

__all__ = ["IterationOperations"]

logger = logging.getLogger("opswire.wbem")

ClassReference = str | CIMClassName | None
#: What servers without these operations answer to the first of them: as DSP0200 says, and as Small
#: Footprint CIM Broker does.
NO_PULL = (7, 1)
DEFAULT = config.DEFAULT_ITER_MAXOBJECTCOUNT


class IterationOperations(AssociationOperations, PullOperations):
    """The Iter... operations.

    ``use_pull_operations`` of the connection says how: True by Open... and Pull... only, False in
    one answer, None whichever the server has, which is found out once for each operation.

    The timeout is one for each request, and does not count the time that the user takes between
    two objects. An iteration that is not read to its end closes the enumeration on the server.
    """

    @iteration(CIMInstance)
    def IterEnumerateInstances(
        self,
        ClassName: str | CIMClassName,
        namespace: str | None = None,
        LocalOnly: bool | None = None,
        DeepInheritance: bool | None = None,
        IncludeQualifiers: bool | None = None,
        IncludeClassOrigin: bool | None = None,
        PropertyList: str | Iterable[str] | None = None,
        FilterQueryLanguage: str | None = None,
        FilterQuery: str | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = DEFAULT,
    ) -> Steps[None]:
        """Iterate over the instances of a class and of the classes below it.

        Args:
            ClassName: the class.
            namespace: where they are; else the namespace of the class name, or the default one.
            LocalOnly: as in EnumerateInstances; pulling knows no such thing.
            DeepInheritance: whether properties that subclasses add come along.
            IncludeQualifiers: as in EnumerateInstances; pulling knows no such thing.
            IncludeClassOrigin: whether each property says which class it is from.
            PropertyList: names of the properties that are wanted; None for all.
            FilterQueryLanguage: of the query, like "DMTF:FQL"; only by pulling.
            FilterQuery: what is left out; only by pulling.
            OperationTimeout: seconds that the server keeps the enumeration between two requests.
            ContinueOnError: whether the server goes on after an error; only by pulling.
            MaxObjectCount: how many objects one answer may have.

        Raises:
            ValueError: a filter, where pulling is not possible; or an argument is wrong.
            Error: the server refuses, or there is no answer.
        """
        yield from self._iteration(
            lambda: self._opening_of_instances(
                ClassName, namespace, DeepInheritance, IncludeClassOrigin, PropertyList,
                FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError, MaxObjectCount,
            ),
            "PullInstancesWithPath",
            lambda: self._enumeration(
                ClassName, namespace, LocalOnly, DeepInheritance, IncludeQualifiers,
                IncludeClassOrigin, PropertyList,
            ),
            CIMInstance, FilterQueryLanguage, FilterQuery, ContinueOnError, MaxObjectCount,
        )  # fmt: skip

    @iteration(CIMInstanceName)
    def IterEnumerateInstancePaths(
        self,
        ClassName: str | CIMClassName,
        namespace: str | None = None,
        FilterQueryLanguage: str | None = None,
        FilterQuery: str | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = DEFAULT,
    ) -> Steps[None]:
        """Iterate over the paths of the instances of a class and of the classes below it.

        Arguments and exceptions are those of IterEnumerateInstances.
        """
        yield from self._iteration(
            lambda: self._opening_of_paths(
                ClassName, namespace, FilterQueryLanguage, FilterQuery, OperationTimeout,
                ContinueOnError, MaxObjectCount,
            ),
            "PullInstancePaths",
            lambda: self._name_enumeration(ClassName, namespace),
            CIMInstanceName, FilterQueryLanguage, FilterQuery, ContinueOnError, MaxObjectCount,
        )  # fmt: skip

    @iteration(CIMInstance)
    def IterAssociatorInstances(
        self,
        InstanceName: CIMInstanceName,
        AssocClass: ClassReference = None,
        ResultClass: ClassReference = None,
        Role: str | None = None,
        ResultRole: str | None = None,
        IncludeQualifiers: bool | None = None,
        IncludeClassOrigin: bool | None = None,
        PropertyList: str | Iterable[str] | None = None,
        FilterQueryLanguage: str | None = None,
        FilterQuery: str | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = DEFAULT,
    ) -> Steps[None]:
        """Iterate over what is associated with an instance.

        Arguments are those of Associators, and with exceptions those of IterEnumerateInstances.
        """
        yield from self._iteration(
            lambda: self._opening_of_associators(
                "OpenAssociatorInstances", InstanceName, AssocClass, ResultClass, Role, ResultRole,
                IncludeClassOrigin, PropertyList, FilterQueryLanguage, FilterQuery,
                OperationTimeout, ContinueOnError, MaxObjectCount,
            ),
            "PullInstancesWithPath",
            lambda: self._association(
                "Associators", InstanceName, AssocClass, ResultClass, Role, ResultRole,
                IncludeQualifiers, IncludeClassOrigin, PropertyList,
            ),
            CIMInstance, FilterQueryLanguage, FilterQuery, ContinueOnError, MaxObjectCount,
        )  # fmt: skip

    @iteration(CIMInstanceName)
    def IterAssociatorInstancePaths(
        self,
        InstanceName: CIMInstanceName,
        AssocClass: ClassReference = None,
        ResultClass: ClassReference = None,
        Role: str | None = None,
        ResultRole: str | None = None,
        FilterQueryLanguage: str | None = None,
        FilterQuery: str | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = DEFAULT,
    ) -> Steps[None]:
        """Iterate over the paths of what is associated with an instance.

        Arguments are those of AssociatorNames, and with exceptions those of IterEnumerateInstances.
        """
        yield from self._iteration(
            lambda: self._opening_of_associators(
                "OpenAssociatorInstancePaths", InstanceName, AssocClass, ResultClass, Role,
                ResultRole, None, None, FilterQueryLanguage, FilterQuery, OperationTimeout,
                ContinueOnError, MaxObjectCount,
            ),
            "PullInstancePaths",
            lambda: self._association(
                "AssociatorNames", InstanceName, AssocClass, ResultClass, Role, ResultRole,
                None, None, None,
            ),
            CIMInstanceName, FilterQueryLanguage, FilterQuery, ContinueOnError, MaxObjectCount,
        )  # fmt: skip

    @iteration(CIMInstance)
    def IterReferenceInstances(
        self,
        InstanceName: CIMInstanceName,
        ResultClass: ClassReference = None,
        Role: str | None = None,
        IncludeQualifiers: bool | None = None,
        IncludeClassOrigin: bool | None = None,
        PropertyList: str | Iterable[str] | None = None,
        FilterQueryLanguage: str | None = None,
        FilterQuery: str | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = DEFAULT,
    ) -> Steps[None]:
        """Iterate over the associations that refer to an instance.

        Arguments are those of References, and with exceptions those of IterEnumerateInstances.
        """
        yield from self._iteration(
            lambda: self._opening_of_references(
                "OpenReferenceInstances", InstanceName, ResultClass, Role, IncludeClassOrigin,
                PropertyList, FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError,
                MaxObjectCount,
            ),
            "PullInstancesWithPath",
            lambda: self._association(
                "References", InstanceName, None, ResultClass, Role, None,
                IncludeQualifiers, IncludeClassOrigin, PropertyList,
            ),
            CIMInstance, FilterQueryLanguage, FilterQuery, ContinueOnError, MaxObjectCount,
        )  # fmt: skip

    @iteration(CIMInstanceName)
    def IterReferenceInstancePaths(
        self,
        InstanceName: CIMInstanceName,
        ResultClass: ClassReference = None,
        Role: str | None = None,
        FilterQueryLanguage: str | None = None,
        FilterQuery: str | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = DEFAULT,
    ) -> Steps[None]:
        """Iterate over the paths of the associations that refer to an instance.

        Arguments are those of ReferenceNames, and with exceptions those of IterEnumerateInstances.
        """
        yield from self._iteration(
            lambda: self._opening_of_references(
                "OpenReferenceInstancePaths", InstanceName, ResultClass, Role, None, None,
                FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError, MaxObjectCount,
            ),
            "PullInstancePaths",
            lambda: self._association(
                "ReferenceNames", InstanceName, None, ResultClass, Role, None, None, None, None
            ),
            CIMInstanceName, FilterQueryLanguage, FilterQuery, ContinueOnError, MaxObjectCount,
        )  # fmt: skip

    def _association(
        self,
        operation: str,
        InstanceName: Any,
        AssocClass: Any,
        ResultClass: Any,
        Role: Any,
        ResultRole: Any,
        IncludeQualifiers: Any,
        IncludeClassOrigin: Any,
        PropertyList: Any,
    ) -> Request:
        """The request in one answer of what an association leads to."""
        return self._about(
            operation,
            arguments.instance_name(InstanceName, "InstanceName"),
            ("AssocClass", arguments.class_name(AssocClass, "AssocClass", optional=True)),
            ("ResultClass", arguments.class_name(ResultClass, "ResultClass", optional=True)),
            ("Role", arguments.text(Role, "Role")),
            ("ResultRole", arguments.text(ResultRole, "ResultRole")),
            ("IncludeQualifiers", arguments.boolean(IncludeQualifiers, "IncludeQualifiers")),
            ("IncludeClassOrigin", arguments.boolean(IncludeClassOrigin, "IncludeClassOrigin")),
            ("PropertyList", arguments.property_list(PropertyList)),
        )

    @operation
    def IterQueryInstances(
        self,
        FilterQueryLanguage: str,
        FilterQuery: str,
        namespace: str | None = None,
        ReturnQueryResultClass: bool | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = DEFAULT,
    ) -> Steps[IterQueryInstancesReturn]:
        """Ask for what a query selects, to be iterated over.

        Args:
            FilterQueryLanguage: of the query, like "DMTF:CQL".
            FilterQuery: the query.
            namespace: where; None for the default namespace.
            ReturnQueryResultClass: whether a class that describes the instances comes along; only
                by pulling.
            OperationTimeout: seconds that the server keeps the enumeration between two requests.
            ContinueOnError: whether the server goes on after an error; only by pulling.
            MaxObjectCount: how many objects one answer may have.

        Returns:
            An object whose ``generator`` has the instances: those of the first answer, and then
            those that each pull brings. ``query_result_class`` describes them.

        Raises:
            ValueError: what only pulling can do, where that is not possible.
            Error: the server refuses, or there is no answer.
        """
        arguments.count(MaxObjectCount, "MaxObjectCount", least=1, optional=False)
        if self._tries_pull("OpenQueryInstances"):
            opening = self._opening_of_query(
                FilterQueryLanguage, FilterQuery, namespace, ReturnQueryResultClass,
                OperationTimeout, ContinueOnError, MaxObjectCount,
            )  # fmt: skip
            try:
                objects, part = yield from self._answer(opening)
            except CIMError as error:
                self._without_pull(opening, error)
            else:
                self._has_pull[opening.method] = True
                self._all(opening, objects, CIMInstance)
                _, context, kind = state_of(opening, part, self._conn_id, len(objects))
                rest = self._query_rest(objects, context, MaxObjectCount)
                return IterQueryInstancesReturn(self._iterate(rest), kind)
        _only_by_pulling(
            ReturnQueryResultClass=ReturnQueryResultClass, ContinueOnError=ContinueOnError
        )
        request = self._query(FilterQueryLanguage, FilterQuery, namespace)
        exchange = self._exchange(request, keeps=False)
        steps = self._flow(exchange, self._completing(request, CIMInstance), to_its_end=False)
        return IterQueryInstancesReturn(self._iterate(self._watched(request, steps)))

    def _query_rest(
        self, objects: list[Any], context: EnumerationContext | None, MaxObjectCount: int | None
    ) -> Steps[None]:
        try:
            yield Objects(objects)
        except Abandoned:
            if context is not None:
                yield from self._close_quietly(context)
            return
        if context is not None:
            request = self._pull("PullInstances", context, MaxObjectCount)
            yield from self._pulls(request, len(objects), CIMInstance, MaxObjectCount)

    # -- how all of them go --

    def _iterate(self, steps: Steps[Any]) -> Any:
        """Return an iterator over what the steps give; the faces know which."""
        raise NotImplementedError

    def _iteration(
        self,
        opening: Callable[[], Request],
        pull: str,
        traditional: Callable[[], Request],
        kind: type,
        FilterQueryLanguage: str | None,
        FilterQuery: str | None,
        ContinueOnError: bool | None,
        MaxObjectCount: int | None,
    ) -> Steps[None]:
        arguments.count(MaxObjectCount, "MaxObjectCount", least=1, optional=False)
        first = opening()
        if self._tries_pull(first.method):
            try:
                yield from self._pulls(first, 0, kind, MaxObjectCount, pull)
                return
            except _NoPull:
                pass
        _only_by_pulling(
            FilterQueryLanguage=FilterQueryLanguage,
            FilterQuery=FilterQuery,
            ContinueOnError=ContinueOnError,
        )
        request = traditional()
        exchange = self._exchange(request, keeps=False)
        steps = self._flow(exchange, self._completing(request, kind), to_its_end=False)
        yield from self._watched(request, steps)

    def _pulls(
        self,
        request: Request,
        came: int,
        kind: type,
        MaxObjectCount: int | None,
        pull: str = "PullInstances",
    ) -> Steps[None]:
        """Give the objects of this answer, and of all that follow.

        Raises:
            _NoPull: the server has no such operation.
        """
        while True:
            exchange = self._exchange(request, keeps=False)
            steps = self._flow(exchange, self._completing(request, kind), to_its_end=True)
            try:
                part = yield from self._watched(request, steps)
            except CIMError as error:
                if not request.method.startswith("Open"):
                    raise
                self._without_pull(request, error)
                raise _NoPull from None
            if request.method.startswith("Open"):
                self._has_pull[request.method] = True
            came += exchange.given
            _, context, _ = state_of(request, part, self._conn_id, came)
            if context is None:
                return
            if exchange.was_abandoned:
                yield from self._close_quietly(context)
                return
            request = self._pull(pull, context, MaxObjectCount)

    def _tries_pull(self, opening: str) -> bool:
        """Whether an enumeration is to be opened: it is wanted, and not known to be impossible."""
        wanted = self._use_pull_operations
        return self._has_pull.get(opening, True) if wanted is None else wanted

    def _without_pull(self, opening: Request, error: CIMError) -> None:
        """Remember that the server has no such operation, if that is what its error means.

        Raises:
            CIMError: it is not.
        """
        name = opening.method
        if (
            self._use_pull_operations is not None
            or name in self._has_pull
            or error.status_code not in NO_PULL
        ):
            raise error
        logger.info("%s: asked for in one answer, the server has no %s", error, name)
        self._has_pull[name] = False

    def _close_quietly(self, context: EnumerationContext) -> Steps[None]:
        """Close an enumeration that nobody wants any more; the server does it too, later."""
        request = self._closing(context)
        try:
            yield from self._watched(request, self._nothing(request))
        except Error as error:
            logger.info("%s", error)

    def _watched(self, request: Request, steps: Steps[Any]) -> Steps[Any]:
        """Have statistics and recorders see a request of an iteration as an operation."""
        if not self._observers.are_there:
            return steps
        return self._observers.observe(self, request.method, lambda: {"of": request.text}, steps)

    def _completing(self, request: Request, kind: type) -> Callable[[list[Any]], object]:
        """Return what checks and completes objects as they arrive."""
        if request.method == "ExecQuery":
            return lambda objects: self._selected(request, objects)
        if request.method == "PullInstances":
            return lambda objects: self._all(request, objects, kind)
        # In one answer, the server's own name for itself may be missing.
        return lambda objects: self._whole(request, self._all(request, objects, kind))


class _NoPull(Exception):
    """The server has no pull operations."""


def _only_by_pulling(**given: Any) -> None:
    for name, value in given.items():
        if value is not None and value is not False:
            raise ValueError(f"{name} needs pull operations, which are not used here")
