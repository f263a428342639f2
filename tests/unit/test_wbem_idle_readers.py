"""Readers are kept from one message to the next: a few, however many there were at once."""

from opswire import wbem
from opswire._core import cimxml

MESSAGE = (
    b'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="1" PROTOCOLVERSION="1.0"><SIMPLERSP>'
    b'<IMETHODRESPONSE NAME="GetInstance"><IRETURNVALUE><INSTANCE CLASSNAME="C"/></IRETURNVALUE>'
    b"</IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>"
)


def test_four_readers_wait_for_the_next_message() -> None:
    parsers = [wbem.Parser() for _ in range(10)]
    for parser in parsers:
        parser.feed(MESSAGE)
    for parser in parsers:
        parser.close()
    assert cimxml.idle_readers() == 4
    wbem.parse(MESSAGE)
    assert cimxml.idle_readers() == 4
