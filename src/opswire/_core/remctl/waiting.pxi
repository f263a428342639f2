"""What waits for a socket, and everything that may end a wait: included by ``driver.pyx``."""

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


cdef class Waiting:
    """A socket whose every wait lets signal handlers run, and ends with a timeout or a deadline.

    The arguments, and what every method that waits raises, are those of ``Driver``.
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
                self.connection.check(OPSWIRE_NO_MEMORY)
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

    # -- connecting --

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
