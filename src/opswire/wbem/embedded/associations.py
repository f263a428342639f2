"""From one object to those that it is associated with (DSP0200, 5.3.2.14 to 5.3.2.17)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opswire.errors.wbem import CIMError
from opswire.wbem.embedded.class_nodes import ClassNode
from opswire.wbem.embedded.identities import Identity, identity
from opswire.wbem.objects import CIMInstance, CIMInstanceName
from opswire.wbem.status_codes import CIM_ERR_INVALID_PARAMETER

if TYPE_CHECKING:
    from opswire.wbem.embedded.namespace import Namespace


@dataclass(frozen=True)
class Wanted:
    """What a client restricts a walk to; None does not restrict.

    Args:
        association: the class of the association.
        result: the class of what is at its other end.
        role: the reference that leads to the object.
        result_role: the one that leads away.
    """

    association: str | None = None
    result: str | None = None
    role: str | None = None
    result_role: str | None = None


def references_to(
    namespace: "Namespace", source: CIMInstanceName, wanted: Wanted
) -> Iterator[tuple[CIMInstance, ClassNode, str]]:
    """Iterate over associations that refer to an instance: each with its class and the role."""
    target = _of(namespace, source)
    for node in _associations(namespace, wanted.association):
        for instance, own in namespace.instances.of(node, deep=False):
            for role in own.reference_classes:
                value = instance.get(role)
                if (
                    isinstance(value, CIMInstanceName)
                    and _matches(role, wanted.role)
                    and _of(namespace, value) == target
                ):
                    yield instance, own, role


def associated_with(
    namespace: "Namespace", source: CIMInstanceName, wanted: Wanted
) -> Iterator[CIMInstanceName]:
    """Iterate over the paths of what is associated with an instance, each once."""
    seen: set[Identity] = set()
    for instance, node, role in references_to(namespace, source, wanted):
        for other in node.reference_classes:
            value = instance.get(other)
            if (
                other == role
                or not isinstance(value, CIMInstanceName)
                or not _matches(other, wanted.result_role)
                or not _is_a(namespace, value, wanted.result)
            ):
                continue
            key = _of(namespace, value)
            if key not in seen:
                seen.add(key)
                yield value


def referring_classes(
    namespace: "Namespace", classname: str, wanted: Wanted
) -> Iterator[tuple[ClassNode, str]]:
    """Iterate over association classes that may refer to a class: each with the role."""
    source = namespace.schema.node(classname, CIM_ERR_INVALID_PARAMETER)
    for node in _associations(namespace, wanted.association):
        for role, target in node.reference_classes.items():
            if _matches(role, wanted.role) and source.is_a(target):
                yield node, role


def associated_classes(
    namespace: "Namespace", classname: str, wanted: Wanted
) -> Iterator[ClassNode]:
    """Iterate over the classes that are associated with a class, each once."""
    seen: set[str] = set()
    for node, role in referring_classes(namespace, classname, wanted):
        for other, target in node.reference_classes.items():
            if other == role or not _matches(other, wanted.result_role):
                continue
            if target not in namespace.schema:
                continue
            found = namespace.schema.node(target)
            if wanted.result is not None and not found.is_a(wanted.result):
                continue
            if found.name not in seen:
                seen.add(found.name)
                yield found


def _associations(namespace: "Namespace", classname: str | None) -> list[ClassNode]:
    schema = namespace.schema
    if classname is None:
        return [node for node in schema.nodes() if node.is_association]
    node = schema.node(classname, CIM_ERR_INVALID_PARAMETER)
    if not node.is_association:
        raise CIMError(CIM_ERR_INVALID_PARAMETER, f"{node.name} is no association")
    return list(node.with_subclasses())


def _matches(role: str, wanted: str | None) -> bool:
    return wanted is None or role.lower() == wanted.lower()


def _is_a(namespace: "Namespace", path: CIMInstanceName, classname: str | None) -> bool:
    if classname is None:
        return True
    there = namespace.beside(path.namespace)
    if there is None or path.classname not in there.schema:
        return path.classname.lower() == classname.lower()
    return there.schema.node(path.classname).is_a(classname)


def _of(namespace: "Namespace", path: CIMInstanceName) -> Identity:
    """Return the identity, by the types of the keys where the class is known."""
    there = namespace.beside(path.namespace)
    if there is None or path.classname not in there.schema:
        return identity(path, namespace.name)
    return there.instances.identity(path, there.schema.node(path.classname))
