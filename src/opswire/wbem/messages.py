"""CIM-XML messages (DSP0201 2.4) as CIM objects: whole, in chunks, or one object at a time.

    >>> from opswire import wbem
    >>> answer = wbem.parse(
    ...     b'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="7" PROTOCOLVERSION="1.0">'
    ...     b'<SIMPLERSP><IMETHODRESPONSE NAME="EnumerateInstances"><IRETURNVALUE>'
    ...     b'<VALUE.NAMEDINSTANCE><INSTANCENAME CLASSNAME="ACME_Disk"><KEYBINDING NAME="ID">'
    ...     b'<KEYVALUE>sda</KEYVALUE></KEYBINDING></INSTANCENAME><INSTANCE CLASSNAME="ACME_Disk">'
    ...     b'<PROPERTY NAME="Size" TYPE="uint64"><VALUE>512</VALUE></PROPERTY></INSTANCE>'
    ...     b'</VALUE.NAMEDINSTANCE></IRETURNVALUE></IMETHODRESPONSE></SIMPLERSP></MESSAGE></CIM>'
    ... )
    >>> [disk] = answer.objects
    >>> int(disk["size"]), disk.path.to_wbem_uri()
    (512, '/:ACME_Disk.ID="sda"')
    >>> print(disk.tomof(), end="")
    instance of ACME_Disk {
       Size = 512;
    };

``parse`` reads a message that is there as a whole; ``Parser`` is fed as octets arrive, and
``iterate`` yields objects one at a time from an answer of any size.
"""

from opswire._core.cimxml import Iterator, Message, Parser, Part, iterate, parse

__all__ = ["Iterator", "Message", "Parser", "Part", "iterate", "parse"]
