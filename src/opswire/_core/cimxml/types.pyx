"""The CIM data types (DSP0004 2.8, section 5.2) as Python classes, and what converts to them."""

import time
from datetime import datetime, timedelta, timezone, tzinfo

cimport cython
from cpython.object cimport PyObject, PyTypeObject
from libc.stdint cimport int64_t, uint8_t, uint32_t
from libc.string cimport memcpy

from opswire_c.borrowing_cimxml cimport opswire_cimxml_bind
from opswire_c.cimxml cimport *
from opswire._core.publication cimport publish

from opswire._core.cimxml import config as cim_config
from opswire._core.cimxml import library

opswire_cimxml_bind(library.exports_address())


cdef extern from *:
    """
    static PyObject *opswire_new_number(PyTypeObject *base, PyObject *kind, PyObject *value)
    {
        PyObject *arguments, *made;

        /* What __new__() is called with may be anything. */
        if (!PyType_Check(kind) || !PyType_IsSubtype((PyTypeObject *) kind, base))
            return PyErr_Format(PyExc_TypeError, "%R is no class of CIM numbers", kind);
        arguments = PyTuple_Pack(1, value);
        if (arguments == NULL)
            return NULL;
        made = base->tp_new((PyTypeObject *) kind, arguments, NULL);
        Py_DECREF(arguments);
        return made;
    }
    """
    object opswire_new_number(PyTypeObject *base, object kind, object value)
    object PyUnicode_FromObject(object)
    int Py_EnterRecursiveCall(const char *) except *  # 1 or -1, as the CPython likes
    void Py_LeaveRecursiveCall()
    double PyOS_string_to_double(const char *, char **, PyObject *) except? -1.0
    PyTypeObject PyLong_Type
    PyTypeObject PyFloat_Type


include "parts/texts.pxi"
include "parts/numbers.pxi"


cdef class CIMObject:
    """The base of the classes for instances, classes, paths and the elements of classes."""

    cdef int kind(self) noexcept:
        return K_OTHER

    cdef str summary(self):
        return repr(self)

    def __setstate__(self, attributes):
        """What pickle calls for an object of a subclass in Python: what that has in __dict__."""
        self.__dict__.update(attributes)


include "parts/date_time.pxi"


cdef str sentence(const char *text):
    """What a function of the C library says."""
    return (<bytes>text).decode("ascii")


cdef str text_of(object value):
    """Octets and None become text and None; text stays."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, bytes):
        return (<bytes>value).decode()
    if isinstance(value, str):
        # Its characters, whatever a subclass's __str__() says.
        return PyUnicode_FromObject(value)
    raise TypeError(f"text is needed, not {type(value).__name__}: {value!r}")


cdef int type_of(object value) except -1:
    """The number of the CIM type that the value has by itself."""
    if isinstance(value, str):
        return OPSWIRE_CIM_CHAR16 if isinstance(value, Char16) else OPSWIRE_CIM_STRING
    if isinstance(value, bool):
        return OPSWIRE_CIM_BOOLEAN
    if isinstance(value, CIMDateTime):
        return OPSWIRE_CIM_DATETIME
    if isinstance(value, CIMObject):
        kind = (<CIMObject>value).kind()
        if kind == K_INSTANCE or kind == K_CLASS:
            return OPSWIRE_CIM_STRING
        if kind == K_INSTANCE_NAME:
            return OPSWIRE_CIM_REFERENCE
    elif isinstance(value, CIMType):
        number = TYPE_NUMBERS.get(value.cimtype)
        if number is not None:
            return number
    elif isinstance(value, bytes):
        return OPSWIRE_CIM_STRING
    elif isinstance(value, (datetime, timedelta)):
        return OPSWIRE_CIM_DATETIME
    elif isinstance(value, list):
        if not value:
            raise ValueError("an empty array does not tell its CIM type: give the type")
        Py_EnterRecursiveCall(" while the CIM type of a value is looked for")
        try:
            return type_of(value[0])
        finally:
            Py_LeaveRecursiveCall()
    raise TypeError(f"the CIM type of {value!r} is not known: give the type")


def cimtype(obj):
    """Return the name of the CIM type that a value has by itself, of an array that of its items.

    Raises:
        TypeError: it has none, like a plain int or None.
        ValueError: an empty array.
    """
    return TYPE_NAMES[type_of(obj)]


cdef object item_as(object value, int number):
    """One value as that type; None stays."""
    if value is None:
        return None
    if number == OPSWIRE_CIM_STRING or number == OPSWIRE_CIM_CHAR16:
        if isinstance(value, bytes):
            value = (<bytes>value).decode()
        if number == OPSWIRE_CIM_CHAR16 and isinstance(value, str):
            value_of_text(value, OPSWIRE_CIM_CHAR16)
        return value
    kind = NUMBERS[number]
    if kind is not None:
        return value if type(value) is kind else kind(value)
    if number == OPSWIRE_CIM_BOOLEAN:
        if isinstance(value, (str, bytes)):
            return value_of_text(value, OPSWIRE_CIM_BOOLEAN)
        return bool(value)
    if number == OPSWIRE_CIM_DATETIME:
        return value if type(value) is CIMDateTime else CIMDateTime(value)
    if isinstance(value, CIMObject):
        kind_number = (<CIMObject>value).kind()
        if kind_number == K_INSTANCE_NAME or kind_number == K_CLASS_NAME:
            return value
    elif isinstance(value, (str, bytes)):
        return read_reference(text_of(value))
    raise TypeError(f"a path is needed for a reference, not {value!r}")


cdef object value_as(object value, int number):
    """A value or a list of values as that type."""
    if isinstance(value, list):
        return [item_as(item, number) for item in <list>value]
    return item_as(value, number)


def cimvalue(value, type):
    """Return the value, or the list of values, as objects of that CIM type.

    Args:
        value: anything that the type's class takes; None stays None; for references a path or a
            WBEM URI; for booleans the texts "true" and "false" in any case too.
        type: the type's name; None: the one that the value has by itself.

    Raises:
        ValueError: there is no such type, or the value is none of it.
        TypeError: the value cannot become one of that type.
    """
    if type is None:
        if value is None:
            return None
        return value_as(value, type_of(value))
    number = TYPE_NUMBERS.get(type)
    if number is None:
        raise ValueError(f"{type!r} is no CIM type")
    return value_as(value, number)


def type_from_name(type_name):
    """Return the Python class for a CIM type's name; ValueError for an unknown one."""
    number = TYPE_NUMBERS.get(type_name)
    if number is None:
        raise ValueError(f"{type_name!r} is no CIM type")
    if number == OPSWIRE_CIM_BOOLEAN:
        return bool
    if number == OPSWIRE_CIM_STRING or number == OPSWIRE_CIM_CHAR16:
        return str
    if number == OPSWIRE_CIM_DATETIME:
        return CIMDateTime
    if number == OPSWIRE_CIM_REFERENCE:
        return path_class()
    return NUMBERS[number]


def path_class():
    """CIMInstanceName, which is above this module."""
    from opswire._core.cimxml.objects import CIMInstanceName
    return CIMInstanceName


def read_reference(uri):
    return path_class().from_wbem_uri(uri)


publish(CIMObject, "opswire.wbem", "()")
publish(CIMType, "opswire.wbem", "()")
publish(CIMDateTime, "opswire.wbem", "(dtarg)")
for _each in (
    CIMInt, *CIMInt.__subclasses__(), CIMFloat, *CIMFloat.__subclasses__(), Char16, MinutesFromUTC,
    cimtype, cimvalue, type_from_name,
):
    _each.__module__ = "opswire.wbem"
del _each
