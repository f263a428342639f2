# cython: nonecheck=True
"""CIM-XML messages (DSP0201 2.4) as CIM objects: whole, in chunks, or one instance at a time.

Scanning and checking are C and run without the GIL; the objects are made in batches in between.
What is wrong in a message is a CIMXMLParseError or an XMLParseError before any object with it gets
out; what a value is in Python is decided when it is read (see ``cim_objects``).
"""

import warnings
from cpython.buffer cimport (
    Py_buffer, PyBUF_SIMPLE, PyBuffer_Release, PyObject_CheckBuffer, PyObject_GetBuffer,
)
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memset

from opswire._core._c_status cimport OPSWIRE_DONE, OPSWIRE_MORE, OPSWIRE_NO_MEMORY
from opswire._core.cim_block cimport *
from opswire._core.cim_objects cimport *
from opswire._core.cim_types cimport K_INSTANCE

from opswire._core import cim_config
from opswire._core.cim_writer import (
    export_request, export_response, imethodcall, methodcall, tocimxml, tocimxmlstr,
)
from opswire.errors import ConnectionBusyError, LocalProtocolError
from opswire.errors.wbem import (
    CIMError, CIMXMLParseError, MissingKeybindingsWarning, ParseError, ToleratedServerIssueWarning,
    XMLParseError,
)


cdef extern from *:
    """
    static struct opswire_cim_settings opswire_default_settings(void)
    {
        struct opswire_cim_settings settings = OPSWIRE_CIM_SETTINGS;

        return settings;
    }
    """
    opswire_cim_settings opswire_default_settings() noexcept


cdef enum:
    # Objects made between two looks at the input: their blocks are all that is kept twice.
    BATCH = 256
    # Octets from which on another thread gains by our giving up the GIL: a switch costs about as
    # much as reading 2,000 octets.
    WITHOUT_GIL = 8192
    MOST_IDLE_READERS = 4


class Part:
    """One operation's request or response within a message.

    Attributes:
        element: "IMETHODRESPONSE", "METHODRESPONSE", "EXPMETHODRESPONSE", "IMETHODCALL",
            "METHODCALL", "EXPMETHODCALL", or "" for what stands alone.
        name: of the operation or the method.
        objects: what IRETURNVALUE holds: CIM objects and paths; values for some operations.
        has_return: whether there was an IRETURNVALUE or a RETURNVALUE at all.
        return_value: what RETURNVALUE holds.
        parameters: PARAMVALUE as CIMParameter objects; IPARAMVALUE and EXPPARAMVALUE as pairs of
            name and value.
        error: a CIMError, or None. It counts more than what else is there.
        target: of a call: the namespace as text, or the path of a class or an instance.
        correlators: pairs of name and value.
    """

    __slots__ = (
        "correlators", "element", "error", "has_return", "name", "objects", "parameters",
        "return_value", "target",
    )

    def __init__(self, element="", name=None):
        self.element = element
        self.name = name
        self.objects = []
        self.has_return = False
        self.return_value = None
        self.parameters = []
        self.error = None
        self.target = None
        self.correlators = []

    def __repr__(self):
        return (
            f"Part({self.element} {self.name!r}, {len(self.objects)} objects, "
            f"{len(self.parameters)} parameters, error={self.error!r})"
        )


class Message:
    """A whole message. What it says of its only operation is there as attributes, too.

    Attributes:
        message_id, cim_version, dtd_version, protocol_version: texts, or None.
        parts: a Part for each operation; several only in MULTIREQ and MULTIRSP.
    """

    __slots__ = ("cim_version", "dtd_version", "message_id", "parts", "protocol_version")

    def __init__(self):
        self.message_id = None
        self.cim_version = None
        self.dtd_version = None
        self.protocol_version = None
        self.parts = []

    @property
    def part(self):
        """The first operation."""
        if not self.parts:
            self.parts.append(Part())
        return self.parts[0]

    @property
    def element(self):
        """See Part."""
        return self.part.element

    @property
    def name(self):
        """See Part."""
        return self.part.name

    @property
    def objects(self):
        """See Part."""
        return self.part.objects

    @property
    def has_return(self):
        """See Part."""
        return self.part.has_return

    @property
    def return_value(self):
        """See Part."""
        return self.part.return_value

    @property
    def parameters(self):
        """See Part."""
        return self.part.parameters

    @property
    def error(self):
        """See Part."""
        return self.part.error

    @property
    def target(self):
        """See Part."""
        return self.part.target

    def __repr__(self):
        return f"Message({self.message_id!r}, {self.parts!r})"


cdef str decoded(opswire_view view):
    if view.data is NULL:
        return None
    return view.data[: view.size].decode("utf-8")


cdef opswire_status fill(
    opswire_cim_reader *reader, opswire_cim_block **blocks, uint32_t *count,
    opswire_cim_event *event,
) noexcept nogil:
    """Read until there are BATCH objects, or something else is."""
    cdef opswire_status status
    count[0] = 0
    while count[0] < BATCH:
        status = reader_next(reader, event)
        if status != OPSWIRE_DONE or event.type != OPSWIRE_CIM_OBJECT:
            return status
        blocks[count[0]] = reader_take(reader)
        count[0] += 1
    return OPSWIRE_DONE


cdef class Reader:
    """The C reader, for one message after the other."""

    cdef opswire_cim_reader *reader
    cdef uint32_t options

    def __cinit__(self, uint32_t options):
        cdef opswire_cim_settings settings = opswire_default_settings()
        settings.options = options
        settings.drop_memo = drop_memo
        self.options = options
        self.reader = reader_new(&settings)
        if self.reader is NULL:
            raise MemoryError

    def __dealloc__(self):
        reader_free(self.reader)
        self.reader = NULL


# Readers that know the shapes of earlier messages.
cdef list IDLE_READERS = []


cdef Reader take_reader(uint32_t options):
    cdef Reader reader
    cdef Py_ssize_t i
    for i in range(len(IDLE_READERS) - 1, -1, -1):
        if (<Reader>IDLE_READERS[i]).options == options:
            reader = IDLE_READERS.pop(i)
            reader_reset(reader.reader)
            return reader
    return Reader(options)


cdef int give_reader_back(Reader reader) except -1:
    if len(IDLE_READERS) < MOST_IDLE_READERS:
        # The octets of the last message are not its own any more.
        reader_reset(reader.reader)
        IDLE_READERS.append(reader)
    return 0


cdef class Parser:
    """Reads one message, as its octets arrive.

    Feed chunks as they come and take the objects that are complete; close() tells what else the
    message said. Memory is that of the largest object.

    Args:
        fragment: whether the root may be any element of DSP0201 instead of CIM only.

    Raises:
        XMLParseError: from feed() or close(): the octets are no well-formed XML, or exceed a limit.
        CIMXMLParseError: the same: they are no CIM-XML.
        LocalProtocolError: fed after close() or after a failure.

    Threads: one at a time; a second one gets ConnectionBusyError.
    """

    cdef Reader reader
    cdef readonly object message
    cdef object part
    cdef list taken
    cdef list error
    cdef list error_instances
    cdef bint busy
    cdef bint over
    cdef uint8_t flags

    def __cinit__(self, bint fragment=False):
        cdef uint32_t options = OPSWIRE_CIM_FRAGMENT if fragment else 0
        if not cim_config.ENFORCE_INTEGER_RANGE:
            options |= OPSWIRE_CIM_ANY_RANGE
        self.reader = take_reader(options)
        self.message = Message()
        self.taken = []

    def feed(self, octets):
        """Read a chunk; return the objects of IRETURNVALUE that are complete with it, in a list.

        Args:
            octets: bytes, or anything with a buffer; not kept.
        """
        cdef Py_buffer pin
        self.enter()
        try:
            PyObject_GetBuffer(octets, &pin, PyBUF_SIMPLE)
            try:
                self.run(&pin)
            finally:
                PyBuffer_Release(&pin)
        finally:
            self.busy = False
        taken, self.taken = self.taken, []
        return taken

    def close(self):
        """Tell that no more octets will come; return the Message with what feed() did not give."""
        self.enter()
        try:
            reader_feed_end(self.reader.reader)
            self.read(0)
        finally:
            self.busy = False
        self.finish()
        return self.message

    cdef int enter(self) except -1:
        if self.busy:
            raise ConnectionBusyError("another thread is feeding the same CIM-XML parser")
        if self.over:
            raise LocalProtocolError("the CIM-XML parser is at its end: make another one")
        self.busy = True
        return 0

    cdef int run(self, Py_buffer *pin) except -1:
        cdef opswire_view view
        view.data = <const uint8_t *>pin.buf
        view.size = pin.len
        if pin.len == 0:
            return 0
        if reader_feed(self.reader.reader, view) != OPSWIRE_DONE:
            # It was not hungry: this is its end, or a failure told before.
            raise self.failure()
        self.read(pin.len)
        return 0

    cdef int read(self, Py_ssize_t size) except -1:
        """Read what was fed to its end."""
        while not self.step(size):
            pass
        return 0

    cdef bint step(self, Py_ssize_t size) except -1:
        """Make one batch of objects; true when the octets, or the message, are at their end."""
        cdef opswire_cim_block *blocks[BATCH]
        cdef uint32_t count
        cdef opswire_cim_event event
        cdef opswire_status status
        cdef opswire_cim_reader *reader = self.reader.reader
        if size >= WITHOUT_GIL:
            with nogil:
                status = fill(reader, blocks, &count, &event)
        else:
            status = fill(reader, blocks, &count, &event)
        if count:
            self.keep(blocks, count)
        if status == OPSWIRE_MORE:
            return True
        if status != OPSWIRE_DONE:
            raise self.failure()
        if event.type == OPSWIRE_CIM_ENTER:
            self.begin(&event)
        elif event.type == OPSWIRE_CIM_LEAVE:
            if event.element == OPSWIRE_CIM_E_ERROR:
                self.end_error()
        elif event.type == OPSWIRE_CIM_END:
            return True
        return False

    cdef int keep(self, opswire_cim_block **blocks, uint32_t count) except -1:
        """Make objects of the blocks, which are given back whatever happens."""
        cdef uint32_t i, done = 0
        try:
            for i in range(count):
                self.one(blocks[i])
                block_free(blocks[i])
                done = i + 1
        finally:
            for i in range(done, count):
                block_free(blocks[i])
        return 0

    cdef int one(self, opswire_cim_block *block) except -1:
        cdef int element = block.element
        cdef const opswire_cim_member *member
        self.flags |= block.flags
        if block.tag == OPSWIRE_CIM_MEMBER and element != OPSWIRE_CIM_E_QUALIFIER_DECLARATION:
            member = <const opswire_cim_member *>opswire_cim_at(block, block.cell.offset)
            if element == OPSWIRE_CIM_E_PARAMVALUE:
                self.current().parameters.append(member_object(block, member))
                return 0
            if element == OPSWIRE_CIM_E_RETURNVALUE:
                part = self.current()
                part.has_return = True
                part.return_value = member_value(block, member)
                return 0
            if element in (OPSWIRE_CIM_E_IPARAMVALUE, OPSWIRE_CIM_E_EXPPARAMVALUE):
                pair = (named(block, member), member_value(block, member))
                self.current().parameters.append(pair)
                return 0
            if element == OPSWIRE_CIM_E_CORRELATOR:
                pair = (named(block, member), member_value(block, member))
                self.current().correlators.append(pair)
                return 0
        value = block_object(block)
        if self.error_instances is not None:
            self.error_instances.append(value)
        elif self.part is not None and (<str>self.part.element).endswith("CALL"):
            self.part.target = value
        else:
            self.taken.append(value)
        return 0

    cdef object current(self):
        if self.part is None:
            self.part = self.message.part
        return self.part

    cdef int begin(self, opswire_cim_event *event) except -1:
        cdef int element = event.element
        if element == OPSWIRE_CIM_E_CIM:
            self.message.cim_version = decoded(event.first)
            self.message.dtd_version = decoded(event.second)
        elif element == OPSWIRE_CIM_E_MESSAGE:
            self.message.message_id = decoded(event.first)
            self.message.protocol_version = decoded(event.second)
        elif element in (
            OPSWIRE_CIM_E_IMETHODRESPONSE, OPSWIRE_CIM_E_METHODRESPONSE,
            OPSWIRE_CIM_E_EXPMETHODRESPONSE, OPSWIRE_CIM_E_IMETHODCALL, OPSWIRE_CIM_E_METHODCALL,
            OPSWIRE_CIM_E_EXPMETHODCALL,
        ):
            self.hand_over()
            self.part = Part(element_name(element), decoded(event.first))
            self.message.parts.append(self.part)
        elif element == OPSWIRE_CIM_E_IRETURNVALUE:
            self.current().has_return = True
        elif element == OPSWIRE_CIM_E_ERROR:
            self.error = [event.code, decoded(event.second)]
            self.error_instances = []
        return 0

    cdef int end_error(self) except -1:
        code, description = self.error
        instances = self.error_instances or None
        self.error_instances = None
        self.current().error = CIMError(code, description, instances)
        return 0

    cdef int hand_over(self) except -1:
        """Objects that feed() has not given belong to the operation that is read."""
        if self.taken:
            self.current().objects.extend(self.taken)
            self.taken = []
        return 0

    cdef int finish(self) except -1:
        self.over = True
        self.hand_over()
        reader, self.reader = self.reader, None
        give_reader_back(reader)
        if self.flags & OPSWIRE_CIM_EMPTY_BOOLEAN:
            warnings.warn(
                "the WBEM server sent an empty boolean, which is read as NULL",
                ToleratedServerIssueWarning,
                stacklevel=3,
            )
        if self.flags & OPSWIRE_CIM_KEYLESS:
            warnings.warn(
                "the WBEM server sent the path of an instance without keys",
                MissingKeybindingsWarning,
                stacklevel=3,
            )
        return 0

    cdef object failure(self):
        """The exception for what the C reader found wrong."""
        cdef opswire_cim_fault fault
        cdef str what, path, excerpt, subject
        memset(&fault, 0, sizeof(fault))
        reader_fault(self.reader.reader, &fault)
        self.over = True
        if fault.status == OPSWIRE_NO_MEMORY:
            return MemoryError()
        if fault.status == OPSWIRE_CIM_INVALID:
            kind = CIMXMLParseError
            what = cim_message(fault.cim)
            if fault.xml != OPSWIRE_XML_SOUND:
                what = f"{what}: {xml_message(fault.xml)}"
        elif fault.status == OPSWIRE_DONE:
            return LocalProtocolError("the message is at its end: nothing can be fed any more")
        else:
            kind = XMLParseError
            what = xml_message(fault.xml)
        path = fault.path[: fault.path_size].decode("utf-8", "replace")
        excerpt = fault.excerpt[: fault.excerpt_size].decode("utf-8", "replace")
        subject = (<bytes>fault.subject).decode("utf-8", "replace")
        text = (
            f"CIM-XML: {what}{f' ({subject})' if subject else ''} in {path or '/'}, "
            f"line {fault.position.line}, column {fault.position.column}, "
            f"octet {fault.position.offset}: {excerpt!r}"
        )
        error = kind(text)
        error.line = fault.position.line
        error.column = fault.position.column
        error.offset = fault.position.offset
        error.path = path
        error.excerpt = excerpt
        error.status = fault.status
        return error


cdef str named(const opswire_cim_block *block, const opswire_cim_member *member):
    if member.name.offset == 0:
        return None
    return decoded(opswire_cim_text_view(block, member.name))


def parse(octets, *, bint fragment=False):
    """Read a whole message.

    Args:
        octets: bytes, or anything with a buffer.
        fragment: whether the root may be any element of DSP0201 instead of CIM only; then the
            object is the only one of ``objects``.

    Returns:
        The Message.

    Raises:
        XMLParseError: the octets are no well-formed XML, or exceed a limit.
        CIMXMLParseError: they are no CIM-XML.
        TypeError: there is no buffer.
    """
    cdef Py_buffer pin
    cdef Parser parser = Parser(fragment)
    PyObject_GetBuffer(octets, &pin, PyBUF_SIMPLE)
    try:
        parser.run(&pin)
        reader_feed_end(parser.reader.reader)
        parser.read(0)
    finally:
        PyBuffer_Release(&pin)
    parser.finish()
    return parser.message


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
        cdef opswire_view view
        cdef Parser parser = self.parser
        parser.enter()
        try:
            if not self.fed:
                self.unpin()
                chunk = next(self.chunks, None)
                if chunk is None:
                    reader_feed_end(parser.reader.reader)
                else:
                    PyObject_GetBuffer(chunk, &self.pin, PyBUF_SIMPLE)
                    self.pinned = True
                    if self.pin.len == 0:
                        return 0
                    view.data = <const uint8_t *>self.pin.buf
                    view.size = self.pin.len
                    if reader_feed(parser.reader.reader, view) != OPSWIRE_DONE:
                        raise parser.failure()
                self.fed = True
                if chunk is None:
                    parser.read(0)
                    self.ready, parser.taken = parser.taken, []
                    parser.finish()
                    return 0
            if parser.step(self.pin.len):
                self.fed = False
            self.ready, parser.taken = parser.taken, []
        finally:
            parser.busy = False
        return 0

    cdef int unpin(self) except -1:
        if self.pinned:
            self.pinned = False
            PyBuffer_Release(&self.pin)
        return 0


def iterate(source):
    """Return an iterator of the objects of a message; see Iterator."""
    return Iterator(source)
