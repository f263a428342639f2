"""Enumerations that are fetched in pieces (DSP0200 1.4, 5.4.2.24): open, pull, close."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from opswire._core.cimxml.objects import CIMClassName, CIMInstance, CIMInstanceName
from opswire.wbem.client import arguments
from opswire.wbem.client.client_state import ClientState
from opswire.wbem.client.enumeration import (
    EnumerationContext,
    pull_inst_result,
    pull_path_result,
    pull_query_result,
    state_of,
)
from opswire.wbem.client.exchange import Steps
from opswire.wbem.client.faces import operation
from opswire.wbem.client.request import Request

__all__ = ["PullOperations"]

ClassReference = str | CIMClassName | None
Context = tuple[str, str] | None


class PullOperations(ClientState):
    """Open..., Pull... and CloseEnumeration.

    All that open take:

        FilterQueryLanguage, FilterQuery: what is left out, like "DMTF:FQL" and a query in it.
        OperationTimeout: seconds that the server keeps the enumeration open between two requests.
        ContinueOnError: whether the server goes on after an error.
        MaxObjectCount: how many objects may come with the answer; None or 0 for none.
    """

    @operation
    def OpenEnumerateInstances(
        self,
        ClassName: str | CIMClassName,
        namespace: str | None = None,
        DeepInheritance: bool | None = None,
        IncludeClassOrigin: bool | None = None,
        PropertyList: str | Iterable[str] | None = None,
        FilterQueryLanguage: str | None = None,
        FilterQuery: str | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = None,
    ) -> Steps[pull_inst_result]:
        """Open an enumeration of the instances of a class.

        Arguments are those of EnumerateInstances, and those that the class tells.

        Returns:
            The first instances, with whole paths; ``eos``; ``context`` for PullInstancesWithPath.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._opening_of_instances(
            ClassName, namespace, DeepInheritance, IncludeClassOrigin, PropertyList,
            FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError, MaxObjectCount,
        )  # fmt: skip
        return (yield from self._pulled_instances(request))

    @operation
    def OpenEnumerateInstancePaths(
        self,
        ClassName: str | CIMClassName,
        namespace: str | None = None,
        FilterQueryLanguage: str | None = None,
        FilterQuery: str | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = None,
    ) -> Steps[pull_path_result]:
        """Open an enumeration of the paths of the instances of a class.

        Arguments are those of EnumerateInstanceNames, and those that the class tells.

        Returns:
            The first paths, whole; ``eos``; ``context`` for PullInstancePaths.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._opening_of_paths(
            ClassName, namespace, FilterQueryLanguage, FilterQuery, OperationTimeout,
            ContinueOnError, MaxObjectCount,
        )  # fmt: skip
        return (yield from self._pulled_paths(request))

    @operation
    def OpenAssociatorInstances(
        self,
        InstanceName: CIMInstanceName,
        AssocClass: ClassReference = None,
        ResultClass: ClassReference = None,
        Role: str | None = None,
        ResultRole: str | None = None,
        IncludeClassOrigin: bool | None = None,
        PropertyList: str | Iterable[str] | None = None,
        FilterQueryLanguage: str | None = None,
        FilterQuery: str | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = None,
    ) -> Steps[pull_inst_result]:
        """Open an enumeration of what is associated with an instance.

        Arguments are those of Associators, and those that the class tells.

        Returns:
            The first instances, with whole paths; ``eos``; ``context`` for PullInstancesWithPath.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._opening_of_associators(
            "OpenAssociatorInstances", InstanceName, AssocClass, ResultClass, Role, ResultRole,
            IncludeClassOrigin, PropertyList, FilterQueryLanguage, FilterQuery, OperationTimeout,
            ContinueOnError, MaxObjectCount,
        )  # fmt: skip
        return (yield from self._pulled_instances(request))

    @operation
    def OpenAssociatorInstancePaths(
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
        MaxObjectCount: int | None = None,
    ) -> Steps[pull_path_result]:
        """Open an enumeration of the paths of what is associated with an instance.

        Arguments are those of AssociatorNames, and those that the class tells.

        Returns:
            The first paths, whole; ``eos``; ``context`` for PullInstancePaths.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._opening_of_associators(
            "OpenAssociatorInstancePaths", InstanceName, AssocClass, ResultClass, Role, ResultRole,
            None, None, FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError,
            MaxObjectCount,
        )  # fmt: skip
        return (yield from self._pulled_paths(request))

    @operation
    def OpenReferenceInstances(
        self,
        InstanceName: CIMInstanceName,
        ResultClass: ClassReference = None,
        Role: str | None = None,
        IncludeClassOrigin: bool | None = None,
        PropertyList: str | Iterable[str] | None = None,
        FilterQueryLanguage: str | None = None,
        FilterQuery: str | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = None,
    ) -> Steps[pull_inst_result]:
        """Open an enumeration of the associations that refer to an instance.

        Arguments are those of References, and those that the class tells.

        Returns:
            The first instances, with whole paths; ``eos``; ``context`` for PullInstancesWithPath.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._opening_of_references(
            "OpenReferenceInstances", InstanceName, ResultClass, Role, IncludeClassOrigin,
            PropertyList, FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError,
            MaxObjectCount,
        )  # fmt: skip
        return (yield from self._pulled_instances(request))

    @operation
    def OpenReferenceInstancePaths(
        self,
        InstanceName: CIMInstanceName,
        ResultClass: ClassReference = None,
        Role: str | None = None,
        FilterQueryLanguage: str | None = None,
        FilterQuery: str | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = None,
    ) -> Steps[pull_path_result]:
        """Open an enumeration of the paths of the associations that refer to an instance.

        Arguments are those of ReferenceNames, and those that the class tells.

        Returns:
            The first paths, whole; ``eos``; ``context`` for PullInstancePaths.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._opening_of_references(
            "OpenReferenceInstancePaths", InstanceName, ResultClass, Role, None, None,
            FilterQueryLanguage, FilterQuery, OperationTimeout, ContinueOnError, MaxObjectCount,
        )  # fmt: skip
        return (yield from self._pulled_paths(request))

    @operation
    def OpenQueryInstances(
        self,
        FilterQueryLanguage: str,
        FilterQuery: str,
        namespace: str | None = None,
        ReturnQueryResultClass: bool | None = None,
        OperationTimeout: int | None = None,
        ContinueOnError: bool | None = None,
        MaxObjectCount: int | None = None,
    ) -> Steps[pull_query_result]:
        """Open an enumeration of what a query selects.

        Args:
            FilterQueryLanguage: of the query, like "DMTF:CQL".
            FilterQuery: the query.
            namespace: where; None for the default namespace.
            ReturnQueryResultClass: whether a class that describes the instances comes along.
            OperationTimeout: seconds that the server keeps the enumeration between two requests.
            ContinueOnError: whether the server goes on after an error.
            MaxObjectCount: how many objects may come with the answer; None or 0 for none.

        Returns:
            The first instances, without paths; ``eos``; ``context`` for PullInstances;
            ``query_result_class``.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._opening_of_query(
            FilterQueryLanguage, FilterQuery, namespace, ReturnQueryResultClass, OperationTimeout,
            ContinueOnError, MaxObjectCount,
        )  # fmt: skip
        objects, part = yield from self._answer(request)
        self._all(request, objects, CIMInstance)
        end, context, result_class = state_of(request, part, self._conn_id, len(objects))
        return pull_query_result(objects, end, context, result_class)

    @operation
    def PullInstancesWithPath(
        self, context: Context, MaxObjectCount: int
    ) -> Steps[pull_inst_result]:
        """Fetch more instances, with their paths.

        Args:
            context: what the last answer of this enumeration has as ``context``.
            MaxObjectCount: how many may come.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._pull("PullInstancesWithPath", context, MaxObjectCount)
        return (yield from self._pulled_instances(request, _came(context)))

    @operation
    def PullInstancePaths(self, context: Context, MaxObjectCount: int) -> Steps[pull_path_result]:
        """Fetch more paths.

        Args:
            context: what the last answer of this enumeration has as ``context``.
            MaxObjectCount: how many may come.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._pull("PullInstancePaths", context, MaxObjectCount)
        return (yield from self._pulled_paths(request, _came(context)))

    @operation
    def PullInstances(self, context: Context, MaxObjectCount: int) -> Steps[pull_inst_result]:
        """Fetch more instances of a query's result.

        Args:
            context: what the last answer of this enumeration has as ``context``.
            MaxObjectCount: how many may come.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._pull("PullInstances", context, MaxObjectCount)
        objects, part = yield from self._answer(request)
        self._all(request, objects, CIMInstance)
        before = _came(context)
        end, more, _ = state_of(request, part, self._conn_id, before + len(objects))
        return pull_inst_result(objects, end, more)

    @operation
    def CloseEnumeration(self, context: Context) -> Steps[None]:
        """End an enumeration before all of it was fetched.

        Args:
            context: what the last answer of this enumeration has as ``context``.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        yield from self._nothing(self._closing(context))

    # -- requests, which the Iter operations send too --

    def _opening_of_instances(
        self,
        ClassName: Any,
        namespace: str | None,
        DeepInheritance: bool | None,
        IncludeClassOrigin: bool | None,
        PropertyList: Any,
        *conditions: Any,
    ) -> Request:
        name = arguments.class_name(ClassName, "ClassName")
        return self._request(
            "OpenEnumerateInstances",
            self._namespace_of(namespace, name),
            name,
            ("ClassName", name),
            ("DeepInheritance", arguments.boolean(DeepInheritance, "DeepInheritance")),
            ("IncludeClassOrigin", arguments.boolean(IncludeClassOrigin, "IncludeClassOrigin")),
            ("PropertyList", arguments.property_list(PropertyList)),
            *_conditions(*conditions),
        )

    def _opening_of_paths(self, ClassName: Any, namespace: str | None, *conditions: Any) -> Request:
        name = arguments.class_name(ClassName, "ClassName")
        where = self._namespace_of(namespace, name)
        return self._request(
            "OpenEnumerateInstancePaths",
            where,
            name,
            ("ClassName", name),
            *_conditions(*conditions),
        )

    def _opening_of_associators(
        self,
        operation: str,
        InstanceName: Any,
        AssocClass: Any,
        ResultClass: Any,
        Role: Any,
        ResultRole: Any,
        IncludeClassOrigin: Any,
        PropertyList: Any,
        *conditions: Any,
    ) -> Request:
        path = arguments.instance_name(InstanceName, "InstanceName")
        return self._request(
            operation,
            self._namespace_of(None, path),
            path,
            ("InstanceName", path),
            ("AssocClass", arguments.class_name(AssocClass, "AssocClass", optional=True)),
            ("ResultClass", arguments.class_name(ResultClass, "ResultClass", optional=True)),
            ("Role", arguments.text(Role, "Role")),
            ("ResultRole", arguments.text(ResultRole, "ResultRole")),
            ("IncludeClassOrigin", arguments.boolean(IncludeClassOrigin, "IncludeClassOrigin")),
            ("PropertyList", arguments.property_list(PropertyList)),
            *_conditions(*conditions),
        )

    def _opening_of_references(
        self,
        operation: str,
        InstanceName: Any,
        ResultClass: Any,
        Role: Any,
        IncludeClassOrigin: Any,
        PropertyList: Any,
        *conditions: Any,
    ) -> Request:
        path = arguments.instance_name(InstanceName, "InstanceName")
        return self._request(
            operation,
            self._namespace_of(None, path),
            path,
            ("InstanceName", path),
            ("ResultClass", arguments.class_name(ResultClass, "ResultClass", optional=True)),
            ("Role", arguments.text(Role, "Role")),
            ("IncludeClassOrigin", arguments.boolean(IncludeClassOrigin, "IncludeClassOrigin")),
            ("PropertyList", arguments.property_list(PropertyList)),
            *_conditions(*conditions),
        )

    def _opening_of_query(
        self,
        FilterQueryLanguage: Any,
        FilterQuery: Any,
        namespace: str | None,
        ReturnQueryResultClass: Any,
        *conditions: Any,
    ) -> Request:
        language = arguments.text(FilterQueryLanguage, "FilterQueryLanguage", optional=False)
        query = arguments.text(FilterQuery, "FilterQuery", optional=False)
        wanted = arguments.boolean(ReturnQueryResultClass, "ReturnQueryResultClass")
        return self._request(
            "OpenQueryInstances",
            self._namespace_of(namespace),
            query,
            ("FilterQueryLanguage", language),
            ("FilterQuery", query),
            ("ReturnQueryResultClass", wanted),
            *_conditions(None, None, *conditions)[2:],
        )

    def _pull(self, operation: str, context: Any, MaxObjectCount: Any) -> Request:
        name, namespace = _checked(context)
        came = isinstance(context, EnumerationContext)
        return self._request(
            operation,
            namespace,
            getattr(context, "subject", ""),
            ("EnumerationContext", name),
            ("MaxObjectCount", arguments.count(MaxObjectCount, "MaxObjectCount", optional=False)),
            what=f"after {context.objects} objects" if came else "",
        )

    def _closing(self, context: Any) -> Request:
        name, namespace = _checked(context)
        subject = getattr(context, "subject", "")
        return self._request("CloseEnumeration", namespace, subject, ("EnumerationContext", name))

    # -- answers --

    def _pulled_instances(self, request: Request, came: int = 0) -> Steps[pull_inst_result]:
        objects, part = yield from self._answer(request)
        self._whole(request, self._all(request, objects, CIMInstance))
        end, context, _ = state_of(request, part, self._conn_id, came + len(objects))
        return pull_inst_result(objects, end, context)

    def _pulled_paths(self, request: Request, came: int = 0) -> Steps[pull_path_result]:
        objects, part = yield from self._answer(request)
        self._whole(request, self._all(request, objects, CIMInstanceName))
        end, context, _ = state_of(request, part, self._conn_id, came + len(objects))
        return pull_path_result(objects, end, context)

    def _whole(self, request: Request, objects: list[Any]) -> list[Any]:
        """Complete the paths: with the namespace, and with this server where they name none."""
        return self._located(request, objects, host=self._settings.origin.authority)


def _conditions(
    FilterQueryLanguage: Any,
    FilterQuery: Any,
    OperationTimeout: Any,
    ContinueOnError: Any,
    MaxObjectCount: Any,
) -> list[tuple[str, Any]]:
    return [
        ("FilterQueryLanguage", arguments.text(FilterQueryLanguage, "FilterQueryLanguage")),
        ("FilterQuery", arguments.text(FilterQuery, "FilterQuery")),
        ("OperationTimeout", arguments.count(OperationTimeout, "OperationTimeout")),
        ("ContinueOnError", arguments.boolean(ContinueOnError, "ContinueOnError")),
        ("MaxObjectCount", arguments.count(MaxObjectCount, "MaxObjectCount")),
    ]


def _checked(context: Any) -> tuple[str, str]:
    if context is None:
        raise ValueError("the enumeration is at its end: there is nothing to pull or to close")
    if not isinstance(context, (tuple, list)) or len(context) != 2:
        raise TypeError("context must be what Open... or Pull... has returned as context")
    name, namespace = context
    if not isinstance(name, str) or not isinstance(namespace, str):
        raise TypeError("context must be a pair of texts")
    return name, namespace


def _came(context: Any) -> int:
    """How many objects of an enumeration have come, as far as its context knows."""
    return context.objects if isinstance(context, EnumerationContext) else 0
