cdef class NocaseDict:
    # Folded name -> name as it was given, and folded name -> value, in the same order.
    cdef dict names
    cdef dict found
    # Whether `names` belongs to others as well and must be copied before it is changed.
    cdef bint names_shared
    # Whether the key None is allowed: the unnamed key of some instance paths.
    cdef bint unnamed
    cdef int put(self, object key, object value) except -1
    cdef int own_names(self) except -1
    cdef object fetch(self, object key)
    cdef NocaseDict twin(self)

cdef object fold(object key)
cdef NocaseDict new_nocase(bint unnamed)
cdef str represent(object value)
