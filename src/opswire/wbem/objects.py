"""The CIM objects: compiled, because a large answer is made of millions of them."""

from opswire._core.cim_objects import (
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
from opswire._core.cim_types import CIMObject
from opswire._core.cim_writer import tocimxml, tocimxmlstr
from opswire._core.nocase import NocaseDict

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
