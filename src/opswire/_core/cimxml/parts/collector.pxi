# What the garbage collector has to know of an object: nothing, until it can be part of a cycle.

cdef inline void untrack(object new) noexcept:
    """A new object without anything in it that leads back."""
    PyObject_GC_UnTrack(<PyObject *>new)


cdef inline void track(object owner) noexcept:
    """Something that may lead back is in it from now on."""
    if not PyObject_GC_IsTracked(owner):
        PyObject_GC_Track(<PyObject *>owner)


cdef inline bint leads_back(object value) noexcept:
    return PyObject_IS_GC(value)
