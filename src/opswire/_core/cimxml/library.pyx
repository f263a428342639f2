"""The C of CIM-XML, linked here; the other modules for CIM borrow it."""

from opswire_c.borrowing_foundation cimport opswire_foundation_bind
from opswire_c.borrowing_xml cimport opswire_xml_bind
from opswire_c.home_of_cimxml cimport opswire_cimxml_table_address

from opswire._core import foundation, xml

opswire_foundation_bind(foundation.exports_address())
opswire_xml_bind(xml.exports_address())


def exports_address():
    """Where the C functions are that other extensions borrow (lending/cimxml.h)."""
    return opswire_cimxml_table_address()
