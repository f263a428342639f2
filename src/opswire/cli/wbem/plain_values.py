"""CIM values as text for people, and as what JSON has."""

from __future__ import annotations

import math
from typing import Any

from opswire.cli.output import NOTHING, printable
from opswire.wbem import CIMClass, CIMClassName, CIMInstance, CIMInstanceName


def text_of(value: Any, names: Any = None) -> str:
    """Return a value for a cell; numbers with their names behind them, as far as there are any."""
    if isinstance(value, list):
        known = names if isinstance(names, list) else [None] * len(value)
        return ", ".join(text_of(*pair) for pair in zip(value, known, strict=True)) or "(empty)"
    if value is None:
        text = NOTHING
    elif isinstance(value, (CIMInstanceName, CIMClassName)):
        text = value.to_wbem_uri()
    elif isinstance(value, CIMInstance):
        inner = ", ".join(f"{name}={text_of(each)}" for name, each in value.items())
        text = f"{value.classname}({inner})"
    elif isinstance(value, CIMClass):
        text = value.classname
    elif isinstance(value, bool):
        text = str(value).lower()
    else:
        text = str(value)
    return printable(text) if names is None else f"{text} ({printable(names)})"


def json_of(value: Any) -> Any:
    """Return what stands for a value in JSON.

    Numbers and booleans are such; what JSON has no number for (NaN, infinities), dates and paths
    are texts, instances are objects, classes the MOF of them.
    """
    if isinstance(value, list):
        return [json_of(each) for each in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, (CIMInstanceName, CIMClassName)):
        return value.to_wbem_uri()
    if isinstance(value, CIMInstance):
        return instance_record(value)
    if isinstance(value, CIMClass):
        return value.tomof()
    return str(value)


def instance_record(instance: CIMInstance) -> dict[str, Any]:
    """Return an instance as an object."""
    return {
        **_place(instance.path, instance.classname),
        "properties": {name: json_of(value) for name, value in instance.items()},
    }


def path_record(path: CIMInstanceName) -> dict[str, Any]:
    """Return the path of an instance as an object."""
    return {
        **_place(path, path.classname),
        "keys": {str(name): json_of(value) for name, value in path.keybindings.items()},
    }


def _place(path: CIMInstanceName | None, classname: str) -> dict[str, Any]:
    return {
        "class": classname,
        "namespace": None if path is None else path.namespace,
        # Without keys, as a query may return them, it leads nowhere.
        "path": path.to_wbem_uri() if path is not None and path.keybindings else None,
    }


def local_uri(path: CIMInstanceName) -> str:
    """Return a path as `get` takes it: without the server, which goes without saying here."""
    if not path.keybindings:
        return printable(f"{path.namespace}:{path.classname}")
    if path.host is not None:
        path = path.copy()
        path.host = None
    return printable(path.to_wbem_uri().lstrip("/"))
