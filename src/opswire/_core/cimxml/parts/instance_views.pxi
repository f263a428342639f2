# What keys(), values() and items() of an instance return.

cdef class InstanceView:
    cdef CIMInstance owner

    def __cinit__(self, CIMInstance owner):
        self.owner = owner

    def __len__(self):
        return self.owner.size()

    def __repr__(self):
        return f"{type(self).__name__}({list(self)!r})"


cdef class Names(InstanceView):
    def __iter__(self):
        return iter(self.owner.all_names())

    def __contains__(self, key):
        return self.owner.holds(key)


cdef class Values(InstanceView):
    def __iter__(self):
        return iter(self.owner.all_values())


cdef class Pairs(InstanceView):
    def __iter__(self):
        return zip(self.owner.all_names(), self.owner.all_values())

    def __contains__(self, item):
        key, value = item
        found = self.owner.value_or(key, UNREAD)
        return found is not UNREAD and same_value(found, value)
