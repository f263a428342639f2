"""Operations on classes (DSP0200, 5.3.2.1, 5.3.2.3 and further)."""

from opswire.wbem.embedded.arguments import required
from opswire.wbem.embedded.operations.table import Call, Result, operation
from opswire.wbem.embedded.selection import class_view
from opswire.wbem.objects import CIMClassName
from opswire.wbem.status_codes import CIM_ERR_NOT_FOUND


@operation("GetClass", "ClassName LocalOnly IncludeQualifiers IncludeClassOrigin PropertyList")
def get_class(call: Call) -> Result:
    """Return one class."""
    classname = required(call.arguments.class_name("ClassName"), "ClassName")
    found = class_view(
        call.namespace.schema.node(classname, CIM_ERR_NOT_FOUND),
        call.namespace.name,
        local_only=call.arguments.boolean("LocalOnly", True),
        qualifiers=call.arguments.boolean("IncludeQualifiers", True),
        class_origin=call.arguments.boolean("IncludeClassOrigin", False),
        properties=call.arguments.texts("PropertyList"),
    )
    return Result("CLASS", [found])


@operation(
    "EnumerateClasses", "ClassName DeepInheritance LocalOnly IncludeQualifiers IncludeClassOrigin"
)
def enumerate_classes(call: Call) -> Result:
    """Return the subclasses of a class, or the roots."""
    local_only = call.arguments.boolean("LocalOnly", True)
    qualifiers = call.arguments.boolean("IncludeQualifiers", True)
    class_origin = call.arguments.boolean("IncludeClassOrigin", False)
    with call.repository.lock:
        nodes = list(
            call.namespace.schema.below(
                call.arguments.class_name("ClassName"),
                deep=call.arguments.boolean("DeepInheritance", False),
            )
        )
    found = (
        class_view(
            node,
            call.namespace.name,
            local_only=local_only,
            qualifiers=qualifiers,
            class_origin=class_origin,
        )
        for node in nodes
    )
    return Result("CLASS", found)


@operation("EnumerateClassNames", "ClassName DeepInheritance")
def enumerate_class_names(call: Call) -> Result:
    """Return the names of the subclasses of a class, or of the roots."""
    with call.repository.lock:
        nodes = list(
            call.namespace.schema.below(
                call.arguments.class_name("ClassName"),
                deep=call.arguments.boolean("DeepInheritance", False),
            )
        )
    return Result("CLASSNAME", [CIMClassName(node.name) for node in nodes])


@operation("CreateClass", "NewClass")
def create_class(call: Call) -> Result:
    """Add a class."""
    with call.repository.lock:
        call.namespace.schema.add_class(call.arguments.cim_class("NewClass"))
    return Result()


@operation("ModifyClass", "ModifiedClass")
def modify_class(call: Call) -> Result:
    """Put another class in the place of one without subclasses and instances."""
    changed = call.arguments.cim_class("ModifiedClass")
    with call.repository.lock:
        call.repository.check_unused(call.namespace, changed.classname)
        call.namespace.schema.replace_class(changed)
    return Result()


@operation("DeleteClass", "ClassName")
def delete_class(call: Call) -> Result:
    """Remove a class without subclasses and instances."""
    classname = required(call.arguments.class_name("ClassName"), "ClassName")
    call.repository.delete_class(call.namespace, classname)
    return Result()
