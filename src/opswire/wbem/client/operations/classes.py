"""Operations on classes and on the declarations of qualifiers (DSP0200 1.4, 5.4.2)."""

from __future__ import annotations

from collections.abc import Iterable

from opswire._core.cimxml.objects import CIMClass, CIMClassName, CIMQualifierDeclaration
from opswire.wbem.client import arguments
from opswire.wbem.client.client_state import ClientState
from opswire.wbem.client.exchange import Steps
from opswire.wbem.client.faces import operation

__all__ = ["ClassOperations"]


class ClassOperations(ClientState):
    """The schema of a namespace."""

    @operation
    def GetClass(
        self,
        ClassName: str | CIMClassName,
        namespace: str | None = None,
        LocalOnly: bool | None = None,
        IncludeQualifiers: bool | None = None,
        IncludeClassOrigin: bool | None = None,
        PropertyList: str | Iterable[str] | None = None,
    ) -> Steps[CIMClass]:
        """Return a class.

        Args:
            ClassName: its name.
            namespace: where it is; else the namespace of the class name, or the default one.
            LocalOnly: whether what is inherited is left out; None is the server's default, True.
            IncludeQualifiers: whether qualifiers come along; None is the server's default, True.
            IncludeClassOrigin: whether each property and method says which class it is from.
            PropertyList: names of the properties that are wanted; None for all.

        Returns:
            The class, with its path.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        name = arguments.class_name(ClassName, "ClassName")
        request = self._request(
            "GetClass",
            self._namespace_of(namespace, name),
            name,
            ("ClassName", name),
            ("LocalOnly", arguments.boolean(LocalOnly, "LocalOnly")),
            ("IncludeQualifiers", arguments.boolean(IncludeQualifiers, "IncludeQualifiers")),
            ("IncludeClassOrigin", arguments.boolean(IncludeClassOrigin, "IncludeClassOrigin")),
            ("PropertyList", arguments.property_list(PropertyList)),
        )
        objects, _ = yield from self._answer(request)
        self._only(request, objects, CIMClass)
        return self._placed(request, objects)[0]

    @operation
    def EnumerateClasses(
        self,
        namespace: str | None = None,
        ClassName: str | CIMClassName | None = None,
        DeepInheritance: bool | None = None,
        LocalOnly: bool | None = None,
        IncludeQualifiers: bool | None = None,
        IncludeClassOrigin: bool | None = None,
    ) -> Steps[list[CIMClass]]:
        """Return the classes below a class, or those at the top of a namespace.

        Args:
            namespace: where they are; else the namespace of the class name, or the default one.
            ClassName: the class above; None for the top.
            DeepInheritance: whether classes at all depths come; None is the default, False.
            LocalOnly: whether what is inherited is left out; None is the server's default, True.
            IncludeQualifiers: whether qualifiers come along; None is the server's default, True.
            IncludeClassOrigin: whether each property and method says which class it is from.

        Returns:
            The classes, with their paths.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        name = arguments.class_name(ClassName, "ClassName", optional=True)
        request = self._request(
            "EnumerateClasses",
            self._namespace_of(namespace, name),
            name,
            ("ClassName", name),
            ("DeepInheritance", arguments.boolean(DeepInheritance, "DeepInheritance")),
            ("LocalOnly", arguments.boolean(LocalOnly, "LocalOnly")),
            ("IncludeQualifiers", arguments.boolean(IncludeQualifiers, "IncludeQualifiers")),
            ("IncludeClassOrigin", arguments.boolean(IncludeClassOrigin, "IncludeClassOrigin")),
        )
        objects, _ = yield from self._answer(request)
        return self._placed(request, objects)

    @operation
    def EnumerateClassNames(
        self,
        namespace: str | None = None,
        ClassName: str | CIMClassName | None = None,
        DeepInheritance: bool | None = None,
    ) -> Steps[list[str]]:
        """Return the names of the classes below a class, or of those at the top of a namespace.

        Args:
            namespace: where they are; else the namespace of the class name, or the default one.
            ClassName: the class above; None for the top.
            DeepInheritance: whether classes at all depths come; None is the default, False.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        name = arguments.class_name(ClassName, "ClassName", optional=True)
        request = self._request(
            "EnumerateClassNames",
            self._namespace_of(namespace, name),
            name,
            ("ClassName", name),
            ("DeepInheritance", arguments.boolean(DeepInheritance, "DeepInheritance")),
        )
        objects, _ = yield from self._answer(request)
        return [each.classname for each in self._all(request, objects, CIMClassName)]

    @operation
    def CreateClass(self, NewClass: CIMClass, namespace: str | None = None) -> Steps[None]:
        """Create a class.

        Args:
            NewClass: what it is to be.
            namespace: where; else the namespace of its path, or the default one.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        new = arguments.of_type(NewClass, CIMClass, "NewClass")
        where = self._namespace_of(namespace, new.path)
        yield from self._nothing(self._request("CreateClass", where, new, ("NewClass", new)))

    @operation
    def ModifyClass(self, ModifiedClass: CIMClass, namespace: str | None = None) -> Steps[None]:
        """Change a class.

        Args:
            ModifiedClass: what it is to be.
            namespace: where; else the namespace of its path, or the default one.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        changed = arguments.of_type(ModifiedClass, CIMClass, "ModifiedClass")
        where = self._namespace_of(namespace, changed.path)
        yield from self._nothing(
            self._request("ModifyClass", where, changed, ("ModifiedClass", changed))
        )

    @operation
    def DeleteClass(
        self, ClassName: str | CIMClassName, namespace: str | None = None
    ) -> Steps[None]:
        """Delete a class.

        Args:
            ClassName: its name.
            namespace: where it is; else the namespace of the class name, or the default one.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        name = arguments.class_name(ClassName, "ClassName")
        where = self._namespace_of(namespace, name)
        yield from self._nothing(self._request("DeleteClass", where, name, ("ClassName", name)))

    @operation
    def EnumerateQualifiers(
        self, namespace: str | None = None
    ) -> Steps[list[CIMQualifierDeclaration]]:
        """Return the declarations of qualifiers in a namespace.

        Args:
            namespace: None for the default namespace.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        request = self._request("EnumerateQualifiers", self._namespace_of(namespace), None)
        objects, _ = yield from self._answer(request)
        return self._all(request, objects, CIMQualifierDeclaration)

    @operation
    def GetQualifier(
        self, QualifierName: str, namespace: str | None = None
    ) -> Steps[CIMQualifierDeclaration]:
        """Return the declaration of a qualifier.

        Args:
            QualifierName: its name.
            namespace: where it is; None for the default namespace.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        name = arguments.text(QualifierName, "QualifierName", optional=False)
        where = self._namespace_of(namespace)
        request = self._request("GetQualifier", where, name, ("QualifierName", name))
        objects, _ = yield from self._answer(request)
        found: CIMQualifierDeclaration = self._only(request, objects, CIMQualifierDeclaration)
        return found

    @operation
    def SetQualifier(
        self, QualifierDeclaration: CIMQualifierDeclaration, namespace: str | None = None
    ) -> Steps[None]:
        """Declare a qualifier, or change its declaration.

        Args:
            QualifierDeclaration: what it is to be.
            namespace: where; None for the default namespace.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        new = arguments.of_type(
            QualifierDeclaration, CIMQualifierDeclaration, "QualifierDeclaration"
        )
        where = self._namespace_of(namespace)
        yield from self._nothing(
            self._request("SetQualifier", where, new, ("QualifierDeclaration", new))
        )

    @operation
    def DeleteQualifier(self, QualifierName: str, namespace: str | None = None) -> Steps[None]:
        """Delete the declaration of a qualifier.

        Args:
            QualifierName: its name.
            namespace: where it is; None for the default namespace.

        Raises:
            Error: the server refuses, or there is no answer.
        """
        name = arguments.text(QualifierName, "QualifierName", optional=False)
        where = self._namespace_of(namespace)
        yield from self._nothing(
            self._request("DeleteQualifier", where, name, ("QualifierName", name))
        )
