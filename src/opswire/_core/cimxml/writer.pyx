# cython: nonecheck=True
"""CIM objects and operations as CIM-XML (DSP0201 2.4)."""

import re

from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport int64_t, uint8_t
from libc.string cimport memset, strlen

from opswire_c.borrowing_cimxml cimport opswire_cimxml_bind
from opswire_c.borrowing_xml cimport opswire_xml_bind
from opswire_c.cimxml cimport *
from opswire._core.cimxml.objects cimport *
from opswire._core.foundation cimport status_error
from opswire._core.cimxml.types cimport *
from opswire._core.cimxml.nocase cimport NocaseDict

from opswire._core import xml
from opswire._core.cimxml import config as cim_config
from opswire._core.cimxml import library
from opswire._core.cimxml.types import Char16, CIMType

opswire_cimxml_bind(library.exports_address())
opswire_xml_bind(xml.exports_address())


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


include "parts/writer.pxi"


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


include "parts/scalar_text.pxi"
include "parts/indentation.pxi"
include "parts/dom_text.pxi"


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
        writer.array(value, OPSWIRE_CIM_REFERENCE if isinstance(first, CIMInstanceName) else 0)
    else:
        single = isinstance(value, float) and isinstance(value, CIMType) and value.cimtype == "real32"
        writer.value(value, OPSWIRE_CIM_REAL32 if single else OPSWIRE_CIM_NULL)
    return in_lines(writer.text(), indent)


def tocimxml(value):
    """Return the same as tocimxmlstr(), as an element of xml.dom.minidom."""
    from opswire._core.cimxml.element import unread
    return unread(tocimxmlstr(value))


include "parts/operation_messages.pxi"
include "parts/response.pxi"


for _each in (tocimxml, tocimxmlstr):
    _each.__module__ = "opswire.wbem"
del _each
