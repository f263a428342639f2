# What pickle and copy.deepcopy() make an object of again. copy() of an object is one of ours, and has
# mappings of its own; copy.copy() is one of the same class, and shares all that the other holds.

cdef object reduced(object self, type base, tuple arguments):
    """What __reduce__() returns; a subclass may have another __init__(), so that is not called."""
    if type(self) is base:
        return base, arguments
    return remade, (type(self), base, arguments), getattr(self, "__dict__", None)


def remade(kind, base, arguments):
    """What pickle calls for an object of a subclass."""
    self = kind.__new__(kind)
    base.__init__(self, *arguments)
    return self


def restore_instance(kind, classname, properties, qualifiers, path):
    """What pickle calls for an instance."""
    cdef CIMInstance self = kind.__new__(kind)
    CIMInstance.__init__(self, classname, properties, qualifiers)
    self.path = path
    return self
