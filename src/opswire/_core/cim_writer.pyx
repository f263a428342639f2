# cython: nonecheck=True
"""CIM objects and operations as CIM-XML (DSP0201 2.4)."""

import re

from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport int64_t, uint8_t
from libc.string cimport memset, strlen

from opswire._core._c_status cimport OPSWIRE_DONE, OPSWIRE_NO_MEMORY, OPSWIRE_OUT_OF_RANGE
from opswire._core.cim_block cimport *
from opswire._core.cim_objects cimport *
from opswire._core.cim_types cimport *
from opswire._core.nocase cimport NocaseDict

from opswire._core import cim_config
from opswire._core.cim_types import Char16, CIMType


cdef extern from *:
    const char *PyUnicode_AsUTF8AndSize(object, Py_ssize_t *) except NULL
    char *PyOS_double_to_string(double, char, int, int, int *) except NULL
    void PyMem_Free(void *)
    int snprintf(char *, size_t, const char *, ...) nogil
    long long PyLong_AsLongLongAndOverflow(object, int *) except? -1


cdef enum:
    REAL32_DIGITS = 11
    REAL64_DIGITS = 17


cdef inline opswire_view view_of(object text) except *:
    """Borrowed from the text."""
    cdef opswire_view view
    cdef Py_ssize_t size
    view.data = <const uint8_t *>PyUnicode_AsUTF8AndSize(text, &size)
    view.size = size
    return view


cdef inline opswire_view constant(const char *text) noexcept:
    cdef opswire_view view
    view.data = <const uint8_t *>text
    view.size = strlen(text)
    return view


include "cim/writer.pxi"


cdef dict SCOPES = {
    "association": OPSWIRE_CIM_A_ASSOCIATION,
    "class": OPSWIRE_CIM_A_CLASS,
    "indication": OPSWIRE_CIM_A_INDICATION,
    "method": OPSWIRE_CIM_A_METHOD,
    "parameter": OPSWIRE_CIM_A_PARAMETER,
    "property": OPSWIRE_CIM_A_PROPERTY,
    "reference": OPSWIRE_CIM_A_REFERENCE,
}


cdef str type_name(object value):
    return type(value).__name__


cdef int warn_keyless(CIMInstanceName path) except -1:
    import warnings

    from opswire.errors.wbem import MissingKeybindingsWarning
    warnings.warn(
        f"the path of an instance of {path._classname!r} has no keys, "
        "which CIM-XML should have (DSP0004)",
        MissingKeybindingsWarning,
        stacklevel=3,
    )
    return 0


include "cim/scalar_text.pxi"
include "cim/indentation.pxi"
include "cim/dom_text.pxi"


def element_text(CIMObject self_ not None, indent, arguments):
    """An object as an element; the arguments are those of its tocimxmlstr()."""
    cdef Writer writer = Writer()
    writer.element(self_, arguments)
    return in_lines(writer.text(), indent)


def tocimxmlstr(value, indent=None):
    """Return a CIM object or value, or a list of values, as an XML element in text.

    Args:
        value: a CIM object, a value of a CIM type, or a list of such values; never None.
        indent: spaces, or a text, for each level; None: everything on one line.

    Raises:
        ValueError: None, or a text that XML cannot carry.
        TypeError: nothing that CIM-XML has.
    """
    cdef Writer writer = Writer()
    if value is None:
        raise ValueError("None has no element in CIM-XML")
    if isinstance(value, CIMObject):
        writer.element(value, ())
    elif isinstance(value, list):
        first = next((item for item in value if item is not None), None)
        writer.array(value, T_REFERENCE if isinstance(first, CIMInstanceName) else 0)
    else:
        writer.value(value, T_REAL32 if isinstance(value, float) and isinstance(value, CIMType) and value.cimtype == "real32" else 0)
    return in_lines(writer.text(), indent)


def tocimxml(value):
    """Return the same as tocimxmlstr(), as an element of xml.dom.minidom."""
    from opswire._core.cim_element import unread
    return unread(tocimxmlstr(value))


include "cim/operation_messages.pxi"
