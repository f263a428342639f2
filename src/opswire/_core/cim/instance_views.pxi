# What keys(), values() and items() of an instance return.

cdef class InstanceView:
    cdef CIMInstance owner

    def __cinit__(self, CIMInstance owner):
        self.owner = owner

    def __len__(self):
        return len(self.owner)

    def __repr__(self):
        return f"{type(self).__name__}({list(self)!r})"


cdef class Names(InstanceView):
    def __iter__(self):
        return iter(self.owner)

    def __contains__(self, key):
        return key in self.owner


cdef class Values(InstanceView):
    def __iter__(self):
        return iter(self.owner.all_values())


cdef class Pairs(InstanceView):
    def __iter__(self):
        return zip(self.owner, self.owner.all_values())

    def __contains__(self, item):
        key, value = item
        return key in self.owner and same_value(self.owner[key], value)
