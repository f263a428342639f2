from typing import Any

from opswire._core.cim_types import CIMObject

class Lines:
    def __init__(self, width: int, column: int = ...) -> None: ...

def text_of_object(self: CIMObject, arguments: tuple[Any, ...]) -> str: ...
