"""When two paths name the same instance (DSP0004, 8.2.5), however a client spells them."""

from typing import Any, TypeAlias

from opswire._core.cimxml.types import CIMDateTime, cimvalue
from opswire.wbem.objects import CIMInstanceName

Identity: TypeAlias = tuple[Any, ...]


def identity(path: CIMInstanceName, namespace: str) -> Identity:
    """Return what is equal for paths of the same instance, and can be a key.

    Hosts are not compared: this server is one.  Types of keys are not either, as clients that have
    not seen the class guess them.

    Args:
        path: of an instance.
        namespace: that it is in where it does not say.
    """
    own = namespace if path.namespace is None else path.namespace
    keys = frozenset(
        ("" if name is None else name.lower(), _plain(value, own))
        for name, value in path.keybindings.items()
    )
    return own.strip("/").lower(), path.classname.lower(), keys


def _plain(value: Any, namespace: str) -> Any:
    if isinstance(value, CIMInstanceName):
        return identity(value, namespace)
    if isinstance(value, bool):
        return str(value).upper()
    return str(value)


def typed_key(value: Any, cim_type: str) -> Any:
    """Return a key as its class declares it: clients send 5 for "5", and "5" for 5.

    Raises:
        ValueError: it is none of that type.
    """
    if cim_type == "reference" or value is None or isinstance(value, CIMInstanceName):
        return value
    if cim_type in {"string", "char16"}:
        return str(value).upper() if isinstance(value, bool) else str(value)
    if cim_type == "boolean":
        if isinstance(value, str) and value.upper() in {"TRUE", "FALSE"}:
            return value.upper() == "TRUE"
        return bool(value)
    if cim_type == "datetime":
        return value if isinstance(value, CIMDateTime) else CIMDateTime(str(value))
    return cimvalue(value, cim_type)
