"""CIM-XML as Python objects: the reader and writer of ``opswire/cimxml.h``."""

from libc.stdint cimport uintptr_t


cdef extern from *:
    """
    #include "cimxml_exports.h"

    #define OPSWIRE_CIMXML_EXPORT_ENTRY(function) .function = function,
    static const struct opswire_cimxml_exports exports = {
        OPSWIRE_CIMXML_EXPORTS(OPSWIRE_CIMXML_EXPORT_ENTRY)
    };
    """
    struct opswire_cimxml_exports:
        pass
    const opswire_cimxml_exports exports


def exports_address():
    """Where the C functions are that other extensions borrow (see ``cimxml_borrowed.h``)."""
    return <uintptr_t> &exports
