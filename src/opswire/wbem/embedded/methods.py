"""InvokeMethod: the Python functions behind the methods of classes (DSP0200, 5.3.2 and 5.4)."""

from collections.abc import Iterable, Mapping
from typing import Any

from opswire._core.cimxml.types import cimvalue
from opswire.errors.wbem import CIMError
from opswire.wbem.embedded.class_nodes import ClassNode
from opswire.wbem.embedded.repository import Repository
from opswire.wbem.objects import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
)
from opswire.wbem.status_codes import (
    CIM_ERR_FAILED,
    CIM_ERR_INVALID_PARAMETER,
    CIM_ERR_METHOD_NOT_AVAILABLE,
    CIM_ERR_METHOD_NOT_FOUND,
    CIM_ERR_TYPE_MISMATCH,
)

Path = CIMInstanceName | CIMClassName


class Returned:
    """What a method returned.

    Attributes:
        type: of the return value; None: the method returns nothing.
        value: the return value.
        outputs: the output parameters, in the order of the class.
    """

    def __init__(self, type: str | None, value: Any, outputs: list[CIMParameter]) -> None:
        """Keep it."""
        self.type = type
        self.value = value
        self.outputs = outputs


def invoke(
    repository: Repository, path: Path, name: str, given: Iterable[CIMParameter]
) -> Returned:
    """Call the function of a method.

    Raises:
        CIMError: there is no such namespace, class, instance or method, no function for it, or a
            parameter is not the method's; or what the function raised.
    """
    namespace = repository.namespace(path.namespace or repository.default_namespace)
    node = namespace.schema.node(path.classname)
    method = node.resolved.methods.get(name)
    if method is None:
        raise CIMError(CIM_ERR_METHOD_NOT_FOUND, f"{node.name} has no method {name}")
    if isinstance(path, CIMInstanceName):
        instance, _ = namespace.instances.get(path)
        if instance.path is not None:
            path = instance.path
    else:
        path = CIMClassName(node.name, namespace=namespace.name)
    function = repository.find_method(_names(node), method.name)
    if function is None:
        raise CIMError(
            CIM_ERR_METHOD_NOT_AVAILABLE, f"{node.name}.{method.name} has no provider here"
        )
    answer = function(path, **_inputs(node, method, given))
    value, outputs = answer if isinstance(answer, tuple) else (answer, {})
    return Returned(
        method.return_type,
        _typed(value, method.return_type, f"{node.name}.{method.name}", CIM_ERR_FAILED),
        _outputs(node, method, outputs),
    )


def _names(node: ClassNode) -> list[str]:
    return [each.name for each in node.with_superclasses()]


def _inputs(node: ClassNode, method: CIMMethod, given: Iterable[CIMParameter]) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    for one in given:
        declared = method.parameters.get(one.name)
        where = f"{node.name}.{method.name}({one.name})"
        if declared is None:
            raise CIMError(CIM_ERR_INVALID_PARAMETER, f"there is no parameter {where}")
        if declared.name in inputs:
            raise CIMError(CIM_ERR_INVALID_PARAMETER, f"{where} is given twice")
        inputs[declared.name] = _typed(one.value, declared.type, where, CIM_ERR_TYPE_MISMATCH)
    return inputs


def _outputs(node: ClassNode, method: CIMMethod, outputs: Mapping[str, Any]) -> list[CIMParameter]:
    for name in outputs:
        if name not in method.parameters:
            raise CIMError(
                CIM_ERR_FAILED, f"the provider of {node.name}.{method.name} gave {name}, unknown"
            )
    by_name = {name.lower(): value for name, value in outputs.items()}
    made = []
    for declared in method.parameters.values():
        if declared.name.lower() in by_name:
            where = f"{node.name}.{method.name}({declared.name})"
            value = _typed(by_name[declared.name.lower()], declared.type, where, CIM_ERR_FAILED)
            made.append(
                CIMParameter(
                    declared.name,
                    declared.type,
                    value=value,
                    is_array=isinstance(value, list),
                    embedded_object=embedded_kind(value),
                )
            )
    return made


def embedded_kind(value: Any) -> str | None:
    """Return the attribute EmbeddedObject for a value: instance, object or none."""
    first = (
        next((one for one in value if one is not None), None) if isinstance(value, list) else value
    )
    if isinstance(first, CIMInstance):
        return "instance"
    return "object" if isinstance(first, CIMClass) else None


def _typed(value: Any, cim_type: str | None, where: str, code: int) -> Any:
    """Return a value of the declared type: clients may leave the type of a parameter out."""
    if value is None or cim_type is None:
        return None
    if isinstance(value, list):
        return [None if each is None else _typed(each, cim_type, where, code) for each in value]
    if isinstance(value, (CIMInstance, CIMClass)) and cim_type == "string":
        return value
    try:
        if cim_type == "boolean" and isinstance(value, str):
            return {"true": True, "false": False}[value.lower()]
        return cimvalue(value, cim_type)
    except (ValueError, TypeError, KeyError):
        raise CIMError(code, f"{where} is {cim_type}, and not {value!r}") from None
