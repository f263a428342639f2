"""What a command becomes before it is sent: included by ``protocol.pyx``."""

cdef extern from "Python.h":
    ctypedef struct Py_buffer:
        void *buf
        Py_ssize_t len
    object PyMemoryView_FromObject(object)
    Py_buffer *PyMemoryView_GET_BUFFER(object)
    bint PyBuffer_IsContiguous(const Py_buffer *, char)


cdef object octets_of(argument):
    """The octets of an argument that is no plain bytes or ASCII str: bytes, or a pinned buffer."""
    if isinstance(argument, (bytes, bytearray, memoryview)):
        return pinned(argument)
    return PyUnicode_AsUTF8String(str(argument))


cdef object pinned(buffer):
    """A memoryview, which keeps the octets where they are."""
    view = PyMemoryView_FromObject(buffer)
    if not PyBuffer_IsContiguous(PyMemoryView_GET_BUFFER(view), c"C"):
        raise BufferError("the octets of an argument must be contiguous")
    return view


cdef object octets_of_stdin(stdin):
    if isinstance(stdin, str):
        return PyUnicode_AsUTF8String(stdin)
    try:
        return pinned(stdin)
    except TypeError:
        raise TypeError(f"stdin must be text or octets, not {type(stdin).__name__}") from None


cdef tuple given(command):
    """The arguments as they were given, in one pass over any iterable."""
    if type(command) is list or type(command) is tuple:
        return tuple(command)
    if isinstance(command, (str, bytes, bytearray, memoryview, bool, int, float)):
        raise TypeError("command must be a sequence or iterator")
    try:
        elements = iter(command)
    except TypeError:
        raise TypeError("command must be a sequence or iterator") from None
    return tuple(elements)


@cython.final
@cython.freelist(4)
@cython.no_gc  # nothing that is held knows who holds it
cdef class Arguments:
    """The octets of a command, pinned until it was sent; for one sending.

    Args:
        command: any iterable; str becomes UTF-8, bytes-like stays where it is, anything else goes
            through str().
        stdin: text or any buffer, as the last argument; None for none.

    Raises:
        TypeError: a single str, bytes or number in place of the iterable; a stdin that is neither
            text nor octets.
        ValueError: an empty command; a lone surrogate (UnicodeEncodeError): os.fsencode() makes
            octets of words that came from the system.
        BufferError: a buffer whose octets do not lie side by side.
    """

    def __init__(self, command, stdin=None):
        if self.held is not None:
            raise LocalProtocolError("Arguments cannot be initialised twice")
        self.take(command, stdin)

    cdef int take(self, command, stdin) except -1:
        cdef tuple arguments = given(command)
        cdef opswire_view *view
        cdef Py_ssize_t count
        cdef Py_ssize_t i
        if not arguments:
            raise ValueError("command must not be empty")
        if stdin is not None:
            arguments += (octets_of_stdin(stdin),)
        self.held = arguments
        count = PyTuple_GET_SIZE(arguments)
        view = self.few
        if count > FEW_ARGUMENTS:
            self.many = PyBytes_FromStringAndSize(NULL, count * sizeof(opswire_view))
            view = <opswire_view *> PyBytes_AS_STRING(self.many)
        self.writer.arguments = view
        for i in range(count):
            argument = <object> PyTuple_GET_ITEM(arguments, i)
            if type(argument) is str and (<str> argument).isascii():
                view[i].data = <const uint8_t *> PyUnicode_AsUTF8AndSize(
                    argument, <Py_ssize_t *> &view[i].size)
                continue
            if type(argument) is not bytes:
                argument = octets_of(argument)
                if self.made is None:
                    self.made = []
                self.made.append(argument)
            if type(argument) is bytes:
                view[i].data = <const uint8_t *> PyBytes_AS_STRING(argument)
                view[i].size = PyBytes_GET_SIZE(argument)
            else:
                view[i].data = <const uint8_t *> PyMemoryView_GET_BUFFER(argument).buf
                view[i].size = PyMemoryView_GET_BUFFER(argument).len
        self.writer.count = count
        return 0

    @property
    def octets(self):
        """Each argument as bytes or, of a buffer, a view without a copy; to be sent again."""
        cdef list octets = []
        made = iter(self.made or ())
        for argument in self.held or ():
            if type(argument) is str and (<str> argument).isascii():
                argument = PyUnicode_AsUTF8String(argument)
            elif type(argument) is not bytes:
                argument = next(made)
                if type(argument) is not bytes:
                    argument = PyMemoryView_FromObject(argument)  # whose release is not ours
            octets.append(argument)
        return octets
