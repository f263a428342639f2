cdef class Rule:
    # What may be put into a mapping, and under which name: the value to be put, or an exception.
    cdef object admitted(self, object key, str folded, object value)


cdef class NocaseDict:
    cdef object __weakref__
    # Folded name -> name as it was given, and folded name -> value, in the same order.
    cdef dict names
    cdef dict found
    # Whether `names` belongs to others as well and must be copied before it is changed.
    cdef bint names_shared
    # Whether the key None is allowed: the unnamed key of some instance paths.
    cdef bint unnamed
    # None: anything is. What takes things out of a mapping with a rule may rely on it.
    cdef Rule rule
    cdef int put(self, object key, object value) except -1
    cdef int set_item(self, object key, object value) except -1
    cdef int own_names(self) except -1
    cdef object fetch(self, object key)
    cdef NocaseDict twin(self)
    cdef NocaseDict shared_with(self, NocaseDict other)

cdef object fold(object key)
cdef NocaseDict new_nocase(bint unnamed)
cdef object another(object self)
cdef NocaseDict ruled_nocase(bint unnamed, Rule rule)
cdef object no_key(object key)
cdef str represent(object value)
