"""What of an object an answer holds: PropertyList, LocalOnly and the like (DSP0200, 5.3)."""

from collections.abc import Callable, Iterable

from opswire.wbem.embedded.class_nodes import ClassNode
from opswire.wbem.objects import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMMethod,
    CIMParameter,
    CIMProperty,
)


def instance_view(
    properties: Iterable[str] | None,
    *,
    class_origin: bool = False,
    only_of: ClassNode | None = None,
) -> Callable[[CIMInstance, ClassNode], CIMInstance]:
    """Return what makes of an instance, and the node of its class, the one to be shown.

    Args:
        properties: the names in PropertyList; None for all.
        class_origin: IncludeClassOrigin.
        only_of: the class whose properties are shown; None for those of the instance's own.
    """
    wanted = None if properties is None else {name.lower() for name in properties}
    if only_of is not None:
        known = {name.lower() for name in only_of.resolved.properties}
        wanted = known if wanted is None else wanted & known
    if wanted is None and not class_origin:
        return lambda instance, _: instance

    def view(instance: CIMInstance, node: ClassNode) -> CIMInstance:
        shown = []
        for each in instance.properties.values():
            if wanted is None or each.name.lower() in wanted:
                shown.append(_with_origin(each, node) if class_origin else each)
        return CIMInstance(instance.classname, shown, path=instance.path)

    return view


def _with_origin(each: CIMProperty, node: ClassNode) -> CIMProperty:
    copy = each.copy()
    declared = node.resolved.properties.get(each.name)
    copy.class_origin = declared.class_origin if declared is not None else node.name
    return copy


def class_view(
    node: ClassNode,
    namespace: str,
    *,
    local_only: bool,
    qualifiers: bool,
    class_origin: bool,
    properties: Iterable[str] | None = None,
) -> CIMClass:
    """Return a class as GetClass shows it.

    Args:
        node: the class.
        namespace: that it is in.
        local_only: without what is inherited and not overridden.
        qualifiers: IncludeQualifiers.
        class_origin: IncludeClassOrigin.
        properties: the names in PropertyList; None for all.
    """
    wanted = None if properties is None else {name.lower() for name in properties}
    shown = CIMClass(
        node.name,
        [
            each.copy()
            for each in node.resolved.properties.values()
            if not (local_only and each.propagated)
            and (wanted is None or each.name.lower() in wanted)
        ],
        [
            each.copy()
            for each in node.resolved.methods.values()
            if not (local_only and each.propagated)
        ],
        superclass=node.resolved.superclass,
        qualifiers=list(node.resolved.qualifiers.values()),
        path=CIMClassName(node.name, namespace=namespace),
    )
    for method in shown.methods.values():
        method.parameters = [each.copy() for each in method.parameters.values()]
    parameters = (one for method in shown.methods.values() for one in method.parameters.values())
    elements: list[CIMClass | CIMProperty | CIMMethod | CIMParameter] = [
        shown,
        *shown.properties.values(),
        *shown.methods.values(),
        *parameters,
    ]
    for qualified in elements:
        if not qualifiers:
            qualified.qualifiers = None
        elif local_only:
            qualified.qualifiers = [
                each for each in qualified.qualifiers.values() if not each.propagated
            ]
    if not class_origin:
        for each in shown.properties.values():
            each.class_origin = None
        for method in shown.methods.values():
            method.class_origin = None
    return shown
