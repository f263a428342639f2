# cython: nonecheck=True
"""CIM-XML messages (DSP0201 2.4) as CIM objects: whole, in chunks, or one instance at a time.

Scanning and checking are C and run without the GIL; the objects are made in batches in between.
What is wrong in a message is a CIMXMLParseError or an XMLParseError before any object with it gets
out; what a value is in Python is decided when it is read (see ``objects``).
"""

cimport cython
import warnings
from cpython.buffer cimport (
    Py_buffer, PyBUF_SIMPLE, PyBuffer_Release, PyObject_CheckBuffer, PyObject_GetBuffer,
)
from cpython.exc cimport PyErr_CheckSignals
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memset

from opswire_c.borrowing_cimxml cimport opswire_cimxml_bind
from opswire_c.borrowing_xml cimport opswire_xml_bind
from opswire_c.cimxml cimport *
from opswire._core.cimxml.objects cimport *
from opswire._core.cimxml.types cimport K_INSTANCE, sentence
from opswire._core.foundation cimport status_error
from opswire._core.publication cimport publish

from opswire._core import xml
from opswire._core.cimxml import config as cim_config
from opswire._core.cimxml import library
from opswire._core.cimxml.writer import (
    ResponseWriter, export_request, export_response, imethodcall, methodcall, tocimxml, tocimxmlstr,
)
from opswire.errors import ConnectionBusyError, LocalProtocolError
from opswire.errors.wbem import (
    CIMError, CIMVersionError, CIMXMLParseError, DTDVersionError, MissingKeybindingsWarning,
    ParseError, ProtocolVersionError, ToleratedServerIssueWarning, XMLParseError,
)

opswire_cimxml_bind(library.exports_address())
opswire_xml_bind(xml.exports_address())


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


include "parts/message.pxi"


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
        status = opswire_cim_next(reader, event)
        if status != OPSWIRE_DONE or event.type != OPSWIRE_CIM_OBJECT:
            return status
        blocks[count[0]] = opswire_cim_take(reader)
        count[0] += 1
    return OPSWIRE_DONE


include "parts/idle_readers.pxi"
include "parts/parser.pxi"


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
        VersionError: they are CIM-XML of another version.
        TypeError: there is no buffer.
    """
    cdef Py_buffer pin
    cdef Parser parser = Parser(fragment)
    PyObject_GetBuffer(octets, &pin, PyBUF_SIMPLE)
    try:
        parser.run(&pin)
        opswire_cim_feed_end(parser.reader.reader)
        parser.read(0)
    except BaseException:
        parser.abandon()
        raise
    finally:
        PyBuffer_Release(&pin)
    parser.finish()
    return parser.message


include "parts/iterator.pxi"


def iterate(source):
    """Return an iterator of the objects of a message; see Iterator."""
    return Iterator(source)


publish(Parser, "opswire.wbem", "(fragment=False)")
publish(Iterator, "opswire.wbem", "(source)")
for _each in (Message, Part, iterate, parse):
    _each.__module__ = "opswire.wbem"
del _each
