# What is told at the end of a message, of all its objects at once.
cdef tuple TOLERATED = (
    (
        OPSWIRE_CIM_EMPTY_BOOLEAN,
        "the WBEM server sent an empty boolean, which is read as NULL, in {}",
        ToleratedServerIssueWarning,
    ),
    (
        OPSWIRE_CIM_EMPTY_FLAG,
        "the WBEM server sent an empty boolean attribute, which is read as if it were not there, in {}",
        ToleratedServerIssueWarning,
    ),
    (
        OPSWIRE_CIM_KEYLESS,
        "the WBEM server sent the path of an instance without keys, in {}",
        MissingKeybindingsWarning,
    ),
)


cdef class Parser:
    """Reads one message, as its octets arrive.

    Feed chunks as they come and take the objects that are complete; close() tells what else the
    message said. Memory is that of the largest object. ``complete`` tells whether the element CIM
    has ended: nothing of a message comes after it, where nobody says how long it is.

    Args:
        fragment: whether the root may be any element of DSP0201 instead of CIM only.

    Raises:
        XMLParseError: from feed() or close(): the octets are no well-formed XML, or exceed a limit.
        CIMXMLParseError: the same: they are no CIM-XML.
        VersionError: the same: a CIM-XML, or a CIM, that is not of version 2, or a protocol that is
            not of version 1.
        LocalProtocolError: fed after close() or after a failure. Every exception that leaves feed()
            or close() is one, but TypeError for what has no buffer and ConnectionBusyError.

    Threads: one at a time; a second one gets ConnectionBusyError.
    """

    cdef Reader reader
    cdef readonly object message
    cdef readonly bint complete
    cdef object part
    cdef list taken
    cdef list error
    cdef list error_instances
    cdef bint busy
    cdef bint over
    cdef dict tolerated  # of flags of blocks: the first object's name, and how many objects there are

    def __cinit__(self, bint fragment=False):
        cdef uint32_t options = OPSWIRE_CIM_FRAGMENT if fragment else 0
        if not cim_config.ENFORCE_INTEGER_RANGE:
            options |= OPSWIRE_CIM_ANY_RANGE
        self.reader = take_reader(options)
        self.message = Message()
        self.taken = []
        self.tolerated = {}

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
            except BaseException:
                self.abandon()
                raise
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
            opswire_cim_feed_end(self.reader.reader)
            self.read(0)
        except BaseException:
            self.abandon()
            raise
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

    cdef int abandon(self) except -1:
        """An exception leaves the loop: the C reader may be anywhere in octets that others own."""
        self.over = True
        self.reader = None
        return 0

    cdef int run(self, Py_buffer *pin) except -1:
        if pin.len == 0:
            return 0
        self.give(pin)
        self.read(pin.len)
        return 0

    cdef int give(self, const Py_buffer *pin) except -1:
        """Octets for the C reader, which borrows them."""
        cdef opswire_status status
        cdef opswire_view view
        view.data = <const uint8_t *>pin.buf
        view.size = pin.len
        status = opswire_cim_feed(self.reader.reader, view)
        if status != OPSWIRE_DONE:
            raise self.failure(status)
        return 0

    cdef int read(self, Py_ssize_t size) except -1:
        """Read what was fed to its end."""
        while not self.step(size):
            PyErr_CheckSignals()  # no bytecode runs until all of it is read
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
            raise self.failure(status)
        if event.type == OPSWIRE_CIM_ENTER:
            self.begin(&event)
        elif event.type == OPSWIRE_CIM_LEAVE:
            if event.element == OPSWIRE_CIM_E_ERROR:
                self.end_error()
            elif event.element == OPSWIRE_CIM_E_CIM:
                self.complete = True
        elif event.type == OPSWIRE_CIM_END:
            return True
        return False

    cdef int keep(self, opswire_cim_block **blocks, uint32_t count) except -1:
        """Make objects of the blocks, which are given back whatever happens."""
        cdef uint32_t i, done = 0
        try:
            for i in range(count):
                self.one(blocks[i])
                opswire_cim_block_free(blocks[i])
                done = i + 1
        finally:
            for i in range(done, count):
                opswire_cim_block_free(blocks[i])
        return 0

    cdef int one(self, opswire_cim_block *block) except -1:
        cdef int element = block.element
        cdef const opswire_cim_member *member
        if block.flags:
            self.tolerate(block)
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
        elif self.part is not None and self.part.element.endswith("CALL"):
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
            if not self.message.cim_version.startswith("2."):
                raise CIMVersionError(
                    f"CIMVERSION is {self.message.cim_version}, expected 2.x.y"
                )
            if not self.message.dtd_version.startswith("2."):
                raise DTDVersionError(
                    f"DTDVERSION is {self.message.dtd_version}, expected 2.x.y"
                )
        elif element == OPSWIRE_CIM_E_MESSAGE:
            self.message.message_id = decoded(event.first)
            self.message.protocol_version = decoded(event.second)
            if not self.message.protocol_version.startswith("1."):
                raise ProtocolVersionError(
                    f"PROTOCOLVERSION is {self.message.protocol_version}, expected 1.x.y"
                )
        elif element in (
            OPSWIRE_CIM_E_IMETHODRESPONSE, OPSWIRE_CIM_E_METHODRESPONSE,
            OPSWIRE_CIM_E_EXPMETHODRESPONSE, OPSWIRE_CIM_E_IMETHODCALL, OPSWIRE_CIM_E_METHODCALL,
            OPSWIRE_CIM_E_EXPMETHODCALL,
        ):
            self.hand_over()
            self.part = Part(
                decoded(opswire_cim_element_name(<opswire_cim_element>element)), decoded(event.first)
            )
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
        reader, self.reader = self.reader, None
        self.over = True
        give_reader_back(reader)
        self.hand_over()
        for flag, text, category in TOLERATED:
            if flag in self.tolerated:
                subject, count = self.tolerated[flag]
                more = f" and {count - 1} more" if count > 1 else ""
                # Compiled code has no frame: the first one is the caller's.
                warnings.warn(text.format(f"{subject!r}{more}"), category, stacklevel=1)
        return 0

    cdef int tolerate(self, opswire_cim_block *block) except -1:
        """Something in the object is not as it should be."""
        cdef str subject = block_subject(block)
        for flag, _, _ in TOLERATED:
            if block.flags & <uint8_t>flag:
                first, count = self.tolerated.get(flag, (subject, 0))
                self.tolerated[flag] = first, count + 1
        return 0

    cdef object failure(self, opswire_status status):
        """The exception for what the C reader found wrong."""
        cdef opswire_cim_fault fault
        cdef str what, path, excerpt, subject
        if status == OPSWIRE_FORBIDDEN:  # it was not hungry
            return status_error(
                status, LocalProtocolError, None,
                "the message is at its end: nothing can be fed any more",
            )
        memset(&fault, 0, sizeof(fault))
        opswire_cim_reader_fault(self.reader.reader, &fault)
        kind = XMLParseError
        what = sentence(opswire_xml_error_message(fault.xml))
        if status == OPSWIRE_CIM_INVALID:
            kind = CIMXMLParseError
            known = sentence(opswire_cim_error_message(fault.cim))
            what = f"{known}: {what}" if fault.xml != OPSWIRE_XML_SOUND else known
        path = fault.path[: fault.path_size].decode("utf-8", "replace")
        excerpt = fault.excerpt[: fault.excerpt_size].decode("utf-8", "replace")
        subject = (<bytes>fault.subject).decode("utf-8", "replace")
        text = (
            f"CIM-XML: {what}{f' ({subject})' if subject else ''} in {path or '/'}, "
            f"line {fault.position.line}, column {fault.position.column}, "
            f"octet {fault.position.offset}: {excerpt!r}"
        )
        error = status_error(status, LocalProtocolError, kind, text)
        if not isinstance(error, kind):
            return error
        error.line = fault.position.line
        error.column = fault.position.column
        error.offset = fault.position.offset
        error.path = path
        error.excerpt = excerpt
        error.status = status
        return error


cdef str named(const opswire_cim_block *block, const opswire_cim_member *member):
    if member.name.offset == 0:
        return None
    return decoded(opswire_cim_text_view(block, member.name))
