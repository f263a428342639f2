# cython: nonecheck=True
"""CIM objects: instances, classes, paths, and what they consist of.

What a parser made is read late. Such an object holds the block of its answer that the C reader has
checked, and a shape that it shares with its like; values become Python objects when somebody asks,
the first time, and stay. The first change, or a question for ``properties``, turns all of it into
ordinary attributes.

The garbage collector does not see such objects until something is put into them, or read from
them, that can lead back to them: a thousand instances cost it nothing.

Threads: reading is safe from any number of threads, also the first time; whoever changes an object
keeps others away from it.
"""

from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.dict cimport PyDict_GetItemWithError
from cpython.list cimport PyList_GET_ITEM, PyList_GET_SIZE
from cpython.object cimport PyObject, PyTypeObject
from cpython.ref cimport Py_INCREF, Py_XDECREF
from libc.stdint cimport int64_t, uint8_t, uint32_t
from libc.string cimport memcpy, memset

from opswire_c.borrowing_cimxml cimport opswire_cimxml_bind
from opswire_c.cimxml cimport *
from opswire._core.cimxml.types cimport *
from opswire._core.cimxml.nocase cimport (
    NocaseDict,
    Rule,
    another,
    fold,
    new_nocase,
    no_key,
    represent,
    ruled_nocase,
)
from opswire._core.publication cimport publish

import warnings

from opswire._core.cimxml import config as cim_config
from opswire._core.cimxml import library
from opswire._core.cimxml.types import Char16

opswire_cimxml_bind(library.exports_address())


cdef extern from *:
    """
    /* Two hashes as one; their order matters. */
    static Py_hash_t opswire_mixed(Py_hash_t one, Py_hash_t other)
    {
        uint64_t x = (uint64_t) one * UINT64_C(0x9E3779B97F4A7C15);

        x ^= x >> 29;
        x = (x + (uint64_t) other) * UINT64_C(0xBF58476D1CE4E5B9);
        x ^= x >> 32;
        return (Py_hash_t) x == -1 ? -2 : (Py_hash_t) x;
    }
    """
    Py_hash_t mixed "opswire_mixed" (Py_hash_t one, Py_hash_t other) noexcept
    int Py_EnterRecursiveCall(const char *) except *  # 1 or -1, as the CPython likes
    void Py_LeaveRecursiveCall()
    int PyObject_GC_IsTracked(object)
    void PyObject_GC_Track(PyObject *)
    void PyObject_GC_UnTrack(PyObject *)
    int PyObject_IS_GC(object)
    object PyUnicode_New(Py_ssize_t, Py_UCS4)
    void *PyUnicode_DATA(object)
    object PyUnicode_DecodeUTF8(const char *, Py_ssize_t, const char *)
    void PyList_SET_ITEM(object, Py_ssize_t, object)
    object PyList_New(Py_ssize_t)


cdef class Unread:
    def __repr__(self):
        return "<not read>"


cdef object UNREAD = Unread()


include "parts/collector.pxi"
include "parts/conversions.pxi"
include "parts/copies.pxi"
include "parts/facts.pxi"
include "parts/shape.pxi"
include "parts/qualifier.pxi"
include "parts/property.pxi"
include "parts/parameter.pxi"
include "parts/method.pxi"
include "parts/qualifier_declaration.pxi"
include "parts/class.pxi"
include "parts/class_name.pxi"
include "parts/instance_name.pxi"
include "parts/instance.pxi"
include "parts/instance_views.pxi"
include "parts/rules.pxi"
include "parts/block_values.pxi"
include "parts/block_members.pxi"


publish(
    CIMInstance, "opswire.wbem", "(classname, properties=None, qualifiers=None, path=None)"
)
publish(
    CIMInstanceName, "opswire.wbem", "(classname, keybindings=None, host=None, namespace=None)"
)
publish(
    CIMClass, "opswire.wbem",
    "(classname, properties=None, methods=None, superclass=None, qualifiers=None, path=None)",
)
publish(CIMClassName, "opswire.wbem", "(classname, host=None, namespace=None)")
publish(
    CIMProperty, "opswire.wbem",
    "(name, value, type=None, class_origin=None, array_size=None, propagated=None, "
    "is_array=None, reference_class=None, qualifiers=None, embedded_object=None)",
)
publish(
    CIMMethod, "opswire.wbem",
    "(name=None, return_type=None, parameters=None, class_origin=None, propagated=None, "
    "qualifiers=None)",
)
publish(
    CIMParameter, "opswire.wbem",
    "(name, type, reference_class=None, is_array=None, array_size=None, qualifiers=None, "
    "value=None, embedded_object=None)",
)
publish(
    CIMQualifier, "opswire.wbem",
    "(name, value, type=None, propagated=None, overridable=None, tosubclass=None, "
    "toinstance=None, translatable=None)",
)
publish(
    CIMQualifierDeclaration, "opswire.wbem",
    "(name, type, value=None, is_array=False, array_size=None, scopes=None, overridable=None, "
    "tosubclass=None, toinstance=None, translatable=None)",
)
