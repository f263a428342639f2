"""The short way of the exchanges that ``opswire.remctl.Remctl`` makes most, compiled."""

from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport uintptr_t

from opswire_c.borrowing_remctl cimport opswire_remctl_bind
from opswire_c.remctl cimport *
from opswire._core.remctl.driver cimport Driver, Wait, patience
from opswire._core.remctl.protocol cimport Arguments

from opswire._core.remctl import protocol
from opswire.errors import NotSupportedError


cdef extern from *:
    """
    /* tuple(values) in the class of a subclass, past a __new__ of its own. */
    static PyObject *opswire_tuple_of(PyTypeObject *type, PyObject *values)
    {
        PyObject *arguments = PyTuple_Pack(1, values);
        PyObject *made = NULL;

        if (arguments != NULL)
            made = PyTuple_Type.tp_new(type, arguments, NULL);
        Py_XDECREF(arguments);
        return made;
    }
    """
    object opswire_tuple_of(type, tuple)


opswire_remctl_bind(protocol.exports_address())


cdef class Shortcuts:
    """To be put before a client in the bases of a class: command, output and noop go out at once.

    A server's fork and exec between two commands leaves nothing of the client in the processor's
    caches, so that interpreted code costs many times what it costs in a loop; without any the CPU
    of a command is halved.  Only what goes the usual way is here: everything else is left to the
    method of the same name behind it, and what a driver raises to ``_broken()`` of the same class.
    """

    cdef public Driver _link
    cdef public double _deadline
    cdef public str _error  # the text of the last failure, until something goes well
    cdef readonly type _token

    def __cinit__(self, *args, **kwargs):
        self._deadline = 0.0
        self._error = "no error"
        self._token = tuple

    @classmethod
    def __class_getitem__(cls, token):
        """For type checkers: what class the tokens have."""
        return cls

    def _set_token(self, type token not None):
        """Choose the class of tokens, of the members type, output, stream, status and error."""
        if not issubclass(token, tuple):
            raise TypeError("tokens are tuples")
        self._token = token

    cdef object token(self, const opswire_remctl_event *event):
        """An instance of the tuple class for output or a status, None for another event.

        tuple's own constructor makes it: what there is in a tuple besides its members is Python's
        business, such as a hash from 3.14 on.
        """
        if event.type == OPSWIRE_REMCTL_EVENT_OUTPUT:
            octets = PyBytes_FromStringAndSize(
                <const char *> event.octets.data, event.octets.size)
            return opswire_tuple_of(self._token, ("output", octets, event.stream, None, None))
        if event.type == OPSWIRE_REMCTL_EVENT_STATUS:
            return opswire_tuple_of(self._token, ("status", None, None, event.number, None))
        return None

    def command(self, command, *, deadline=None):
        """Send a command; its answer is read with ``output()``.

        Args:
            command: any iterable; str goes as UTF-8, bytes as they are, anything else through
                str().
            deadline: seconds for the whole command, its output included, besides the inactivity
                timeout; None for no limit.

        Raises:
            TypeError: not an iterable of elements.
            ValueError: empty.
            RemctlNotOpenedError: never opened, or closed.
            RemctlUsageError: the answer to an earlier command was not read to its end.
            RemctlError: the connection failed.
        """
        cdef Driver driver = self._link
        cdef Arguments arguments
        if (deadline is not None or driver is None or not driver.can_send()
                or opswire_remctl_protocol(driver.connection.machine) == 1):
            return super().command(command, deadline=deadline)
        arguments = Arguments.__new__(Arguments)  # half the cost of a call of the class
        arguments.take(command, None)
        self._deadline = 0.0
        try:
            driver.send_pinned(&arguments.writer, 0.0)
        except BaseException as error:
            self._broken(driver, "sending token", error)
        self._error = "no error"

    def output(self):
        """Return the next token of the answer.

        Returns:
            ``(type, output, stream, status, error)``; see RemctlOutput.  After a status or an error
            token, and before the first command, it is a "done" token, as often as one asks.

        Raises:
            RemctlNotOpenedError: never opened, or closed.
            RemctlTimeoutError: silence, or the deadline of the command.
            RemctlError: the connection failed; it is dropped.
        """
        cdef Driver driver = self._link
        cdef opswire_remctl_event event
        cdef opswire_status status
        cdef Wait wait = patience(self._deadline)
        if driver is None or driver.early is not None or not driver.connection.is_outstanding():
            return super().output()
        try:
            driver.enter()
            try:
                with nogil:
                    status = <opswire_status> driver.read_event(&event, &wait)
                driver.connection.check(status)
                self._error = "no error"
                try:
                    token = self.token(&event)
                except BaseException:
                    opswire_remctl_event_lost(driver.connection.machine)
                    raise
                if token is not None:
                    return token
                driver.early = driver.connection.event_tuple(&event)
            finally:
                driver.leave()
        except Exception as error:
            self._broken(driver, "receiving token", error)
        return super().output()

    def noop(self):
        """Ask the server for a sign of life.

        Returns:
            True.

        Raises:
            RemctlNotOpenedError: never opened, or closed.
            RemctlUsageError: the answer to a command was not read to its end.
            RemctlError: the server does not know NOOP (protocol below 3), or the connection failed.
        """
        cdef Driver driver = self._link
        cdef opswire_remctl_event event
        cdef opswire_status status
        cdef Wait wait = patience(0)
        cdef bint sent = False
        if driver is None or not driver.can_send() or opswire_remctl_protocol(
                driver.connection.machine) == 1:
            return super().noop()
        try:
            driver.enter()
            try:
                driver.connection.check(opswire_remctl_send_noop(driver.connection.machine))
                with nogil:
                    driver.flush(&wait)
                    sent = True
                    status = <opswire_status> driver.read_event(&event, &wait)
                driver.connection.check(status)
                if event.type != OPSWIRE_REMCTL_EVENT_NOOP:
                    raise NotSupportedError("another answer than NOOP")
            finally:
                driver.leave()
        except BaseException as error:
            self._broken(driver, "receiving token" if sent else "sending NOOP token", error)
        self._error = "no error"
        return True
