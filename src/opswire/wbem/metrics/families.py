"""Metrics: numeric properties as gauges, keys as labels, names of numbers as info series."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from opswire.redaction.marks import MARK
from opswire.redaction.names import is_secret
from opswire.wbem.objects import CIMInstance
from opswire.wbem.value_names import ValueNames

__all__ = ["Families"]

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHER = re.compile(r"[^a-z0-9_]+")
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
RESERVED = ("server", "namespace", "class", "index", "value", "name")
"""Labels of ours; a key of such a name has "key_" before it."""


class Families:
    """The metrics of one answer; those of a name stand together, as the format wants them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lines: dict[str, list[str]] = {}
        self._owners: dict[str, object] = {}

    def add(
        self, name: str, labels: Mapping[str, str], value: float | int, owner: object = None
    ) -> None:
        """Add a sample of a gauge; of two properties with one name, only the first has it."""
        if self._owners.setdefault(name, owner) != owner:
            return
        inner = ",".join(f'{label}="{text.translate(_ESCAPES)}"' for label, text in labels.items())
        self._lines.setdefault(name, []).append(f"{name}{{{inner}}} {_number(value)}\n")

    def add_instance(
        self, server: str, asked: str, instance: CIMInstance, names: ValueNames
    ) -> None:
        """Add the numeric properties of an instance of the class that was asked for."""
        path = instance.path
        namespace = "" if path is None else str(path.namespace)
        keys: Mapping[Any, Any] = {} if path is None else path.keybindings
        labels = {"server": server, "namespace": namespace, "class": instance.classname}
        for key, value in keys.items():
            labels[_label(str(key), labels)] = _key_text(str(key), value)
        known = {str(key).lower() for key in keys}
        for name, value in instance.items():
            if name.lower() in known:
                continue
            metric, owner = _snake(f"{asked}_{name}"), (asked.lower(), name.lower())
            items = enumerate(value) if isinstance(value, list) else [(None, value)]
            for index, each in items:
                if not isinstance(each, (int, float)):  # boolean ones too
                    continue
                place = labels if index is None else {**labels, "index": str(index)}
                self.add(metric, place, each, owner)
                text = None
                if not isinstance(each, (bool, float)):
                    text = names.of(namespace or None, instance.classname, name, each)
                if text is not None:
                    info = {**place, "value": str(int(each)), "name": text}
                    self.add(f"{metric}_info", info, 1, (owner, "info"))

    def text(self) -> str:
        """Return all of them."""
        return "".join(
            f"# TYPE {name} gauge\n{''.join(lines)}" for name, lines in self._lines.items()
        )


def _snake(name: str) -> str:
    return _OTHER.sub("_", _CAMEL.sub("_", name).lower()).strip("_")


def _label(key: str, taken: Mapping[str, str]) -> str:
    label = _snake(key)
    if not label or label[0].isdigit() or label in RESERVED:
        label = f"key_{label}"
    while label in taken:
        label += "_"
    return label


def _key_text(name: str, value: Any) -> str:
    text = value.to_wbem_uri() if hasattr(value, "to_wbem_uri") else str(value)
    return MARK if is_secret(name, text) else text


def _number(value: float | int) -> str:
    if isinstance(value, float):
        text = repr(float(value))
        return {"inf": "+Inf", "-inf": "-Inf", "nan": "NaN"}.get(text, text)
    return str(int(value))
