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


opswire_remctl_bind(protocol.exports_address())


# A blocking call comes back after this long to look at signals, timeouts and close().  It bounds
# how late Ctrl-C is when the signal was delivered to another thread, or just before the call.
cdef enum:
    SLICE_MILLISECONDS = 100

# The first read of a connection asks for this much; a read that fills its room doubles the next.
cdef enum:
    SMALLEST_READ = 4096
    LARGEST_READ = 131072

# A longer read is part of a stream that is acknowledged at once anyway.
cdef enum:
    SHORT_READ = 2048


@cython.final
cdef class Driver:
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

    def __cinit__(self):
        self.descriptor = -1

    def __init__(self, Connection connection not None, int descriptor, double timeout=0.0):
        cdef timeval slice
        cdef int on = 1
        if self.descriptor >= 0:
            raise LocalProtocolError("a Driver cannot be initialised twice")
        self.connection = connection
        self.timeout = timeout
        self.wish = SMALLEST_READ
        slice.tv_sec = 0
        slice.tv_usec = SLICE_MILLISECONDS * 1000
        if setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &slice, sizeof(slice)) != 0:
            raise os_error(errno)
        # Not every stream socket is TCP, and one that is not has no Nagle to switch off.
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on))
        self.descriptor = descriptor
        self.owner = getpid()

    def __del__(self):
        # Not __dealloc__: by then the collector of cycles may have taken the keys away.
        self.close()

    def __dealloc__(self):
        if self.descriptor >= 0:
            close(self.descriptor)

    # -- one thread at a time --

    cdef int enter(self) except -1:
        if self.descriptor < 0:
            raise LocalProtocolError("the connection is closed")
        self.connection.enter()
        return 0

    cdef int leave(self) except -1:
        self.connection.leave()
        if self.closing:
            self.release()
        return 0

    cdef void release(self) noexcept:
        cdef int descriptor = self.descriptor
        self.descriptor = -1
        if descriptor >= 0:
            close(descriptor)

    @property
    def closed(self):
        """Whether the descriptor is gone, or about to go."""
        return self.descriptor < 0 or self.closing

    @property
    def gone(self):
        """Whether nothing more can be asked of it."""
        return self.closed

    @property
    def busy(self):
        """Whether a thread is inside a call."""
        return self.connection is not None and self.connection.busy

    @property
    def free(self):
        """Client: whether a command or NOOP can go out at once."""
        return self.can_send()

    @property
    def outstanding(self):
        """Client: whether the answer to a command has not been read to its end."""
        return self.early is not None or self.connection.outstanding

    def fileno(self):
        """The descriptor; -1 when closed."""
        return self.descriptor

    def close(self):
        """Say good-bye if the protocol has a word for it, and close the descriptor.

        Never waits.  Idempotent.  In a forked child it only closes the child's descriptor.
        """
        cdef opswire_view waiting
        if self.descriptor < 0 or self.closing:
            return
        if getpid() != self.owner:
            self.release()
            return
        if self.connection.busy:
            # The thread inside closes the descriptor itself, so that no number is used again
            # under its feet.
            self.closing = True
            shutdown(self.descriptor, SHUT_RDWR)
            return
        if opswire_remctl_outgoing(self.connection.machine).size == 0:
            if opswire_remctl_send_quit(self.connection.machine) == OPSWIRE_DONE:
                waiting = opswire_remctl_outgoing(self.connection.machine)
                send(self.descriptor, waiting.data, waiting.size, MSG_NOSIGNAL | MSG_DONTWAIT)
        self.release()

    # -- waiting --

    cdef int interrupted(self) except -1 nogil:
        """Let signal handlers run, and notice close() from another thread."""
        if self.closing:
            with gil:
                raise LocalProtocolError("the connection was closed by another thread")
        with gil:
            PyErr_CheckSignals()
        return 0

    cdef int pause(self, Wait *wait, short events) except -1 nogil:
        """After a call that would have blocked: raise if it is over, or wait a little."""
        cdef double now = monotonic()
        cdef double left = SLICE_MILLISECONDS * 1e-3
        cdef pollfd polled
        self.interrupted()
        if wait.since == 0:
            wait.since = now
            wait.unsent = self.unsent() if events & POLLOUT else 0
        elif (events & POLLOUT and self.timeout > 0 and now >= wait.since + self.timeout
                and self.unsent() < wait.unsent):
            # The kernel says nothing until a third of its buffer is free, which a slow peer that
            # takes octets all the time may not achieve within the timeout.
            wait.since = now
            wait.unsent = self.unsent()
        if self.timeout > 0 and wait.since + self.timeout - now < left:
            left = wait.since + self.timeout - now
        if wait.deadline > 0 and wait.deadline - now < left:
            left = wait.deadline - now
        if left <= 0:
            with gil:
                raise TimeoutError("timed out")
        polled.fd = self.descriptor
        polled.events = events
        polled.revents = 0
        # Rounded up, so that a remainder below a millisecond does not spin.
        poll(&polled, 1, <int> (left * 1e3) + 1)
        return polled.revents

    cdef int unsent(self) noexcept nogil:
        """Octets in the kernel that the peer has not acknowledged."""
        cdef int octets = 0
        ioctl(self.descriptor, TIOCOUTQ, &octets)
        return octets

    cdef int in_time(self, Wait *wait) except -1 nogil:
        """A peer that is never slow is held to the deadline too."""
        if wait.deadline > 0 and monotonic() >= wait.deadline:
            with gil:
                raise TimeoutError("timed out")
        return 0

    cdef int look(self, Wait *wait) except -1 nogil:
        """Let signal handlers run while octets keep coming, so that no call would block.

        The interpreter lock and the clock cost too much for a call that is over after one read.
        """
        cdef double now
        if wait.looked == 0:
            wait.looked = -1
            return 0
        now = monotonic()
        if wait.looked < 0:
            wait.looked = now
        elif now >= wait.looked + SLICE_MILLISECONDS * 1e-3:
            wait.looked = now
            self.interrupted()
        return 0

    cdef bint hurried(self, Wait *wait) noexcept nogil:
        """Whether a timeout or the deadline falls into the next slice."""
        cdef double left = SLICE_MILLISECONDS * 1e-3
        return ((self.timeout > 0 and self.timeout < left)
                or (wait.deadline > 0 and wait.deadline - monotonic() < left))

    cdef int read_some(self, Wait *wait, bint block) except -1 nogil:
        """Read what has arrived; 1 when something (or the end) came, 0 when nothing did."""
        cdef opswire_remctl_connection *machine = self.connection.machine
        cdef size_t missing = opswire_remctl_missing(machine)
        cdef uint8_t *room = NULL
        cdef size_t size = 0
        cdef ssize_t got
        cdef int problem
        cdef int on = 1
        self.in_time(wait)
        self.look(wait)
        if self.heard and block:
            # remctld sends a command's output and its status in two writes with Nagle's delay on:
            # the second waits for our ACK of the first, which the kernel would delay by 40 ms.
            setsockopt(self.descriptor, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on))
        if opswire_remctl_room(
                machine, missing if missing > self.wish else self.wish, &room, &size) != OPSWIRE_DONE:
            with gil:
                raise MemoryError
        while True:
            got = recv(self.descriptor, room, size,
                       0 if block and not self.hurried(wait) else MSG_DONTWAIT)
            problem = errno
            if self.closing:
                self.interrupted()
            if got > 0:
                opswire_remctl_received(machine, <size_t> got)
                if <size_t> got == size and self.wish < LARGEST_READ:
                    self.wish *= 2
                self.heard = got < SHORT_READ
                wait.since = 0
                return 1
            if got == 0:
                opswire_remctl_receive_end(machine)
                return 1
            if problem == EINTR:
                self.interrupted()
            elif problem != EAGAIN:
                with gil:
                    raise os_error(problem)
            elif not block:
                return 0
            else:
                self.pause(wait, POLLIN)

    cdef int flush(self, Wait *wait) except -1 nogil:
        """Write what the machine has queued.  0, or 1 when the peer answered before the end."""
        cdef opswire_remctl_connection *machine = self.connection.machine
        cdef opswire_view waiting
        cdef ssize_t put
        cdef int problem
        while True:
            waiting = opswire_remctl_outgoing(machine)
            if waiting.size == 0:
                return 0
            self.in_time(wait)
            put = send(self.descriptor, waiting.data, waiting.size, MSG_NOSIGNAL | MSG_DONTWAIT)
            problem = errno
            if self.closing:
                self.interrupted()
            if put >= 0:
                opswire_remctl_sent(machine, <size_t> put)
                self.heard = False
                wait.since = 0
            elif problem == EINTR:
                self.interrupted()
            elif problem != EAGAIN:
                with gil:
                    raise os_error(problem)
            elif not self.half_sent():
                # What can be read must not wake us: nobody would read it here.
                self.pause(wait, POLLOUT)
            elif self.pause(wait, POLLIN | POLLOUT) & ~POLLOUT and self.answered_early(wait):
                return 1

    cdef bint half_sent(self) noexcept nogil:
        """Whether a continued command is on its way, which a server may refuse before its end."""
        return opswire_remctl_state_of(self.connection.machine) in (
            OPSWIRE_REMCTL_CLIENT_SENDING, OPSWIRE_REMCTL_CLIENT_BUSY_CONTINUED)

    cdef int answered_early(self, Wait *wait) except -1 nogil:
        """A peer that answers a half-sent command is heard, or both would wait for ever."""
        cdef opswire_remctl_event event
        cdef opswire_status status
        if not self.read_some(wait, False):
            return 0
        status = opswire_remctl_next_event(self.connection.machine, &event)
        if status == OPSWIRE_MORE:
            return 0
        with gil:
            self.connection.check(status)
            self.early = self.connection.event_tuple(&event)
        return 1

    cdef int read_event(self, opswire_remctl_event *event, Wait *wait) except -1000 nogil:
        """Read until the machine says something other than MORE; an opswire_status."""
        cdef opswire_status status
        while True:
            status = opswire_remctl_next_event(self.connection.machine, event)
            if status != OPSWIRE_MORE:
                return status
            self.read_some(wait, True)

    cdef int flush_now(self, double deadline) except -1:
        cdef Wait wait = patience(deadline)
        with nogil:
            self.flush(&wait)
        return 0

    # -- what callers do --

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

    def connect(self, int family, tuple address not None, tuple source=None, double deadline=0.0):
        """Connect to an address as getaddrinfo() returns them.

        Args:
            family: that of the socket.
            address: (literal, port), and flow and scope for IPv6.
            source: the same, to connect from; None lets the system choose.
            deadline: see the class.
        """
        cdef Address there
        cdef Address here
        cdef Wait wait = patience(deadline)
        cdef unsigned int size = fill_address(&there, family, address)
        if source is not None:
            fill_address(&here, family, source)
        self.enter()
        try:
            if source is not None and bind(self.descriptor, &here.any, size) != 0:
                raise os_error(errno)
            with nogil:
                self.connect_to(&there.any, size, &wait)
        finally:
            self.leave()

    cdef int connect_to(self, const sockaddr *address, unsigned int size,
                        Wait *wait) except -1 nogil:
        cdef timeval slice
        cdef int problem = 0
        cdef unsigned int problem_size = sizeof(problem)
        slice.tv_sec = 0
        slice.tv_usec = 1 if self.hurried(wait) else SLICE_MILLISECONDS * 1000
        setsockopt(self.descriptor, SOL_SOCKET, SO_SNDTIMEO, &slice, sizeof(slice))
        if connect_socket(self.descriptor, address, size) == 0:
            return 0
        problem = errno
        if problem != EINPROGRESS and problem != EINTR and problem != EAGAIN:
            if self.closing:
                self.interrupted()
            with gil:
                raise os_error(problem)
        while not self.pause(wait, POLLOUT):
            pass
        if self.closing:
            self.interrupted()
        getsockopt(self.descriptor, SOL_SOCKET, SO_ERROR, &problem, &problem_size)
        if problem:
            with gil:
                raise os_error(problem)
        return 0

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
