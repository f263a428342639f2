"""Operations on instances (DSP0200 1.4, 5.4.2)."""

from __future__ import annotations

from collections.abc import Iterable

from opswire._core.cimxml.objects import CIMClassName, CIMInstance, CIMInstanceName
from opswire.wbem.client import arguments
from opswire.wbem.client.client_state import ClientState
from opswire.wbem.client.exchange import Steps
from opswire.wbem.client.faces import operation

__all__ = ["InstanceOperations"]


class InstanceOperations(ClientState):
    """Get, enumerate, create, modify and delete."""

    @operation
    def GetInstance(
        self,
        InstanceName: CIMInstanceName,
        LocalOnly: bool | None = None,
        IncludeQualifiers: bool | None = None,
        IncludeClassOrigin: bool | None = None,
        PropertyList: str | Iterable[str] | None = None,
    ) -> Steps[CIMInstance]:
        """Return an instance.

        Args:
            InstanceName: its path; without a namespace it is in the default namespace.
            LocalOnly: whether inherited properties are left out; servers do as they like.
            IncludeQualifiers: whether qualifiers come along; most servers send none.
            IncludeClassOrigin: whether each property says which class it is from.
            PropertyList: names of the properties that are wanted; None for all.

        Returns:
            The instance; its path has the namespace.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        path = arguments.instance_name(InstanceName, "InstanceName")
        namespace = self._namespace_of(None, path)
        request = self._request(
            "GetInstance",
            namespace,
            path,
            ("InstanceName", path),
            ("LocalOnly", arguments.boolean(LocalOnly, "LocalOnly")),
            ("IncludeQualifiers", arguments.boolean(IncludeQualifiers, "IncludeQualifiers")),
            ("IncludeClassOrigin", arguments.boolean(IncludeClassOrigin, "IncludeClassOrigin")),
            ("PropertyList", arguments.property_list(PropertyList)),
        )
        objects, _ = yield from self._answer(request)
        found: CIMInstance = self._only(request, objects, CIMInstance)
        path = path.copy()
        path.host = None
        path.namespace = namespace
        path.classname = found.classname
        found.path = path
        return found

    @operation
    def EnumerateInstances(
        self,
        ClassName: str | CIMClassName,
        namespace: str | None = None,
        LocalOnly: bool | None = None,
        DeepInheritance: bool | None = None,
        IncludeQualifiers: bool | None = None,
        IncludeClassOrigin: bool | None = None,
        PropertyList: str | Iterable[str] | None = None,
    ) -> Steps[list[CIMInstance]]:
        """Return the instances of a class and of the classes below it.

        Args:
            ClassName: the class.
            namespace: where they are; else the namespace of the class name, or the default one.
            LocalOnly: whether inherited properties are left out; servers do as they like.
            DeepInheritance: whether properties that subclasses add come along.
            IncludeQualifiers: whether qualifiers come along; most servers send none.
            IncludeClassOrigin: whether each property says which class it is from.
            PropertyList: names of the properties that are wanted; None for all.

        Returns:
            The instances; their paths have the namespace.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._enumeration(
            ClassName, namespace, LocalOnly, DeepInheritance, IncludeQualifiers,
            IncludeClassOrigin, PropertyList,
        )  # fmt: skip
        objects, _ = yield from self._answer(request)
        return self._located(request, self._all(request, objects, CIMInstance))

    @operation
    def EnumerateInstanceNames(
        self, ClassName: str | CIMClassName, namespace: str | None = None
    ) -> Steps[list[CIMInstanceName]]:
        """Return the paths of the instances of a class and of the classes below it.

        Args:
            ClassName: the class.
            namespace: where they are; else the namespace of the class name, or the default one.

        Returns:
            The paths, with the namespace.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._name_enumeration(ClassName, namespace)
        objects, _ = yield from self._answer(request)
        return self._located(request, self._all(request, objects, CIMInstanceName))

    @operation
    def CreateInstance(
        self, NewInstance: CIMInstance, namespace: str | None = None
    ) -> Steps[CIMInstanceName]:
        """Create an instance.

        Args:
            NewInstance: what it is to be; of its path, only the namespace counts.
            namespace: where; else the namespace of its path, or the default one.

        Returns:
            The path of the new instance, with the namespace.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        new = arguments.instance(NewInstance, "NewInstance")
        where = self._namespace_of(namespace, new.path)
        if new.path is not None:
            new = new.copy()
            new.path = None
        request = self._request("CreateInstance", where, new, ("NewInstance", new))
        objects, _ = yield from self._answer(request)
        path: CIMInstanceName = self._only(request, objects, CIMInstanceName)
        self._located(request, [path])
        return path

    @operation
    def ModifyInstance(
        self,
        ModifiedInstance: CIMInstance,
        IncludeQualifiers: bool | None = None,
        PropertyList: str | Iterable[str] | None = None,
    ) -> Steps[None]:
        """Change properties of an instance.

        Args:
            ModifiedInstance: the new values, and the path of the instance.
            IncludeQualifiers: whether its qualifiers are changed; most servers cannot.
            PropertyList: names of the properties that are changed; None for all that are there.

        Raises:
            ValueError: it has no path.
            Error: the server refuses, or there is no answer.
        """
        changed = arguments.instance(ModifiedInstance, "ModifiedInstance")
        if changed.path is None:
            raise ValueError("ModifiedInstance must have a path")
        request = self._request(
            "ModifyInstance",
            self._namespace_of(None, changed.path),
            changed,
            ("ModifiedInstance", changed),
            ("IncludeQualifiers", arguments.boolean(IncludeQualifiers, "IncludeQualifiers")),
            ("PropertyList", arguments.property_list(PropertyList)),
        )
        yield from self._nothing(request)

    @operation
    def DeleteInstance(self, InstanceName: CIMInstanceName) -> Steps[None]:
        """Delete an instance.

        Args:
            InstanceName: its path; without a namespace it is in the default namespace.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        path = arguments.instance_name(InstanceName, "InstanceName")
        namespace = self._namespace_of(None, path)
        yield from self._nothing(
            self._request("DeleteInstance", namespace, path, ("InstanceName", path))
        )
