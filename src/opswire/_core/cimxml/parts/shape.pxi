# What instances, or paths, of one answer share when they are alike.

cdef class Shape:
    """Class name, names and facts of instances that are alike."""

    cdef object folds(self):
        """The folded name of each member, in their order."""
        if not self.doubled:
            return self.by_fold
        return [folded_or_none(name) for name in self.names]


# What objects have that were never in a block.
cdef Shape NO_SHAPE = Shape.__new__(Shape)
NO_SHAPE.names = ()
NO_SHAPE.by_fold = {}
NO_SHAPE.index = {}
NO_SHAPE.facts = []
cdef opswire_cim_instance NO_INSTANCE
cdef opswire_cim_path NO_PATH
memset(&NO_INSTANCE, 0, sizeof(NO_INSTANCE))
memset(&NO_PATH, 0, sizeof(NO_PATH))
