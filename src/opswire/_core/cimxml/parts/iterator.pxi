cdef class Iterator:
    """The objects of a message, one at a time, in memory that does not grow with it.

    Args:
        source: bytes or anything with a buffer, kept until the end; or an iterable of such chunks.

    ``message`` tells the rest: all of it once the iterator is at its end.

    Raises:
        XMLParseError: while iterating: as Parser.
        CIMXMLParseError: the same.
    """

    cdef Parser parser
    cdef object chunks
    cdef list ready
    cdef Py_ssize_t next_ready
    cdef object fault
    cdef Py_buffer pin
    cdef bint pinned
    cdef bint fed

    def __cinit__(self, source):
        self.parser = Parser()
        self.ready = []
        self.chunks = iter((source,)) if PyObject_CheckBuffer(source) else iter(source)

    def __dealloc__(self):
        # The reader borrows what is pinned.
        self.parser = None
        if self.pinned:
            PyBuffer_Release(&self.pin)

    @property
    def message(self):
        """The Message; its objects are only those that nobody iterated over."""
        return self.parser.message

    def __iter__(self):
        return self

    def __next__(self):
        while self.next_ready >= len(self.ready):
            self.ready = []
            self.next_ready = 0
            if self.fault is not None:
                fault, self.fault = self.fault, None
                raise fault
            if self.parser.over:
                raise StopIteration
            try:
                self.more()
            except ParseError as error:
                # What was complete before the fault comes first.
                self.ready, self.parser.taken = self.parser.taken, []
                self.fault = error
        value = self.ready[self.next_ready]
        # Given away: what is iterated over is not held here.
        self.ready[self.next_ready] = None
        self.next_ready += 1
        return value

    cdef int more(self) except -1:
        """Read one batch."""
        cdef Parser parser = self.parser
        parser.enter()
        try:
            if not self.fed:
                self.unpin()
                chunk = next(self.chunks, None)
                if chunk is None:
                    opswire_cim_feed_end(parser.reader.reader)
                else:
                    PyObject_GetBuffer(chunk, &self.pin, PyBUF_SIMPLE)
                    self.pinned = True
                    if self.pin.len == 0:
                        return 0
                    parser.give(&self.pin)
                self.fed = True
                if chunk is None:
                    parser.read(0)
                    self.ready, parser.taken = parser.taken, []
                    parser.finish()
                    return 0
            if parser.step(self.pin.len):
                self.fed = False
            self.ready, parser.taken = parser.taken, []
        except BaseException:
            parser.abandon()
            self.unpin()
            raise
        finally:
            parser.busy = False
        return 0

    cdef int unpin(self) except -1:
        if self.pinned:
            self.pinned = False
            PyBuffer_Release(&self.pin)
        return 0
