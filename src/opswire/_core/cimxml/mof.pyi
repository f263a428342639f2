from typing import Self

from opswire._core.cimxml.types import CIMObject

class Lines:
    def __new__(cls, width: int, column: int = ...) -> Self: ...

def text_of_object(self: CIMObject, arguments: tuple[object, ...]) -> str: ...
