from collections.abc import Iterable, Sequence
from typing import TypeAlias
from xml.dom.minidom import Element

from opswire._core.cimxml.objects import (
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMParameter,
    _Scalar,
)
from opswire._core.cimxml.types import CIMObject

_Written: TypeAlias = _Scalar | Sequence[_Scalar | None]

class Writer: ...

def element_text(
    self_: CIMObject, indent: int | str | None, arguments: tuple[object, ...]
) -> str: ...
def dom_text(text: str, in_text: dict[str, str], in_values: dict[str, str]) -> str: ...
def with_marks(text: str) -> str: ...
def tocimxmlstr(value: _Written, indent: int | str | None = ...) -> str: ...
def tocimxml(value: _Written) -> Element: ...
def imethodcall(
    message_id: str, method: str, namespace: str, parameters: Iterable[tuple[str, _Written | None]]
) -> bytes: ...
def methodcall(
    message_id: str,
    method: str,
    path: CIMInstanceName | CIMClassName,
    parameters: Iterable[CIMParameter | str],
) -> bytes: ...
def export_request(message_id: str, indication: CIMInstance) -> bytes: ...
def export_response(
    message_id: str, method: str, code: int = ..., description: str | None = ...
) -> bytes: ...
