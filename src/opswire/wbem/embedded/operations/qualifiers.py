"""Operations on qualifier declarations (DSP0200, 5.3.2.20 to 5.3.2.23)."""

from opswire.errors.wbem import CIMError
from opswire.wbem.embedded.arguments import required
from opswire.wbem.embedded.operations.table import Call, Result, operation
from opswire.wbem.status_codes import CIM_ERR_NOT_FOUND

ELEMENT = "QUALIFIER.DECLARATION"


@operation("GetQualifier", "QualifierName")
def get_qualifier(call: Call) -> Result:
    """Return one declaration."""
    name = required(call.arguments.text("QualifierName"), "QualifierName")
    found = call.namespace.schema.qualifiers.get(name)
    if found is None:
        raise _not_found(name, call)
    return Result(ELEMENT, [found])


@operation("EnumerateQualifiers", "")
def enumerate_qualifiers(call: Call) -> Result:
    """Return all declarations."""
    with call.repository.lock:
        return Result(ELEMENT, list(call.namespace.schema.qualifiers.values()))


@operation("SetQualifier", "QualifierDeclaration")
def set_qualifier(call: Call) -> Result:
    """Add a declaration, or put it in the place of the one with its name."""
    declared = call.arguments.qualifier("QualifierDeclaration")
    with call.repository.lock:
        call.namespace.schema.qualifiers[declared.name] = declared
    return Result()


@operation("DeleteQualifier", "QualifierName")
def delete_qualifier(call: Call) -> Result:
    """Remove a declaration."""
    name = required(call.arguments.text("QualifierName"), "QualifierName")
    with call.repository.lock:
        if name not in call.namespace.schema.qualifiers:
            raise _not_found(name, call)
        del call.namespace.schema.qualifiers[name]
    return Result()


def _not_found(name: str, call: Call) -> CIMError:
    return CIMError(
        CIM_ERR_NOT_FOUND, f"there is no declaration of {name} in {call.namespace.name}"
    )
