"""The classes and qualifier declarations of one namespace."""

from collections.abc import Iterator

from opswire.errors.wbem import CIMError
from opswire.wbem.embedded.class_nodes import ClassNode
from opswire.wbem.objects import CIMClass, CIMQualifierDeclaration, NocaseDict
from opswire.wbem.status_codes import (
    CIM_ERR_ALREADY_EXISTS,
    CIM_ERR_CLASS_HAS_CHILDREN,
    CIM_ERR_INVALID_CLASS,
    CIM_ERR_INVALID_PARAMETER,
    CIM_ERR_INVALID_SUPERCLASS,
    CIM_ERR_NOT_FOUND,
)


class Schema:
    """What may be in a namespace.  Its methods raise CIMError with the status of DSP0200.

    Attributes:
        namespace: its name, for errors.
        qualifiers: the declarations by name.
    """

    def __init__(self, namespace: str) -> None:
        """Begin with nothing."""
        self.namespace = namespace
        self.qualifiers: NocaseDict[CIMQualifierDeclaration] = NocaseDict()
        self._nodes: NocaseDict[ClassNode] = NocaseDict()

    def __contains__(self, classname: str) -> bool:
        """Whether there is such a class."""
        return classname in self._nodes

    def node(self, classname: str, code: int = CIM_ERR_INVALID_CLASS) -> ClassNode:
        """Return the node of a class; `code` is the status where there is none."""
        found = self._nodes.get(classname)
        if found is None:
            raise CIMError(code, f"there is no class {classname} in {self.namespace}")
        return found

    def nodes(self) -> list[ClassNode]:
        """Return all, in the order in which they were added."""
        return list(self._nodes.values())

    def below(self, classname: str | None, *, deep: bool) -> Iterator[ClassNode]:
        """Iterate over the subclasses of a class, or all from the roots; not deep: one level."""
        if classname is None:
            tops = [node for node in self.nodes() if node.superclass is None]
        else:
            tops = list(self.node(classname).subclasses)
        for node in tops:
            if deep:
                yield from node.with_subclasses()
            else:
                yield node

    def add_class(self, added: CIMClass) -> ClassNode:
        """Add a class whose superclass is there."""
        if added.classname in self._nodes:
            raise CIMError(
                CIM_ERR_ALREADY_EXISTS,
                f"there is a class {added.classname} in {self.namespace} already",
            )
        node = ClassNode(_checked(added), self._superclass(added), self.qualifiers)
        self._nodes[added.classname] = node
        if node.superclass is not None:
            node.superclass.subclasses.append(node)
        return node

    def replace_class(self, changed: CIMClass) -> ClassNode:
        """Put another declaration in the place of a class that has no subclasses."""
        before = self.node(changed.classname, CIM_ERR_NOT_FOUND)
        self._check_childless(before)
        node = ClassNode(_checked(changed), self._superclass(changed), self.qualifiers)
        if node.superclass is node or node.superclass is before:
            raise CIMError(
                CIM_ERR_INVALID_SUPERCLASS, f"{changed.classname} cannot be its own superclass"
            )
        self._cut(before)
        self._nodes[changed.classname] = node
        if node.superclass is not None:
            node.superclass.subclasses.append(node)
        return node

    def delete_class(self, classname: str) -> None:
        """Remove a class that has no subclasses."""
        node = self.node(classname, CIM_ERR_NOT_FOUND)
        self._check_childless(node)
        self._cut(node)
        del self._nodes[classname]

    def _cut(self, node: ClassNode) -> None:
        if node.superclass is not None:
            node.superclass.subclasses.remove(node)

    def _check_childless(self, node: ClassNode) -> None:
        if node.subclasses:
            raise CIMError(
                CIM_ERR_CLASS_HAS_CHILDREN,
                f"{node.name} in {self.namespace} has the subclass {node.subclasses[0].name}",
            )

    def _superclass(self, of: CIMClass) -> ClassNode | None:
        if not of.superclass:
            return None
        found = self._nodes.get(of.superclass)
        if found is None:
            raise CIMError(
                CIM_ERR_INVALID_SUPERCLASS,
                f"the superclass {of.superclass} of {of.classname} is not in {self.namespace}",
            )
        return found


def _checked(added: CIMClass) -> CIMClass:
    copy = added.copy()
    copy.path = None
    for owner in (added.qualifiers, *(each.qualifiers for each in added.properties.values())):
        for qualifier in owner.values():
            if qualifier.name.lower() in {"key", "association"} and qualifier.type != "boolean":
                raise CIMError(
                    CIM_ERR_INVALID_PARAMETER,
                    f"the qualifier {qualifier.name} in {added.classname} is no boolean",
                )
    return copy
