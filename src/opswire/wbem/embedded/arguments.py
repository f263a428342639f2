"""The parameters of an intrinsic operation, checked as they are asked for (DSP0200, 5.3)."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from opswire.errors.wbem import CIMError
from opswire.wbem.objects import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMQualifierDeclaration,
)
from opswire.wbem.status_codes import CIM_ERR_INVALID_PARAMETER

T = TypeVar("T")
MAX_UINT32 = (1 << 32) - 1


class Arguments:
    """What a client gave, by name without regard to case; NULL counts as not given.

    Every method raises CIMError (CIM_ERR_INVALID_PARAMETER) for what is missing or of another type.

    Args:
        given: names and values as the reader has them.
        known: the names that the operation has.
    """

    def __init__(self, given: Iterable[tuple[str, Any]], known: Sequence[str]) -> None:
        """Refuse names that are not known, or come twice."""
        allowed = {name.lower() for name in known}
        self._values: dict[str, Any] = {}
        for name, value in given:
            folded = name.lower()
            if folded not in allowed:
                raise _invalid(f"there is no parameter {name}")
            if folded in self._values:
                raise _invalid(f"the parameter {name} is given twice")
            self._values[folded] = value

    def _get(self, name: str) -> Any:
        return self._values.get(name.lower())

    def boolean(self, name: str, default: bool) -> bool:
        """Return a boolean."""
        value = self._get(name)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        if isinstance(value, str) and value.strip().upper() in {"TRUE", "FALSE"}:
            return value.strip().upper() == "TRUE"
        raise _invalid(f"{name} is no boolean: {value!r}")

    def text(self, name: str) -> str | None:
        """Return a text, or None."""
        value = self._get(name)
        if value is not None and not isinstance(value, str):
            raise _invalid(f"{name} is no text")
        return value

    def texts(self, name: str) -> list[str] | None:
        """Return an array of texts, or None."""
        value = self._get(name)
        if value is None:
            return None
        # wbemcli sends one name as a VALUE.
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(each, str) for each in items):
            raise _invalid(f"{name} is no array of texts")
        return items

    def number(self, name: str) -> int | None:
        """Return a uint32, or None."""
        value = self._get(name)
        if value is None:
            return None
        try:
            number = int(value) if isinstance(value, str) else -1
        except ValueError:
            number = -1
        if not 0 <= number <= MAX_UINT32:
            raise _invalid(f"{name} is no uint32: {value!r}")
        return number

    def class_name(self, name: str) -> str | None:
        """Return the name of a class, or None."""
        value = self._get(name)
        if value is None:
            return None
        if isinstance(value, CIMClassName):
            return value.classname
        raise _invalid(f"{name} is no name of a class")

    def object_name(self, name: str) -> CIMInstanceName | CIMClassName:
        """Return the path of an instance or a class."""
        value = self._get(name)
        if isinstance(value, (CIMInstanceName, CIMClassName)):
            return value
        raise _missing_or_wrong(name, value, "path")

    def instance_name(self, name: str) -> CIMInstanceName:
        """Return the path of an instance."""
        return self._required(name, CIMInstanceName, "path of an instance")

    def instance(self, name: str) -> CIMInstance:
        """Return an instance."""
        return self._required(name, CIMInstance, "instance")

    def cim_class(self, name: str) -> CIMClass:
        """Return a class."""
        return self._required(name, CIMClass, "class")

    def qualifier(self, name: str) -> CIMQualifierDeclaration:
        """Return a qualifier declaration."""
        return self._required(name, CIMQualifierDeclaration, "qualifier declaration")

    def _required(self, name: str, kind: type[T], words: str) -> T:
        value = self._get(name)
        if isinstance(value, kind):
            return value
        raise _missing_or_wrong(name, value, words)


def required(value: T | None, name: str) -> T:
    """Return what must have been given."""
    if value is None:
        raise _invalid(f"{name} is missing")
    return value


def _missing_or_wrong(name: str, value: object, words: str) -> CIMError:
    return _invalid(f"{name} is missing" if value is None else f"{name} is no {words}")


def _invalid(text: str) -> CIMError:
    return CIMError(CIM_ERR_INVALID_PARAMETER, text)
