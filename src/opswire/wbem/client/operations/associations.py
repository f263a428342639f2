"""Operations that follow associations (DSP0200 1.4, 5.4.2.11 to 5.4.2.14), and queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from opswire._core.cimxml.objects import CIMClass, CIMClassName, CIMInstance, CIMInstanceName
from opswire.wbem.client import arguments
from opswire.wbem.client.client_state import ClientState
from opswire.wbem.client.exchange import Steps
from opswire.wbem.client.faces import operation
from opswire.wbem.client.request import Request

__all__ = ["AssociationOperations"]

Path = CIMInstanceName | CIMClassName
ClassWithPath = tuple[CIMClassName, CIMClass]


class AssociationOperations(ClientState):
    """What is associated with an object, what associates it, and what a query selects."""

    @operation
    def Associators(
        self,
        ObjectName: Path | str,
        AssocClass: str | CIMClassName | None = None,
        ResultClass: str | CIMClassName | None = None,
        Role: str | None = None,
        ResultRole: str | None = None,
        IncludeQualifiers: bool | None = None,
        IncludeClassOrigin: bool | None = None,
        PropertyList: str | Iterable[str] | None = None,
    ) -> Steps[list[Any]]:
        """Return what is associated with an instance, or with a class.

        Args:
            ObjectName: the path of the instance or the class; text is a class's name.
            AssocClass: of the associations; None for any.
            ResultClass: of what is returned; None for any.
            Role: the property of the association that refers to the object.
            ResultRole: the property of the association that refers to what is returned.
            IncludeQualifiers: whether qualifiers come along.
            IncludeClassOrigin: whether each property says which class it is from.
            PropertyList: names of the properties that are wanted; None for all.

        Returns:
            For an instance CIMInstance objects; for a class pairs of CIMClassName and CIMClass.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        path = arguments.object_name(ObjectName, "ObjectName")
        request = self._about(
            "Associators",
            path,
            ("AssocClass", arguments.class_name(AssocClass, "AssocClass", optional=True)),
            ("ResultClass", arguments.class_name(ResultClass, "ResultClass", optional=True)),
            ("Role", arguments.text(Role, "Role")),
            ("ResultRole", arguments.text(ResultRole, "ResultRole")),
            ("IncludeQualifiers", arguments.boolean(IncludeQualifiers, "IncludeQualifiers")),
            ("IncludeClassOrigin", arguments.boolean(IncludeClassOrigin, "IncludeClassOrigin")),
            ("PropertyList", arguments.property_list(PropertyList)),
        )
        objects, _ = yield from self._answer(request)
        return self._objects_of(request, path, objects)

    @operation
    def AssociatorNames(
        self,
        ObjectName: Path | str,
        AssocClass: str | CIMClassName | None = None,
        ResultClass: str | CIMClassName | None = None,
        Role: str | None = None,
        ResultRole: str | None = None,
    ) -> Steps[list[Any]]:
        """Return the paths of what is associated with an instance, or with a class.

        Args:
            ObjectName: the path of the instance or the class; text is a class's name.
            AssocClass: of the associations; None for any.
            ResultClass: of what is returned; None for any.
            Role: the property of the association that refers to the object.
            ResultRole: the property of the association that refers to what is returned.

        Returns:
            For an instance CIMInstanceName objects; for a class CIMClassName objects.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        path = arguments.object_name(ObjectName, "ObjectName")
        request = self._about(
            "AssociatorNames",
            path,
            ("AssocClass", arguments.class_name(AssocClass, "AssocClass", optional=True)),
            ("ResultClass", arguments.class_name(ResultClass, "ResultClass", optional=True)),
            ("Role", arguments.text(Role, "Role")),
            ("ResultRole", arguments.text(ResultRole, "ResultRole")),
        )
        objects, _ = yield from self._answer(request)
        return self._paths_of(request, path, objects)

    @operation
    def References(
        self,
        ObjectName: Path | str,
        ResultClass: str | CIMClassName | None = None,
        Role: str | None = None,
        IncludeQualifiers: bool | None = None,
        IncludeClassOrigin: bool | None = None,
        PropertyList: str | Iterable[str] | None = None,
    ) -> Steps[list[Any]]:
        """Return the associations that refer to an instance, or to a class.

        Args:
            ObjectName: the path of the instance or the class; text is a class's name.
            ResultClass: of the associations; None for any.
            Role: the property of the association that refers to the object.
            IncludeQualifiers: whether qualifiers come along.
            IncludeClassOrigin: whether each property says which class it is from.
            PropertyList: names of the properties that are wanted; None for all.

        Returns:
            For an instance CIMInstance objects; for a class pairs of CIMClassName and CIMClass.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        path = arguments.object_name(ObjectName, "ObjectName")
        request = self._about(
            "References",
            path,
            ("ResultClass", arguments.class_name(ResultClass, "ResultClass", optional=True)),
            ("Role", arguments.text(Role, "Role")),
            ("IncludeQualifiers", arguments.boolean(IncludeQualifiers, "IncludeQualifiers")),
            ("IncludeClassOrigin", arguments.boolean(IncludeClassOrigin, "IncludeClassOrigin")),
            ("PropertyList", arguments.property_list(PropertyList)),
        )
        objects, _ = yield from self._answer(request)
        return self._objects_of(request, path, objects)

    @operation
    def ReferenceNames(
        self,
        ObjectName: Path | str,
        ResultClass: str | CIMClassName | None = None,
        Role: str | None = None,
    ) -> Steps[list[Any]]:
        """Return the paths of the associations that refer to an instance, or to a class.

        Args:
            ObjectName: the path of the instance or the class; text is a class's name.
            ResultClass: of the associations; None for any.
            Role: the property of the association that refers to the object.

        Returns:
            For an instance CIMInstanceName objects; for a class CIMClassName objects.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        path = arguments.object_name(ObjectName, "ObjectName")
        request = self._about(
            "ReferenceNames",
            path,
            ("ResultClass", arguments.class_name(ResultClass, "ResultClass", optional=True)),
            ("Role", arguments.text(Role, "Role")),
        )
        objects, _ = yield from self._answer(request)
        return self._paths_of(request, path, objects)

    @operation
    def ExecQuery(
        self, QueryLanguage: str, Query: str, namespace: str | None = None
    ) -> Steps[list[CIMInstance]]:
        """Return what a query selects.

        Args:
            QueryLanguage: like "WQL" or "DMTF:CQL".
            Query: the query.
            namespace: where; None for the default namespace.

        Returns:
            The instances; their paths have class and namespace, but address nothing.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._query(QueryLanguage, Query, namespace)
        objects, _ = yield from self._answer(request)
        return self._selected(request, objects)

    def _query(self, QueryLanguage: Any, Query: Any, namespace: str | None) -> Request:
        """The request of ExecQuery."""
        return self._request(
            "ExecQuery",
            self._namespace_of(namespace),
            Query,
            ("QueryLanguage", arguments.text(QueryLanguage, "QueryLanguage", optional=False)),
            ("Query", arguments.text(Query, "Query", optional=False)),
        )

    def _selected(self, request: Request, objects: list[Any]) -> list[Any]:
        """Give what a query in one answer selects its class and namespace as a path."""
        for each in self._all(request, objects, CIMInstance):
            if each.path is None:
                each.path = CIMInstanceName(each.classname, namespace=request.namespace)
        return objects

    def _about(self, operation: str, path: Path, *parameters: tuple[str, Any]) -> Request:
        """A request that is about an object."""
        where = self._namespace_of(None, path)
        return self._request(operation, where, path, ("ObjectName", path), *parameters)

    def _objects_of(self, request: Request, path: Path, objects: list[Any]) -> list[Any]:
        if isinstance(path, CIMInstanceName):
            return self._located(request, self._all(request, objects, CIMInstance))
        return [(each.path, each) for each in self._placed(request, objects)]

    def _paths_of(self, request: Request, path: Path, objects: list[Any]) -> list[Any]:
        kind = CIMInstanceName if isinstance(path, CIMInstanceName) else CIMClassName
        for each in self._all(request, objects, kind):
            if each.namespace is None:
                each.namespace = request.namespace
        return objects
