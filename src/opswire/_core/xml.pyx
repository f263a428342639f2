"""The scanner and the writer of XML, linked here; every format that is XML borrows them."""

from opswire_c.borrowing_foundation cimport opswire_foundation_bind
from opswire_c.home_of_xml cimport opswire_xml_table_address

from opswire._core import foundation

opswire_foundation_bind(foundation.exports_address())


def exports_address():
    """Where the C functions are that other extensions borrow (lending/xml.h)."""
    return opswire_xml_table_address()
