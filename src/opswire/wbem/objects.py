"""The CIM objects: compiled, because a large answer is made of millions of them."""

from opswire._core.cimxml.nocase import NocaseDict
from opswire._core.cimxml.objects import (
    CIMClass,
    CIMClassName,
    CIMInstance,
    CIMInstanceName,
    CIMMethod,
    CIMParameter,
    CIMProperty,
    CIMQualifier,
    CIMQualifierDeclaration,
)
from opswire._core.cimxml.types import CIMObject
from opswire._core.cimxml.writer import tocimxml, tocimxmlstr

__all__ = [
    "CIMClass",
    "CIMClassName",
    "CIMInstance",
    "CIMInstanceName",
    "CIMMethod",
    "CIMObject",
    "CIMParameter",
    "CIMProperty",
    "CIMQualifier",
    "CIMQualifierDeclaration",
    "NocaseDict",
    "tocimxml",
    "tocimxmlstr",
]
