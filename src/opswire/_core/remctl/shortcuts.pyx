"""The hot calls of ``opswire.remctl.Remctl``, compiled: command, output, noop."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.tuple cimport PyTuple_GET_ITEM, PyTuple_GET_SIZE
from libc.stdint cimport uint8_t, uintptr_t

from opswire_c.borrowing_remctl cimport opswire_remctl_bind
from opswire_c.remctl cimport *
from opswire._core.remctl.driver cimport Driver, Wait, patience

from opswire._core.remctl import protocol


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
    const char *PyUnicode_AsUTF8AndSize(object, Py_ssize_t *) except NULL


opswire_remctl_bind(protocol.exports_address())


# Commands of more arguments go the long way.
cdef enum:
    MOST_ON_STACK = 16


cdef class Client:
    """What ``opswire.remctl.Remctl`` does most, compiled: command, output, noop.

    A server's fork and exec between two commands leaves nothing of the client in the processor's
    caches, so that interpreted code costs many times what it costs in a loop; without any the CPU
    of a command is halved.  Everything that is rare is left to the subclass: ``_send`` when there
    is no driver that can take the command at once, ``_idle_output`` when nothing is outstanding,
    ``_odd_token`` for events that are neither output nor a status, ``_ask_again`` for a NOOP that
    cannot go out at once, ``_not_known`` for one that got another answer, ``_broken`` for what a driver raised.

    Args:
        token: a tuple class of the five members type, output, stream, status, error.
    """

    cdef public Driver _driver
    cdef public double _deadline
    cdef public str _error  # the text of the last failure, until something goes well
    cdef readonly type _token

    def __cinit__(self, *args, **kwargs):
        self._deadline = 0.0
        self._error = "no error"
        self._token = tuple

    def __class_getitem__(cls, token):
        """For type checkers: what class the tokens have."""
        return cls

    def _set_token(self, type token not None):
        """Choose the class of tokens; once, before anything else."""
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
        cdef opswire_view views[MOST_ON_STACK]
        cdef opswire_remctl_argument_writer writer
        cdef Driver driver = self._driver
        cdef tuple items
        cdef Py_ssize_t size = 0
        cdef Py_ssize_t i
        if (deadline is None and driver is not None and driver.can_send()
                and (type(command) is list or type(command) is tuple)
                and opswire_remctl_protocol(driver.connection.machine) != 1):
            items = tuple(command)
            writer.count = PyTuple_GET_SIZE(items)
            if 0 < writer.count <= MOST_ON_STACK:
                for i in range(<Py_ssize_t> writer.count):
                    item = <object> PyTuple_GET_ITEM(items, i)
                    if type(item) is bytes:
                        views[i].data = <const uint8_t *> PyBytes_AS_STRING(item)
                        size = PyBytes_GET_SIZE(item)
                    elif type(item) is str and (<str> item).isascii():
                        views[i].data = <const uint8_t *> PyUnicode_AsUTF8AndSize(item, &size)
                    else:
                        break
                    views[i].size = size
                else:
                    writer.arguments = views
                    writer.index = writer.offset = 0
                    writer.started = False
                    self._deadline = 0.0
                    try:
                        driver.send_pinned(&writer, 0.0)
                    except BaseException as error:
                        self._broken(driver, "sending token", error)
                    self._error = "no error"
                    return
        self._send(command, deadline)

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
        cdef Driver driver = self._driver
        cdef opswire_remctl_event event
        cdef opswire_status status
        cdef Wait wait = patience(self._deadline)
        if driver is None or driver.early is not None or not driver.connection.is_outstanding():
            return self._idle_output()
        try:
            driver.enter()
            try:
                with nogil:
                    status = <opswire_status> driver.read_event(&event, &wait)
                if status == OPSWIRE_DONE:
                    self._error = "no error"
                driver.connection.check(status)
                try:
                    token = self.token(&event)
                except BaseException:
                    opswire_remctl_event_lost(driver.connection.machine)
                    raise
                if token is not None:
                    return token
                found = driver.connection.event_tuple(&event)
            finally:
                driver.leave()
        except BaseException as error:
            self._broken(driver, "receiving token", error)
        return self._odd_token(found)

    def noop(self):
        """Ask the server for a sign of life.

        Returns:
            True.

        Raises:
            RemctlNotOpenedError: never opened, or closed.
            RemctlUsageError: the answer to a command was not read to its end.
            RemctlError: the server does not know NOOP (protocol below 3), or the connection failed.
        """
        cdef Driver driver = self._driver
        if driver is None or not driver.can_send() or opswire_remctl_protocol(
                driver.connection.machine) == 1:
            return self._ask_again()
        return self.ask(driver)

    def _ask(self, Driver driver not None):
        """Send a NOOP through a driver that is ready for it."""
        return self.ask(driver)

    cdef object ask(self, Driver driver):
        cdef opswire_remctl_event event
        cdef opswire_status status
        cdef Wait wait = patience(0)
        cdef bint sent = False
        try:
            driver.enter()
            try:
                driver.connection.check(opswire_remctl_send_noop(driver.connection.machine))
                with nogil:
                    driver.flush(&wait)
                    sent = True
                    status = <opswire_status> driver.read_event(&event, &wait)
                driver.connection.check(status)
                if event.type == OPSWIRE_REMCTL_EVENT_NOOP:
                    self._error = "no error"
                    return True
                found = driver.connection.event_tuple(&event)
            finally:
                driver.leave()
        except BaseException as error:
            self._broken(driver, "receiving token" if sent else "sending NOOP token", error)
        return self._not_known(found)
