"""Operations that follow associations (DSP0200, 5.3.2.14 to 5.3.2.17)."""

from collections.abc import Callable, Iterator

from opswire.errors.wbem import CIMError
from opswire.wbem.embedded.associations import (
    Wanted,
    associated_classes,
    associated_with,
    references_to,
    referring_classes,
)
from opswire.wbem.embedded.class_nodes import ClassNode
from opswire.wbem.embedded.operations.table import Answered, Call, Result, operation
from opswire.wbem.embedded.selection import class_view, instance_view
from opswire.wbem.objects import CIMClass, CIMClassName, CIMInstance, CIMInstanceName
from opswire.wbem.status_codes import CIM_ERR_INVALID_PARAMETER, CIM_ERR_NOT_FOUND

OBJECT = "VALUE.OBJECTWITHPATH"
PATH = "OBJECTPATH"


@operation(
    "Associators",
    "ObjectName AssocClass ResultClass Role ResultRole IncludeQualifiers IncludeClassOrigin "
    "PropertyList",
)
def associators(call: Call) -> Result:
    """Return what is associated with an instance, or the classes with a class."""
    source, wanted = _asked(call, "ObjectName")
    if isinstance(source, CIMInstanceName):
        return Result(OBJECT, associated_instances(call, source, wanted))
    return Result(OBJECT, _classes(call, source.classname, wanted))


@operation("AssociatorNames", "ObjectName AssocClass ResultClass Role ResultRole")
def associator_names(call: Call) -> Result:
    """Return the paths of what is associated with an instance or a class."""
    source, wanted = _asked(call, "ObjectName")
    if isinstance(source, CIMInstanceName):
        return Result(PATH, associated_with(call.namespace, source, wanted))
    found = associated_classes(call.namespace, source.classname, wanted)
    return Result(PATH, _class_paths(call, found))


@operation(
    "References",
    "ObjectName ResultClass Role IncludeQualifiers IncludeClassOrigin PropertyList",
)
def references(call: Call) -> Result:
    """Return the associations that refer to an instance, or their classes."""
    source, wanted = _asked(call, "ObjectName", of_references=True)
    if isinstance(source, CIMInstanceName):
        return Result(OBJECT, referring_instances(call, source, wanted))
    found = (node for node, _ in referring_classes(call.namespace, source.classname, wanted))
    return Result(OBJECT, _class_views(call, _once(found)))


@operation("ReferenceNames", "ObjectName ResultClass Role")
def reference_names(call: Call) -> Result:
    """Return the paths of associations that refer to an instance, or of their classes."""
    source, wanted = _asked(call, "ObjectName", of_references=True)
    if isinstance(source, CIMInstanceName):
        return Result(PATH, referring_paths(call, source, wanted))
    found = (node for node, _ in referring_classes(call.namespace, source.classname, wanted))
    return Result(PATH, _class_paths(call, _once(found)))


def asked_instance(call: Call, *, of_references: bool) -> tuple[CIMInstanceName, Wanted]:
    """Return what an Open… of associations asks for.

    Raises:
        CIMError: the instance does not exist, which only these operations have a status for.
    """
    source, wanted = _asked(call, "InstanceName", of_references=of_references)
    if not isinstance(source, CIMInstanceName):
        raise CIMError(CIM_ERR_INVALID_PARAMETER, "InstanceName is no path of an instance")
    call.namespace.instances.get(source)
    return source, wanted


def associated_instances(
    call: Call, source: CIMInstanceName, wanted: Wanted
) -> Iterator[CIMInstance]:
    """Iterate over what is associated with an instance, and exists."""
    view = _instance_view(call)
    for path in associated_with(call.namespace, source, wanted):
        there = call.namespace.beside(path.namespace)
        if there is None or path.classname not in there.schema:
            continue
        try:
            instance, node = there.instances.get(path)
        except CIMError as error:
            if error.status_code != CIM_ERR_NOT_FOUND:
                raise
            continue  # an association may outlive its ends
        yield view(instance, node)


def referring_instances(
    call: Call, source: CIMInstanceName, wanted: Wanted
) -> Iterator[CIMInstance]:
    """Iterate over the associations that refer to an instance, each once."""
    view = _instance_view(call)
    last = None
    for instance, node, _ in references_to(call.namespace, source, wanted):
        if instance is not last:  # both ends may be the same object
            yield view(instance, node)
        last = instance


def referring_paths(
    call: Call, source: CIMInstanceName, wanted: Wanted
) -> Iterator[CIMInstanceName]:
    """Iterate over the paths of these."""
    return (
        instance.path
        for instance in referring_instances(call, source, wanted)
        if instance.path is not None
    )


def _asked(
    call: Call, parameter: str, *, of_references: bool = False
) -> tuple[CIMInstanceName | CIMClassName, Wanted]:
    arguments = call.arguments
    source = arguments.object_name(parameter)
    call.namespace.schema.node(source.classname, CIM_ERR_INVALID_PARAMETER)
    if of_references:
        wanted = Wanted(arguments.class_name("ResultClass"), role=arguments.text("Role"))
    else:
        wanted = Wanted(
            arguments.class_name("AssocClass"),
            arguments.class_name("ResultClass"),
            arguments.text("Role"),
            arguments.text("ResultRole"),
        )
    return source, wanted


def _instance_view(call: Call) -> Callable[[CIMInstance, ClassNode], CIMInstance]:
    return instance_view(
        call.arguments.texts("PropertyList"),
        class_origin=call.arguments.boolean("IncludeClassOrigin", False),
    )


def _classes(call: Call, classname: str, wanted: Wanted) -> Iterator[CIMClass]:
    return _class_views(call, associated_classes(call.namespace, classname, wanted))


def _class_views(call: Call, nodes: Iterator[ClassNode]) -> Iterator[CIMClass]:
    arguments = call.arguments
    return (
        class_view(
            node,
            call.namespace.name,
            local_only=False,
            qualifiers=arguments.boolean("IncludeQualifiers", False),
            class_origin=arguments.boolean("IncludeClassOrigin", False),
            properties=arguments.texts("PropertyList"),
        )
        for node in nodes
    )


def _class_paths(call: Call, nodes: Iterator[ClassNode]) -> Iterator[Answered]:
    return (CIMClassName(node.name, namespace=call.namespace.name) for node in nodes)


def _once(nodes: Iterator[ClassNode]) -> Iterator[ClassNode]:
    return iter(dict.fromkeys(nodes))
