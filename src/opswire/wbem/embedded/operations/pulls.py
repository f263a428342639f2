"""Operations that give what they enumerate in portions (DSP0200, 5.3.2.24)."""

from collections.abc import Iterable, Iterator
from typing import Any

from opswire.errors.wbem import CIMError
from opswire.wbem.embedded.arguments import required
from opswire.wbem.embedded.associations import associated_with
from opswire.wbem.embedded.contexts import Enumeration, allowed_seconds
from opswire.wbem.embedded.operations.associations import (
    asked_instance,
    associated_instances,
    referring_instances,
    referring_paths,
)
from opswire.wbem.embedded.operations.instances import instances_of_class
from opswire.wbem.embedded.operations.table import Call, Result, operation
from opswire.wbem.embedded.queries import Query
from opswire.wbem.objects import CIMParameter
from opswire.wbem.status_codes import (
    CIM_ERR_CONTINUATION_ON_ERROR_NOT_SUPPORTED,
    CIM_ERR_FILTERED_ENUMERATION_NOT_SUPPORTED,
    CIM_ERR_NOT_SUPPORTED,
)

PORTION = "OperationTimeout ContinueOnError MaxObjectCount"
FILTERED = f"FilterQueryLanguage FilterQuery {PORTION}"
OF_ASSOCIATORS = "InstanceName AssocClass ResultClass Role ResultRole"
OF_REFERENCES = "InstanceName ResultClass Role"
OF_INSTANCES = "IncludeClassOrigin PropertyList"

INSTANCES = "VALUE.INSTANCEWITHPATH", "pullinstanceswithpath"
PATHS = "INSTANCEPATH", "pullinstancepaths"
QUERIED = "INSTANCE", "pullinstances"


@operation("OpenEnumerateInstances", f"ClassName DeepInheritance {OF_INSTANCES} {FILTERED}")
def open_enumerate_instances(call: Call) -> Result:
    """Begin with the instances of a class."""
    return _opened(call, instances_of_class(call), *INSTANCES)


@operation("OpenEnumerateInstancePaths", f"ClassName {FILTERED}")
def open_enumerate_instance_paths(call: Call) -> Result:
    """Begin with their paths."""
    found = instances_of_class(call)
    return _opened(call, (one.path for one in found if one.path is not None), *PATHS)


@operation("OpenAssociatorInstances", f"{OF_ASSOCIATORS} {OF_INSTANCES} {FILTERED}")
def open_associator_instances(call: Call) -> Result:
    """Begin with what is associated with an instance."""
    source, wanted = asked_instance(call, of_references=False)
    return _opened(call, associated_instances(call, source, wanted), *INSTANCES)


@operation("OpenAssociatorInstancePaths", f"{OF_ASSOCIATORS} {FILTERED}")
def open_associator_instance_paths(call: Call) -> Result:
    """Begin with the paths of that."""
    source, wanted = asked_instance(call, of_references=False)
    return _opened(call, associated_with(call.namespace, source, wanted), *PATHS)


@operation("OpenReferenceInstances", f"{OF_REFERENCES} {OF_INSTANCES} {FILTERED}")
def open_reference_instances(call: Call) -> Result:
    """Begin with the associations that refer to an instance."""
    source, wanted = asked_instance(call, of_references=True)
    return _opened(call, referring_instances(call, source, wanted), *INSTANCES)


@operation("OpenReferenceInstancePaths", f"{OF_REFERENCES} {FILTERED}")
def open_reference_instance_paths(call: Call) -> Result:
    """Begin with the paths of these."""
    source, wanted = asked_instance(call, of_references=True)
    return _opened(call, referring_paths(call, source, wanted), *PATHS)


@operation(
    "OpenQueryInstances", f"FilterQuery FilterQueryLanguage ReturnQueryResultClass {PORTION}"
)
def open_query_instances(call: Call) -> Result:
    """Begin with what a query gives."""
    query = Query(
        required(call.arguments.text("FilterQueryLanguage"), "FilterQueryLanguage"),
        required(call.arguments.text("FilterQuery"), "FilterQuery"),
    )
    parameters = []
    if call.arguments.boolean("ReturnQueryResultClass", False):
        result_class = query.result_class(call.namespace)
        parameters.append(
            CIMParameter("QueryResultClass", "string", value=result_class, embedded_object="object")
        )
    return _opened(call, query.run(call.namespace), *QUERIED, parameters)


@operation("PullInstancesWithPath", "EnumerationContext MaxObjectCount")
def pull_instances_with_path(call: Call) -> Result:
    """Go on with instances."""
    return _pulled(call, INSTANCES[1])


@operation("PullInstancePaths", "EnumerationContext MaxObjectCount")
def pull_instance_paths(call: Call) -> Result:
    """Go on with paths."""
    return _pulled(call, PATHS[1])


@operation("PullInstances", "EnumerationContext MaxObjectCount")
def pull_instances(call: Call) -> Result:
    """Go on with what a query gives."""
    return _pulled(call, QUERIED[1])


@operation("CloseEnumeration", "EnumerationContext")
def close_enumeration(call: Call) -> Result:
    """Give up an enumeration."""
    name = required(call.arguments.text("EnumerationContext"), "EnumerationContext")
    found = call.contexts.take(name, None, call.namespace.name)
    found.is_over = True
    call.contexts.done(name, found)
    return Result()


@operation("EnumerationCount", "EnumerationContext")
def enumeration_count(call: Call) -> Result:
    """Refuse: what is enumerated is made while it is sent, and nobody knows how much it is."""
    raise CIMError(CIM_ERR_NOT_SUPPORTED, "how many are left is not known before they are pulled")


def _opened(
    call: Call,
    objects: Iterator[Any],
    element: str,
    pull: str,
    parameters: Iterable[CIMParameter] = (),
) -> Result:
    arguments = call.arguments
    seconds = allowed_seconds(arguments.number("OperationTimeout"))
    if arguments.boolean("ContinueOnError", False):
        raise CIMError(
            CIM_ERR_CONTINUATION_ON_ERROR_NOT_SUPPORTED, "this server ends with the first error"
        )
    if pull != QUERIED[1] and (
        arguments.text("FilterQuery") or arguments.text("FilterQueryLanguage")
    ):
        raise CIMError(
            CIM_ERR_FILTERED_ENUMERATION_NOT_SUPPORTED,
            "this server has no filters for enumerations: use OpenQueryInstances",
        )
    count = arguments.number("MaxObjectCount") or 0
    enumeration = Enumeration(objects, element, pull, call.namespace.name, seconds)
    return _portion(call, call.contexts.add(enumeration), enumeration, count, parameters)


def _pulled(call: Call, pull: str) -> Result:
    name = required(call.arguments.text("EnumerationContext"), "EnumerationContext")
    count = required(call.arguments.number("MaxObjectCount"), "MaxObjectCount")
    return _portion(call, name, call.contexts.take(name, pull, call.namespace.name), count)


def _portion(
    call: Call,
    name: str,
    enumeration: Enumeration,
    count: int,
    parameters: Iterable[CIMParameter] = (),
) -> Result:
    def objects() -> Iterator[Any]:
        try:
            yield from enumeration.take(count)
        finally:
            call.contexts.done(name, enumeration)

    def outputs() -> Iterable[CIMParameter]:
        return [
            CIMParameter(
                "EnumerationContext", "string", value=None if enumeration.is_over else name
            ),
            CIMParameter("EndOfSequence", "boolean", value=enumeration.is_over),
            *parameters,
        ]

    return Result(enumeration.element, objects(), outputs)
