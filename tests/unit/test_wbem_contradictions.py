"""Objects whose attributes contradict each other are not written as what nobody can read."""

from collections.abc import Callable
from typing import Any

import pytest

from opswire import wbem
from opswire.wbem import (
    CIMClass,
    CIMInstance,
    CIMInstanceName,
    CIMParameter,
    CIMProperty,
    CIMQualifierDeclaration,
)

PATH = CIMInstanceName("D", {"K": "k"})


def changed(made: Any, **attributes: Any) -> Any:
    """With attributes that were set later, one by one."""
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


CONTRADICTIONS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "a value made an array": (
        lambda: changed(CIMProperty("P", "x"), is_array=True),
        ValueError,
        "'P' is an array, but its value is no list: 'x'",
    ),
    "a list made a value": (
        lambda: changed(CIMProperty("P", ["x"]), is_array=False),
        ValueError,
        r"'P' is no array, but its value is a list: \['x'\]",
    ),
    "a list for a value": (
        lambda: changed(CIMProperty("P", 1, "uint8"), value=[1]),
        ValueError,
        "'P' is no array, but",
    ),
    "a list for a reference": (
        lambda: changed(CIMProperty("P", PATH), value=[]),
        ValueError,
        "'P' is no array, but",
    ),
    "a value for an embedded array": (
        lambda: changed(CIMProperty("P", [CIMInstance("E")]), value=CIMInstance("E")),
        ValueError,
        "'P' is an array, but",
    ),
    "a text made a reference": (
        lambda: changed(CIMProperty("P", "x"), type="reference"),
        TypeError,
        "'P' is a reference, but has no path: 'x'",
    ),
    "a reference made a text": (
        lambda: changed(CIMProperty("P", PATH), type="string"),
        TypeError,
        "'P' is no reference, but has a path: CIMInstanceName",
    ),
    "a path in an array of texts": (
        lambda: changed(CIMProperty("P", ["x"]), value=["x", PATH]),
        TypeError,
        "'P' is no reference, but has a path: CIMInstanceName",
    ),
    "a list in a declaration": (
        lambda: changed(CIMQualifierDeclaration("Q", "string"), value=["x"]),
        ValueError,
        "'Q' is no array, but",
    ),
    "a value in a declaration": (
        lambda: changed(CIMQualifierDeclaration("Q", "string", "x"), is_array=True),
        ValueError,
        "'Q' is an array, but",
    ),
}


@pytest.mark.parametrize(("make", "kind", "told"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_told_when_it_is_written(
    make: Callable[[], Any], kind: type[Exception], told: str
) -> None:
    """Alone, and in an instance and a class that have it."""
    made = make()
    owners = [made]
    if isinstance(made, CIMProperty):
        owners += [CIMInstance("C", {"P": made}), CIMClass("C", {"P": made})]
    for owner in owners:
        with pytest.raises(kind, match=f"^{told}"):
            owner.tocimxmlstr()


def test_null_contradicts_nothing() -> None:
    """Of an array, of a reference, of a declaration; and what fits is read again."""
    for made in (
        CIMProperty("P", None, "uint8", is_array=True),
        changed(CIMProperty("P", ["x"]), value=None),
        CIMProperty("P", None, "reference"),
        CIMProperty("P", PATH),
        CIMProperty("P", [None, "x"], "string"),
        CIMQualifierDeclaration("Q", "string", ["x"], is_array=True),
    ):
        owner = made if isinstance(made, CIMQualifierDeclaration) else CIMInstance("C", {"P": made})
        [again] = wbem.parse(owner.tocimxmlstr().encode(), fragment=True).objects
        found = again if owner is made else again.properties["P"]
        assert (found.value, found.type, found.is_array) == (made.value, made.type, made.is_array)


def test_a_property_that_is_an_array_has_no_reference_class() -> None:
    """Arrays of references are for parameters."""
    for value, kind in ((None, "reference"), ([PATH], None), (["x"], None)):
        with pytest.raises(ValueError, match=r"^property 'P': an array has no reference_class$"):
            CIMProperty("P", value, kind, reference_class="C", is_array=True)
    parameter = CIMParameter("A", "reference", reference_class="C", is_array=True)
    assert parameter.tocimxmlstr() == '<PARAMETER.REFARRAY NAME="A" REFERENCECLASS="C"/>'


def test_mof_names_the_class_that_a_reference_refers_to() -> None:
    """Where it is not known, there is no MOF; an instance does not name it."""
    reference = CIMProperty("P", None, "reference")
    for made in (reference, CIMClass("C", [reference]), CIMParameter("P", "reference")):
        arguments = {"is_instance": False} if made is reference else {}
        with pytest.raises(ValueError, match=r"^what 'P' refers to is not known, and MOF names"):
            made.tomof(**arguments)
    assert reference.tomof() == "P = NULL;\n"
    known = CIMProperty("P", None, "reference", reference_class="D")
    assert known.tomof(is_instance=False) == "D REF P;\n"
