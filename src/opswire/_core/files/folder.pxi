# An open folder as an object.

@cython.final
@cython.auto_pickle(False)
cdef class Folder:
    """The folder base/names[0]/names[1]…, open until `close`, a with block or its last reference ends.

    Args:
        base: the trusted folder; only it may contain links.
        names: of the folders below it, a sequence; none for the base itself.
        listable: whether it is to be synchronised; listing needs no more than the right to do so.

    Raises:
        OSError: one of them is missing, no folder, a link, or must not be entered.
        ValueError: the base has a NUL in it.
    """

    cdef int descriptor

    def __cinit__(self):
        self.descriptor = -1

    def __init__(self, str base not None, names, *, bint listable=False):
        self.close()
        self.descriptor = open_folder(base, names, listable=listable)

    def __dealloc__(self):
        self.shut()

    cdef void shut(self) noexcept:
        cdef int descriptor = self.descriptor
        self.descriptor = -1
        if descriptor >= 0:
            close(descriptor)

    cpdef int fileno(self) except -1:
        """Its descriptor, for use as ``dir_fd`` while this object lives.

        Raises:
            ValueError: it is closed.
        """
        if self.descriptor < 0:
            raise ValueError("the folder is closed")
        return self.descriptor

    def names(self):
        """The names of everything in it, in no order.

        Raises:
            OSError: it must not be listed.
            ValueError: it is closed.
        """
        # One that was opened for searching only cannot be listed itself.
        cdef int listed = open_below(self.fileno(), ".", LIST)
        try:
            return listdir(listed)
        finally:
            close(listed)

    def close(self):
        """Close it, if it is open."""
        self.shut()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.shut()
