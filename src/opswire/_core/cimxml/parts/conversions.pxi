# What constructors and comparisons do with the values that they are given.

cdef str TRUE_TEXT = "true"


cdef object flag_of(object value):
    """True, False or None, from anything that has a truth."""
    return None if value is None else bool(value)


cdef str name_of(object name, str what):
    if name is None:
        raise ValueError(f"{what} needs a name, not None")
    return text_of(name)


cdef int type_number(object type, str what) except -1:
    found = TYPE_NUMBERS.get(type)
    if found is None:
        raise ValueError(f"{type!r} is no CIM type ({what})")
    return found


cdef str namespace_of(object namespace):
    return None if namespace is None else text_of(namespace).strip("/")


cdef str folded_or_none(object text):
    return None if text is None else (<str?>text).lower()


cdef bint same_fold(str one, str other):
    if one is other:
        return True
    if one is None or other is None:
        return False
    return one.lower() == other.lower()


cdef bint comparable(object one, object other):
    """Whether one class of ours says what is equal; subclasses in Python are of that class too."""
    if type(one) is type(other):
        return True
    if not (isinstance(one, CIMObject) and isinstance(other, CIMObject)):
        return False
    return K_OTHER != (<CIMObject>one).kind() == (<CIMObject>other).kind()


cdef bint same_value(object one, object other) except -1:
    """Equality that never compares an object with what is none of its class."""
    cdef Py_ssize_t i
    if one is other:
        return True
    if one is None or other is None:
        return False
    if isinstance(one, list):
        if not isinstance(other, list) or len(<list>one) != len(<list>other):
            return False
        Py_EnterRecursiveCall(" while CIM objects are compared")
        try:
            for i in range(len(<list>one)):
                if not same_value((<list>one)[i], (<list>other)[i]):
                    return False
        finally:
            Py_LeaveRecursiveCall()
        return True
    # What == of Python does itself counts how deep it is.
    if isinstance(one, CIMObject) or isinstance(other, CIMObject):
        return comparable(one, other) and one == other
    return one == other


cdef bint same_mapping(NocaseDict one, NocaseDict other) except -1:
    """Equal names, case aside, with equal values; None is an empty one."""
    cdef PyObject *twin
    if one is other:
        return True
    if one is None or other is None:
        return not (other if one is None else one).found
    if len(one.found) != len(other.found):
        return False
    for folded, value in one.found.items():
        twin = PyDict_GetItemWithError(other.found, folded)
        if twin is NULL or not same_value(value, <object>twin):
            return False
    return True


cdef Py_hash_t value_hash(object value) except? -1:
    if type(value) is not list and not isinstance(value, CIMObject):
        return hash(value)
    Py_EnterRecursiveCall(" while a CIM object is hashed")
    try:
        if type(value) is list:
            return hash(tuple([value_hash(item) for item in <list>value]))
        return hash(value)
    finally:
        Py_LeaveRecursiveCall()


cdef Py_hash_t mapping_hash(NocaseDict mapping) except? -1:
    cdef Py_hash_t total = 0
    if mapping is not None:
        for folded, value in mapping.found.items():
            total += mixed(hash(folded), value_hash(value))
    return total


cdef object wrong_class(object self, object other):
    return TypeError(f"{type(self).__name__} is compared with its like only, not with {other!r}")


cdef object element_of(str text):
    """The element as the standard library's DOM has it."""
    from opswire._core.cimxml.element import unread
    return unread(text)


cdef str xml_of(CIMObject self, object indent, object arguments):
    from opswire._core.cimxml import writer
    return writer.element_text(self, indent, arguments)


cdef str mof_of(CIMObject self, object arguments):
    from opswire._core.cimxml import mof
    return mof.text_of_object(self, arguments)
