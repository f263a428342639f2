"""What moves the octets of a remctl connection over a socket.

``Driver`` runs a Connection with the interpreter lock released: every wait of the blocking tiers is
in here.
"""

cimport cython
from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.exc cimport PyErr_CheckSignals
from libc.errno cimport EAGAIN, EINPROGRESS, EINTR, errno
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uintptr_t
from libc.string cimport memset
from posix.time cimport CLOCK_MONOTONIC, clock_gettime, timespec, timeval
from posix.types cimport pid_t
from posix.unistd cimport close, getpid

from opswire_c.borrowing_remctl cimport opswire_remctl_bind
from opswire_c.remctl cimport *
from opswire._core.gss.binding cimport Context
from opswire._core.remctl.protocol cimport Arguments, Connection

from os import strerror as os_strerror

from opswire._core.remctl import protocol
from opswire.errors import LocalProtocolError, RemoteProtocolError


include "socket_calls.pxi"
include "waiting.pxi"


opswire_remctl_bind(protocol.exports_address())


@cython.final
cdef class Driver(Waiting):
    """Runs a Connection over a connected stream socket, without the interpreter lock.

    The descriptor belongs to the driver from then on: it is made blocking, and closed by
    ``close()``, also when the driver is collected.  One thread at a time; the second gets
    ConnectionBusyError.  ``close()`` alone may come from any thread: it wakes the one that waits,
    whose call then raises LocalProtocolError.

    Every call that waits also lets signal handlers run, and raises what they raise.  ``deadline``
    arguments are moments of ``time.monotonic()`` in seconds, 0.0 for none.

    Args:
        connection: the machine, in its first state.
        descriptor: of the socket.
        timeout: inactivity timeout in seconds, 0.0 for none: how long the peer may neither send
            nor take an octet.

    Raises (every method that waits):
        TimeoutError: the inactivity timeout or the deadline has passed.
        OSError: the socket failed.
        RemoteProtocolError: the peer broke the protocol, or ended the connection too early.
        LocalProtocolError: not allowed in this state, or closed.
    """

    @property
    def free(self):
        """Client: whether a command or NOOP can go out at once."""
        return self.can_send()

    @property
    def outstanding(self):
        """Client: whether the answer to a command has not been read to its end."""
        return self.early is not None or self.connection.outstanding

    @staticmethod
    def unconnected(Connection connection not None, int family, double timeout=0.0):
        """Return a driver of a new TCP socket, for ``connect()``.

        Args:
            connection: the machine, in its first state.
            family: AF_INET or AF_INET6.
            timeout: as in the class.
        """
        cdef int descriptor
        if family != AF_INET and family != AF_INET6:
            raise ValueError("family is AF_INET or AF_INET6")
        descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)
        if descriptor < 0:
            raise os_error(errno)
        try:
            return Driver(connection, descriptor, timeout)
        except BaseException:
            close(descriptor)
            raise

    def handshake(self, Context context not None, token=None, double deadline=0.0):
        """Establish the security context with the peer.

        Args:
            context: as initiator after its first step, or as acceptor before it.
            token: client: what that first step returned; it goes out together with the hello.
            deadline: see the class.

        Raises:
            GSSError: the context refused a token.
        """
        cdef Connection connection = self.connection
        cdef opswire_remctl_event event
        cdef opswire_status status = OPSWIRE_MORE
        cdef Wait wait = patience(deadline)
        if token is not None:
            self.enter()  # of a closed driver the machine stays as it is
            self.leave()
            connection.send_hello()
            connection.send_context(token)
        while True:
            self.enter()
            try:
                with nogil:
                    self.flush(&wait)
                    if not context.done:
                        status = <opswire_status> self.read_event(&event, &wait)
                if context.done:
                    break
                connection.check(status)
                if event.type != OPSWIRE_REMCTL_EVENT_CONTEXT:
                    raise RemoteProtocolError("the peer closed the connection too early",
                                              status=OPSWIRE_END_OF_FILE)
                octets = connection.event_tuple(&event)[1]
            finally:
                self.leave()
            answer = context.step(octets)
            if answer is not None:
                connection.send_context(answer)
        connection.establish(context)

    def send_command(self, Arguments command not None, double deadline=0.0):
        """Send a whole command, in constant memory.

        An error that the peer sends before it has read everything ends the sending; it is the next
        event.
        """
        self.send_pinned(&command.writer, deadline)

    cdef int send_pinned(self, opswire_remctl_argument_writer *writer, double deadline) except -1:
        cdef opswire_status status = OPSWIRE_MORE
        cdef Wait wait = patience(deadline)
        self.enter()
        try:
            while status == OPSWIRE_MORE and self.early is None:
                with nogil:
                    status = opswire_remctl_send_command(self.connection.machine, writer)
                    if status >= OPSWIRE_DONE:
                        self.flush(&wait)
                self.connection.check(status)
                # A peer that takes everything at once never makes us wait.
                if status == OPSWIRE_MORE:
                    PyErr_CheckSignals()
        finally:
            self.leave()
        return 0

    def confirm(self, double deadline=0.0):
        """Wait until the server has signed the command that was sent; protocol 1 only.

        It does so before it runs the command.  What comes together with it is the next event.
        """
        cdef opswire_remctl_connection *machine = self.connection.machine
        cdef opswire_remctl_event event
        cdef opswire_status status
        cdef Wait wait
        wait.deadline = deadline
        wait.since = 0
        self.enter()
        try:
            while opswire_remctl_state_of(machine) == OPSWIRE_REMCTL_CLIENT_UNCONFIRMED_1:
                status = opswire_remctl_next_event(machine, &event)
                if status != OPSWIRE_MORE:
                    self.connection.check(status)
                    self.early = self.connection.event_tuple(&event)
                elif opswire_remctl_state_of(machine) == OPSWIRE_REMCTL_CLIENT_UNCONFIRMED_1:
                    with nogil:
                        self.read_some(&wait, True)
        finally:
            self.leave()

    cdef bint can_send(self) noexcept:
        """Whether a command or NOOP can go out at once."""
        return (self.descriptor >= 0 and not self.closing and not self.connection.busy
                and self.early is None and opswire_remctl_transition(
                    opswire_remctl_state_of(self.connection.machine),
                    OPSWIRE_REMCTL_SEND_COMMAND) != 0)

    def send_noop(self, double deadline=0.0):
        """Send a NOOP; its answer is the next event."""
        self.enter()
        try:
            self.connection.check(opswire_remctl_send_noop(self.connection.machine))
            self.flush_now(deadline)
        finally:
            self.leave()

    def flush_queued(self, double deadline=0.0):
        """Write what was queued with the Connection's own methods: a server's answers."""
        self.enter()
        try:
            self.flush_now(deadline)
        finally:
            self.leave()

    def next_event(self, double deadline=0.0):
        """Wait for the next event; as ``Connection.next_event()``, but None means: answer first."""
        cdef opswire_remctl_event event
        cdef opswire_status status
        cdef Wait wait = patience(deadline)
        self.enter()
        try:
            if self.early is not None:
                early = self.early
                self.early = None
                return early
            with nogil:
                status = <opswire_status> self.read_event(&event, &wait)
            if status == OPSWIRE_DONE:
                return self.connection.event_tuple(&event)
            self.connection.check(status)
            return None
        finally:
            self.leave()

    def copy_output(self, write_output, write_error, double deadline=0.0):
        """Hand output to two callables as it arrives, until the command ends.

        Pieces of one stream that arrive together are joined; nothing is held back while the driver
        waits.

        Args:
            write_output: called with bytes of standard output.
            write_error: called with bytes of standard error.
            deadline: see the class.

        Returns:
            The event that ended the command, as ``next_event()`` returns it.

        Whatever is raised, also by the callables, nothing that arrived behind the piece at hand is
        lost; but without memory the connection has ended.
        """
        cdef opswire_remctl_connection *machine
        cdef opswire_buffer held
        cdef uint8_t stream = 0
        cdef opswire_remctl_event event
        cdef opswire_status status
        cdef Wait wait = patience(deadline)
        held.data = NULL
        held.size = held.capacity = 0
        self.enter()
        try:
            machine = self.connection.machine
            while True:
                if self.early is not None:
                    if self.early[0] != OPSWIRE_REMCTL_EVENT_OUTPUT:
                        early = self.early
                        self.early = None
                        return early
                    stream = self.early[3]
                    self.hold(&held, self.early[1])
                    self.early = None
                with nogil:
                    while True:
                        status = opswire_remctl_next_event(machine, &event)
                        if status == OPSWIRE_MORE and held.size == 0:
                            self.read_some(&wait, True)
                        elif (status == OPSWIRE_DONE and event.type == OPSWIRE_REMCTL_EVENT_OUTPUT
                              and (held.size == 0 or event.stream == stream)):
                            stream = event.stream
                            status = opswire_buffer_append(&held, event.octets)
                            if status != OPSWIRE_DONE:
                                opswire_remctl_event_lost(machine)
                                break
                        else:
                            break
                if held.size > 0:
                    try:
                        piece = PyBytes_FromStringAndSize(<const char *> held.data, held.size)
                    except BaseException:
                        opswire_remctl_event_lost(machine)
                        raise
                if status == OPSWIRE_DONE:
                    # The end, or the first piece of the other stream: no callable shall lose it.
                    self.early = self.connection.event_tuple(&event)
                if held.size > 0:
                    held.size = 0
                    (write_output if stream == 1 else write_error)(piece)
                    # Neither a write in C nor a read that never waits would notice a signal.
                    PyErr_CheckSignals()
                self.connection.check(status)
                if status == OPSWIRE_PAUSED:
                    raise LocalProtocolError("a server has no output to read")
        finally:
            opswire_buffer_free(&held)
            self.leave()

    cdef int hold(self, opswire_buffer *held, const uint8_t[::1] octets) except -1:
        cdef opswire_view view
        view.size = octets.shape[0]
        view.data = &octets[0] if view.size else NULL
        return self.connection.check(opswire_buffer_append(held, view))
