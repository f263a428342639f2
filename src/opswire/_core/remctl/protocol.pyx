"""The remctl protocol as Python objects: the machine of ``opswire/remctl_connection.h``.

No socket, no clock; octets, ints and tuples.  ``opswire._core.remctl.driver`` moves the octets, and
``opswire.remctl.protocol`` is the typed face.
"""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.tuple cimport PyTuple_GET_ITEM, PyTuple_GET_SIZE
from cpython.unicode cimport PyUnicode_AsUTF8AndSize, PyUnicode_AsUTF8String
from libc.stdint cimport uint8_t, uint32_t, uintptr_t

from opswire_c.gss cimport opswire_gss_buffer
from opswire_c.borrowing_foundation cimport opswire_foundation_bind
from opswire_c.home_of_remctl cimport opswire_remctl_table_address
from opswire_c.remctl cimport *
from opswire._core.foundation cimport status_error
from opswire._core.gss.binding cimport Context, Session, refusal, seal, unseal
from opswire._core.publication cimport publish

from opswire._core import foundation
from opswire.errors import ConnectionBusyError, LocalProtocolError, RemoteProtocolError

opswire_foundation_bind(foundation.exports_address())


CLIENT = OPSWIRE_REMCTL_CLIENT
SERVER = OPSWIRE_REMCTL_SERVER

CONTEXT = OPSWIRE_REMCTL_EVENT_CONTEXT
COMMAND = OPSWIRE_REMCTL_EVENT_COMMAND
OUTPUT = OPSWIRE_REMCTL_EVENT_OUTPUT
STATUS = OPSWIRE_REMCTL_EVENT_STATUS
ERROR = OPSWIRE_REMCTL_EVENT_ERROR
VERSIONS = OPSWIRE_REMCTL_EVENT_VERSIONS
NOOP = OPSWIRE_REMCTL_EVENT_NOOP
REFUSED = OPSWIRE_REMCTL_EVENT_REFUSED
QUIT = OPSWIRE_REMCTL_EVENT_QUIT
CLOSED = OPSWIRE_REMCTL_EVENT_CLOSED

END_OF_FILE = OPSWIRE_END_OF_FILE
FLAGS_REFUSED = OPSWIRE_FLAGS_REFUSED
MESSAGE_MALFORMED = OPSWIRE_MESSAGE_MALFORMED
SECURITY_REFUSED = OPSWIRE_SECURITY_REFUSED
STREAM_UNEXPECTED = OPSWIRE_STREAM_UNEXPECTED
TOKEN_INVALID = OPSWIRE_TOKEN_INVALID
TOKEN_TOO_LARGE = OPSWIRE_TOKEN_TOO_LARGE
TOKEN_UNEXPECTED = OPSWIRE_TOKEN_UNEXPECTED
TYPE_UNEXPECTED = OPSWIRE_TYPE_UNEXPECTED
TYPE_UNKNOWN = OPSWIRE_TYPE_UNKNOWN
VERSION_UNEXPECTED = OPSWIRE_VERSION_UNEXPECTED

MAX_ARGUMENTS = OPSWIRE_REMCTL_MAX_ARGUMENTS
MAX_COMMAND = OPSWIRE_REMCTL_MAX_COMMAND


def exports_address():
    """Where the C functions are that other extensions borrow (lending/remctl.h)."""
    return opswire_remctl_table_address()


# ---- message protection: what the machine calls, on a Session of the gss module ----

cdef opswire_status keep(Session *session, opswire_gss_buffer *made,
                         opswire_buffer *out) noexcept nogil:
    """Move what the GSS-API library allocated into the machine's buffer."""
    cdef opswire_status status
    cdef opswire_view view
    cdef uint32_t unused
    view.data = <const uint8_t *> made.value
    view.size = made.length
    status = opswire_buffer_append(out, view)
    session.gss.release_buffer(&unused, made)
    return status


cdef opswire_status wrap(void *context, opswire_view plain, opswire_buffer *out) noexcept nogil:
    cdef Session *session = <Session *> context
    cdef opswire_gss_buffer given
    cdef opswire_gss_buffer made
    given.length = plain.size
    given.value = <void *> plain.data
    if not seal(session, &given, &made):
        return OPSWIRE_SECURITY_REFUSED
    return keep(session, &made, out)


cdef opswire_status unwrap(void *context, opswire_view token, opswire_buffer *out) noexcept nogil:
    cdef Session *session = <Session *> context
    cdef opswire_gss_buffer given
    cdef opswire_gss_buffer made
    given.length = token.size
    given.value = <void *> token.data
    if not unseal(session, &given, &made):
        return OPSWIRE_SECURITY_REFUSED
    return keep(session, &made, out)


cdef opswire_status sign(void *context, opswire_view plain, opswire_buffer *out) noexcept nogil:
    cdef Session *session = <Session *> context
    cdef opswire_gss_buffer given
    cdef opswire_gss_buffer made
    given.length = plain.size
    given.value = <void *> plain.data
    made.length = 0
    made.value = NULL
    session.readable = False
    session.major = session.gss.get_mic(&session.minor, session.handle, 0, &given, &made)
    if session.major != 0:
        return OPSWIRE_SECURITY_REFUSED
    return keep(session, &made, out)


cdef opswire_status verify(void *context, opswire_view plain, opswire_view mic) noexcept nogil:
    cdef Session *session = <Session *> context
    cdef opswire_gss_buffer given
    cdef opswire_gss_buffer signature
    given.length = plain.size
    given.value = <void *> plain.data
    signature.length = mic.size
    signature.value = <void *> mic.data
    session.readable = False
    session.major = session.gss.verify_mic(
        &session.minor, session.handle, &given, &signature, NULL)
    return OPSWIRE_DONE if session.major == 0 else OPSWIRE_SECURITY_REFUSED


include "arguments.pxi"


def arguments(const uint8_t[::1] octets not None):
    """Return the list of bytes that a COMMAND event carries.

    Raises:
        ValueError: the octets are no argument list (those of an event always are one).
    """
    cdef opswire_view rest
    cdef opswire_view argument
    cdef uint32_t count = 0
    cdef list found = []
    cdef opswire_status status
    rest.size = octets.shape[0]
    rest.data = &octets[0] if rest.size else NULL
    status = opswire_remctl_arguments_check(rest, &count)
    if status != OPSWIRE_DONE:
        raise status_error(status, ValueError, ValueError, "not an argument list")
    opswire_view_take_u32(&rest, &count)
    while opswire_remctl_argument_take(&rest, &argument):
        found.append(PyBytes_FromStringAndSize(<const char *> argument.data, argument.size))
    return found


# ---- the machine ----

@cython.final
cdef class Connection:
    """One remctl connection without input or output, for either role.

    Not for two threads at once: the second gets ConnectionBusyError.

    Args:
        role: CLIENT or SERVER.
        protocol: the highest version to speak: 2 (which includes 3), or 1.
    """

    def __cinit__(self, role, protocol=2):
        if not isinstance(role, int) or not isinstance(protocol, int):
            raise TypeError("role and protocol are numbers")
        if role not in (OPSWIRE_REMCTL_CLIENT, OPSWIRE_REMCTL_SERVER) or protocol not in (1, 2):
            raise ValueError("role is CLIENT or SERVER, protocol is 1 or 2")
        self.machine = opswire_remctl_connection_new(<opswire_remctl_role> role, protocol)
        if self.machine is NULL:
            raise MemoryError

    def __dealloc__(self):
        opswire_remctl_connection_free(self.machine)

    cdef int enter(self) except -1:
        if self.busy:
            raise ConnectionBusyError("another thread is inside a call on this connection")
        self.busy = True
        if self.context is not None:
            self.context.busy = True
        return 0

    cdef void leave(self) noexcept:
        self.busy = False
        if self.context is not None:
            self.context.busy = False

    cdef int check(self, opswire_status status) except -1:
        """Raise what a broken status of the machine means."""
        if status < OPSWIRE_DONE:
            raise self.failure(status)
        return 0

    cdef object failure(self, opswire_status status):
        cdef uint32_t number = opswire_remctl_found(self.machine)
        cdef str found = ""
        if status in (OPSWIRE_TYPE_UNKNOWN, OPSWIRE_TYPE_UNEXPECTED, OPSWIRE_VERSION_UNEXPECTED,
                      OPSWIRE_STREAM_UNEXPECTED):
            found = f": {number}"
        elif status in (OPSWIRE_TOKEN_UNEXPECTED, OPSWIRE_FLAGS_REFUSED):
            found = f": 0x{number:02x}"
        error = status_error(
            status, LocalProtocolError, RemoteProtocolError, None, found,
            (opswire_remctl_offset(self.machine), status, number))
        if status == OPSWIRE_SECURITY_REFUSED and self.context is not None:
            error.__cause__ = refusal(&self.context.session)
        return error

    cdef tuple event_tuple(self, const opswire_remctl_event *event):
        """What users see of an event; without memory for it the connection has ended."""
        try:
            return (
                <int> event.type,
                PyBytes_FromStringAndSize(<const char *> event.octets.data, event.octets.size),
                event.number,
                event.stream,
            )
        except BaseException:
            opswire_remctl_event_lost(self.machine)
            raise

    def receive(self, const uint8_t[::1] octets not None):
        """Take octets from the peer; b"" means nothing here (see ``receive_end``)."""
        cdef opswire_view view
        view.size = octets.shape[0]
        view.data = &octets[0] if view.size else NULL
        self.enter()
        try:
            self.check(opswire_remctl_receive(self.machine, view))
        finally:
            self.leave()

    def receive_end(self):
        """The peer will send nothing more."""
        self.enter()
        opswire_remctl_receive_end(self.machine)
        self.leave()

    def next_event(self):
        """Return (type, octets, number, stream), or None when octets, or an answer, are needed.

        type is one of the constants of this module, from CONTEXT to CLOSED; the header
        ``opswire/remctl_connection.h`` says what each carries.

        Raises:
            RemoteProtocolError: the peer broke the protocol; so will every later call.
            MemoryError: the event is lost; so will every later call.
        """
        cdef opswire_remctl_event event
        cdef opswire_status status
        self.enter()
        try:
            with nogil:
                status = opswire_remctl_next_event(self.machine, &event)
            self.check(status)
            return self.event_tuple(&event) if status == OPSWIRE_DONE else None
        finally:
            self.leave()

    def data_to_send(self):
        """Return the octets for the peer, and forget them."""
        cdef opswire_view view
        self.enter()
        try:
            view = opswire_remctl_outgoing(self.machine)
            octets = PyBytes_FromStringAndSize(<const char *> view.data, view.size)
            opswire_remctl_sent(self.machine, view.size)
            return octets
        finally:
            self.leave()

    def send_hello(self):
        """Client: say hello."""
        self.enter()
        try:
            self.check(opswire_remctl_send_hello(self.machine))
        finally:
            self.leave()

    def send_context(self, const uint8_t[::1] token not None):
        """Send what ``Context.step()`` returned."""
        cdef opswire_view view
        view.size = token.shape[0]
        view.data = &token[0] if view.size else NULL
        self.enter()
        try:
            self.check(opswire_remctl_send_context(self.machine, view))
        finally:
            self.leave()

    def establish(self, Context context not None):
        """Protect messages with a complete context, which then belongs to this connection.

        Raises:
            RemoteProtocolError: it lacks mutual authentication, replay or sequence detection,
                confidentiality or integrity.
            LocalProtocolError: it is not complete, or belongs to another connection.
        """
        cdef opswire_remctl_security security
        if not context.done:
            raise LocalProtocolError("the context is not complete")
        self.enter()
        try:
            context.enter()
            context.busy = False
            security.context = &context.session
            security.wrap = wrap
            security.unwrap = unwrap
            security.sign = sign
            security.verify = verify
            self.check(opswire_remctl_establish(self.machine, security, context.actual))
            context.claimed = True
            self.context = context
        finally:
            self.leave()

    def send_command(self, arguments):
        """Queue a whole command: what ``Arguments`` takes.

        Raises:
            LocalProtocolError: a command is outstanding, or it is too long for the protocol.
        """
        cdef Arguments pinned = Arguments(arguments)
        cdef opswire_status status = OPSWIRE_MORE
        self.enter()
        try:
            while status == OPSWIRE_MORE:
                with nogil:
                    status = opswire_remctl_send_command(self.machine, &pinned.writer)
                self.check(status)
        finally:
            self.leave()

    def queue_command(self, Arguments arguments not None):
        """Queue the next message of a command; True when it was the last.

        In constant memory: send what ``data_to_send()`` returns before the next call.

        Raises:
            LocalProtocolError: as ``send_command()``.
        """
        cdef opswire_status status
        self.enter()
        try:
            with nogil:
                status = opswire_remctl_send_command(self.machine, &arguments.writer)
            self.check(status)
            return status == OPSWIRE_DONE
        finally:
            self.leave()

    def send_noop(self):
        """Client: ask for a sign of life.  LocalProtocolError on protocol 1, which has none."""
        self.enter()
        try:
            self.check(opswire_remctl_send_noop(self.machine))
        finally:
            self.leave()

    def send_quit(self):
        """Client: say good-bye."""
        self.enter()
        try:
            self.check(opswire_remctl_send_quit(self.machine))
        finally:
            self.leave()

    def send_output(self, uint8_t stream, const uint8_t[::1] octets not None):
        """Server: output of the command at hand; stream 1 or 2."""
        cdef opswire_view view
        cdef opswire_status status
        view.size = octets.shape[0]
        view.data = &octets[0] if view.size else NULL
        self.enter()
        try:
            with nogil:
                status = opswire_remctl_send_output(self.machine, stream, view)
            self.check(status)
        finally:
            self.leave()

    def send_status(self, uint8_t exit_status):
        """Server: the command at hand has ended."""
        self.enter()
        try:
            self.check(opswire_remctl_send_status(self.machine, exit_status))
        finally:
            self.leave()

    def send_error(self, uint32_t code, const uint8_t[::1] text not None):
        """Server: the command at hand cannot be run."""
        cdef opswire_view view
        view.size = text.shape[0]
        view.data = &text[0] if view.size else NULL
        self.enter()
        try:
            self.check(opswire_remctl_send_error(self.machine, code, view))
        finally:
            self.leave()

    @property
    def state(self):
        """Where the connection stands: an ``enum opswire_remctl_state``."""
        return <int> opswire_remctl_state_of(self.machine)

    @property
    def protocol(self):
        """2, or 1 once the peer turned out to speak that only."""
        return opswire_remctl_protocol(self.machine)

    @property
    def missing(self):
        """How many octets are needed at least before ``next_event()`` can say more."""
        return opswire_remctl_missing(self.machine)

    @property
    def finished(self):
        """Whether nothing more will be said: after QUIT, and after the last answer of a server."""
        return opswire_remctl_state_of(self.machine) == OPSWIRE_REMCTL_CLOSED

    @property
    def paused(self):
        """Server: whether a command must be answered before anything else is read."""
        return opswire_remctl_transition(
            opswire_remctl_state_of(self.machine), OPSWIRE_REMCTL_SEND_STATUS) != 0

    @property
    def outstanding(self):
        """Client: whether a command was sent, in whole or in part, and its end not yet read."""
        return self.is_outstanding()

    cdef bint is_outstanding(self) noexcept:
        return opswire_remctl_state_of(self.machine) in (
            OPSWIRE_REMCTL_CLIENT_SENDING, OPSWIRE_REMCTL_CLIENT_BUSY,
            OPSWIRE_REMCTL_CLIENT_BUSY_CONTINUED, OPSWIRE_REMCTL_CLIENT_UNCONFIRMED_1,
            OPSWIRE_REMCTL_CLIENT_BUSY_1, OPSWIRE_REMCTL_CLIENT_REPLIED_1)

    @property
    def unconfirmed(self):
        """Client, protocol 1: whether the server's signature of the command is still to come."""
        return opswire_remctl_state_of(self.machine) == OPSWIRE_REMCTL_CLIENT_UNCONFIRMED_1

    @property
    def ready(self):
        """Client: whether a command can be sent now."""
        return opswire_remctl_transition(
            opswire_remctl_state_of(self.machine), OPSWIRE_REMCTL_SEND_COMMAND) != 0


publish(Connection, "opswire._core.remctl", "(*args, **kwargs)")
publish(Arguments, "opswire._core.remctl", "(*args, **kwargs)")
