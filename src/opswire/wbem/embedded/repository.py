"""What the server has: namespaces, classes, instances, and Python functions behind them."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from opswire.errors.wbem import CIMError
from opswire.wbem.embedded.documents import read_document
from opswire.wbem.embedded.instance_store import Provider
from opswire.wbem.embedded.namespace import Namespace
from opswire.wbem.objects import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMQualifierDeclaration,
    NocaseDict,
)
from opswire.wbem.status_codes import (
    CIM_ERR_ALREADY_EXISTS,
    CIM_ERR_CLASS_HAS_INSTANCES,
    CIM_ERR_INVALID_NAMESPACE,
    CIM_ERR_NAMESPACE_NOT_EMPTY,
    CIM_ERR_NOT_FOUND,
)

DEFAULT_NAMESPACE = "root/cimv2"
INTEROP = "interop"

Added: TypeAlias = CIMClass | CIMInstance | CIMQualifierDeclaration
Method: TypeAlias = Callable[..., Any]
M = TypeVar("M", bound=Method)
P = TypeVar("P", bound=Provider)


class Repository:
    """Namespaces and what is in them.

        repository = Repository()
        repository.add(CIMClass("Demo_Disk", properties=[…]))
        repository.add(CIMInstance("Demo_Disk", {"ID": "sda"}))

        @repository.method("Demo_Disk", "Check")
        def check(disk, Depth=1):
            return Uint32(0), {"Found": "nothing"}

    Threads: it may be shared.

    Args:
        default_namespace: of what is added without one.

    Attributes:
        lock: held while something changes; also by who changes several things at once.
    """

    def __init__(self, default_namespace: str = DEFAULT_NAMESPACE) -> None:
        """Begin with the default namespace, and nothing in it."""
        self.lock = threading.RLock()
        self.default_namespace = _normal(default_namespace)
        self._namespaces: NocaseDict[Namespace] = NocaseDict()
        self._methods: dict[tuple[str, str], Method] = {}
        self.add_namespace(default_namespace)

    # Namespaces.

    @property
    def namespaces(self) -> list[str]:
        """Their names, in the order in which they came."""
        return [each.name for each in self._namespaces.values()]

    def find_namespace(self, name: str) -> Namespace | None:
        """Return a namespace, or None where there is no such."""
        return self._namespaces.get(_normal(name))

    def namespace(self, name: str) -> Namespace:
        """Return a namespace.

        Raises:
            CIMError: there is no such.
        """
        found = self.find_namespace(name)
        if found is None:
            raise CIMError(CIM_ERR_INVALID_NAMESPACE, f"there is no namespace {name}")
        return found

    def add_namespace(self, name: str) -> None:
        """Make an empty namespace.

        Raises:
            CIMError: it is there already.
            ValueError: the name is empty.
        """
        normal = _normal(name)
        if not normal:
            raise ValueError("a namespace has a name")
        with self.lock:
            if normal in self._namespaces:
                raise CIMError(CIM_ERR_ALREADY_EXISTS, f"there is a namespace {normal} already")
            self._namespaces[normal] = Namespace(normal, self.find_namespace)

    def delete_namespace(self, name: str) -> None:
        """Remove a namespace that is empty."""
        with self.lock:
            found = self.find_namespace(name)
            if found is None:
                raise CIMError(CIM_ERR_NOT_FOUND, f"there is no namespace {name}")
            if not found.is_empty:
                raise CIMError(CIM_ERR_NAMESPACE_NOT_EMPTY, f"{found.name} is not empty")
            del self._namespaces[found.name]

    # Content.

    def add(self, *added: Added, namespace: str | None = None) -> None:
        """Add classes (a superclass before its subclasses), instances and qualifier declarations.

        What is added is copied.  An instance gets the properties that its class has and it has not,
        and the path that its keys make.

        Args:
            added: the objects.
            namespace: where to; else where the path of each says, or the default namespace.  It is
                made when it is not there.

        Raises:
            CIMError: one contradicts what is there; those before it are added.
            TypeError: something else.
        """
        with self.lock:
            for one in added:
                there = self._place(one, namespace)
                if isinstance(one, CIMClass):
                    there.schema.add_class(one)
                elif isinstance(one, CIMInstance):
                    there.instances.add(one)
                elif isinstance(one, CIMQualifierDeclaration):
                    there.schema.qualifiers[one.name] = one.copy()
                else:
                    raise TypeError(f"a repository has no place for {type(one).__name__}")

    def load(self, *paths: str | Path, namespace: str | None = None) -> None:
        """Add what CIM-XML documents hold: declaration groups, or recorded answers.

        The classes of one document may stand in any order.

        Args:
            paths: the files.
            namespace: where to; else where the document says, or the default namespace.

        Raises:
            OSError: a file cannot be read.
            ParseError: a file is no CIM-XML: the text tells the file and the element.
            CIMError: what is in it contradicts itself, or what is there; the text tells where.
        """
        for path in paths:
            with self.lock:
                for name, number, one in read_document(path):
                    try:
                        self.add(one, namespace=namespace or name)
                    except CIMError as error:
                        raise CIMError(
                            error.status_code, f"{path}: {number}: {error.status_description}"
                        ) from None

    def instances(self, classname: str, *, namespace: str | None = None) -> Callable[[P], P]:
        """Return a decorator: the function, a generator mostly, makes the instances of a class.

        It is called for each enumeration, and iterated over while the answer is sent, so that any
        number of instances takes the memory of one; the thread may change between two of them.  An
        instance without a path gets it from its keys.  One that a client asks for by its path is
        searched.
        """

        def register(function: P) -> P:
            with self.lock:
                self.namespace(namespace or self.default_namespace).instances.provide(
                    classname, function
                )
            return function

        return register

    def method(self, classname: str, name: str) -> Callable[[M], M]:
        """Return a decorator: the function is a method of a class, and of its subclasses.

        It is called as ``function(path, **inputs)`` with the path of the instance
        (CIMInstanceName) or of the class (CIMClassName) and the parameters that the client gave, by
        the names that the class declares.  It returns the return value, or a tuple of that and a
        mapping of the output parameters.  It may raise CIMError.
        """

        def register(function: M) -> M:
            self._methods[classname.lower(), name.lower()] = function
            return function

        return register

    def find_method(self, classnames: Iterable[str], name: str) -> Method | None:
        """Return the function of the first class that has one."""
        for classname in classnames:
            found = self._methods.get((classname.lower(), name.lower()))
            if found is not None:
                return found
        return None

    def delete_class(self, namespace: Namespace, classname: str) -> None:
        """Remove a class without subclasses and instances."""
        with self.lock:
            node = namespace.schema.node(classname, CIM_ERR_NOT_FOUND)
            self.check_unused(namespace, classname)
            namespace.schema.delete_class(node.name)

    def check_unused(self, namespace: Namespace, classname: str) -> None:
        """Refuse to change a class that has instances."""
        node = namespace.schema.node(classname, CIM_ERR_NOT_FOUND)
        if namespace.instances.has_instances(node):
            raise CIMError(
                CIM_ERR_CLASS_HAS_INSTANCES, f"{node.name} in {namespace.name} has instances"
            )

    def _place(self, one: Added, namespace: str | None) -> Namespace:
        if namespace is None and not isinstance(one, CIMQualifierDeclaration):
            path: CIMClassName | CIMInstanceName | None = getattr(one, "path", None)
            namespace = path.namespace if path is not None else None
        name = namespace or self.default_namespace
        if self.find_namespace(name) is None:
            self.add_namespace(name)
        return self.namespace(name)


def _normal(name: str) -> str:
    return name.strip("/")
