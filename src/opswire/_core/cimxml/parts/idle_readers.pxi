# The C reader, kept from one message to the next.

cdef class Reader:
    """The C reader, for one message after the other."""

    cdef opswire_cim_reader *reader
    cdef uint32_t options

    def __cinit__(self, uint32_t options):
        cdef opswire_cim_settings settings = opswire_default_settings()
        settings.options = options
        settings.drop_memo = drop_memo
        self.options = options
        self.reader = opswire_cim_reader_new(&settings)
        if self.reader is NULL:
            raise MemoryError

    def __dealloc__(self):
        opswire_cim_reader_free(self.reader)
        self.reader = NULL


# Readers that know the shapes of earlier messages.
cdef list IDLE_READERS = []


cdef Reader take_reader(uint32_t options):
    cdef Reader reader
    cdef Py_ssize_t i
    for i in range(len(IDLE_READERS) - 1, -1, -1):
        if (<Reader>IDLE_READERS[i]).options == options:
            reader = IDLE_READERS.pop(i)
            opswire_cim_reader_reset(reader.reader)
            return reader
    return Reader(options)


cdef int give_reader_back(Reader reader) except -1:
    if len(IDLE_READERS) < MOST_IDLE_READERS:
        # The octets of the last message are not its own any more.
        opswire_cim_reader_reset(reader.reader)
        IDLE_READERS.append(reader)
    return 0


def idle_readers():
    """Return how many readers wait for a message."""
    return len(IDLE_READERS)
