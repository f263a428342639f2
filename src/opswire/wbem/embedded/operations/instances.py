"""Operations on instances (DSP0200, 5.3.2.2, 5.3.2.4 and further)."""

from collections.abc import Iterator

from opswire.wbem.embedded.arguments import required
from opswire.wbem.embedded.operations.table import Call, Result, operation
from opswire.wbem.embedded.selection import instance_view
from opswire.wbem.objects import CIMInstance


# LocalOnly and IncludeQualifiers of instances are deprecated, and a server may take them for false:
# versions of the standard disagree on what they mean (DSP0200, 5.3.2.2).
@operation(
    "GetInstance", "InstanceName LocalOnly IncludeQualifiers IncludeClassOrigin PropertyList"
)
def get_instance(call: Call) -> Result:
    """Return one instance."""
    instance, node = call.namespace.instances.get(call.arguments.instance_name("InstanceName"))
    view = instance_view(
        call.arguments.texts("PropertyList"),
        class_origin=call.arguments.boolean("IncludeClassOrigin", False),
    )
    return Result("INSTANCE", [view(instance, node)])


@operation(
    "EnumerateInstances",
    "ClassName LocalOnly DeepInheritance IncludeQualifiers IncludeClassOrigin PropertyList",
)
def enumerate_instances(call: Call) -> Result:
    """Return the instances of a class and its subclasses, while they are sent."""
    return Result("VALUE.NAMEDINSTANCE", instances_of_class(call))


def instances_of_class(call: Call) -> Iterator[CIMInstance]:
    """Return an iterator over what EnumerateInstances and OpenEnumerateInstances give."""
    classname = required(call.arguments.class_name("ClassName"), "ClassName")
    node = call.namespace.schema.node(classname)
    deep = call.arguments.boolean("DeepInheritance", True)
    view = instance_view(
        call.arguments.texts("PropertyList"),
        class_origin=call.arguments.boolean("IncludeClassOrigin", False),
        only_of=None if deep else node,
    )
    return (view(instance, own) for instance, own in call.namespace.instances.of(node))


@operation("EnumerateInstanceNames", "ClassName")
def enumerate_instance_names(call: Call) -> Result:
    """Return the paths of the instances of a class and its subclasses."""
    classname = required(call.arguments.class_name("ClassName"), "ClassName")
    node = call.namespace.schema.node(classname)
    found = call.namespace.instances.of(node)
    return Result(
        "INSTANCENAME", (instance.path for instance, _ in found if instance.path is not None)
    )


@operation("CreateInstance", "NewInstance")
def create_instance(call: Call) -> Result:
    """Keep a new instance, and return its path."""
    with call.repository.lock:
        path = call.namespace.create_instance(call.arguments.instance("NewInstance"))
    return Result("INSTANCENAME", [path])


@operation("ModifyInstance", "ModifiedInstance IncludeQualifiers PropertyList")
def modify_instance(call: Call) -> Result:
    """Change an instance."""
    changed = call.arguments.instance("ModifiedInstance")
    with call.repository.lock:
        call.namespace.instances.modify(changed, call.arguments.texts("PropertyList"))
    return Result()


@operation("DeleteInstance", "InstanceName")
def delete_instance(call: Call) -> Result:
    """Forget an instance."""
    path = call.arguments.instance_name("InstanceName")
    with call.repository.lock:
        call.namespace.delete_instance(path)
    return Result()
