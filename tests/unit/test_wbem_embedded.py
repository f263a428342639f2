"""Objects in the text of a value: documents of their own, in the characters of the outer one."""

from html import escape

import pytest

from opswire import wbem
from tests.wbem.answers import BEGINNING, END

INNER = (
    '<INSTANCE CLASSNAME="C"><PROPERTY NAME="Größe" TYPE="string"><VALUE>žluťoučký, 大</VALUE>'
    "</PROPERTY></INSTANCE>"
)


def holding(inner: str) -> str:
    """An answer with one instance that has that in its property."""
    return (
        f'{BEGINNING}<INSTANCE CLASSNAME="Outer"><PROPERTY NAME="Inner" TYPE="string"'
        f' EmbeddedObject="instance"><VALUE>{inner}</VALUE></PROPERTY></INSTANCE>{END}'
    )


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "UTF-8", "iso-8859-1", "us-ascii", "utf-16", "windows-1252", "EBCDIC-CP-US"],
)
@pytest.mark.parametrize("cdata", [False, True])
def test_what_an_embedded_object_declares_as_its_encoding_means_nothing(
    encoding: str, cdata: bool
) -> None:
    """Its characters were decoded with the outer document's."""
    inner = f'<?xml version="1.0" encoding="{encoding}"?>\n{INNER}'
    text = holding(f"<![CDATA[{inner}]]>" if cdata else escape(inner, quote=False))
    for outer in ("utf-8", "utf-16"):
        octets = text.replace('encoding="utf-8"', f'encoding="{outer}"', 1).encode(outer)
        [instance] = wbem.parse(octets).objects
        assert instance["Inner"]["größe"] == "žluťoučký, 大"


def test_an_embedded_object_after_one_with_a_declaration_is_read_alike() -> None:
    """Nothing of the first is left over for the second."""
    declared = escape(f'<?xml version="1.0" encoding="iso-8859-1"?>{INNER}', quote=False)
    [first] = wbem.parse(holding(declared).encode()).objects
    [second] = wbem.parse(holding(escape(INNER, quote=False)).encode()).objects
    assert first == second


def test_a_broken_declaration_in_an_embedded_object_is_still_refused() -> None:
    """Only the encoding is passed over."""
    inner = escape(f'<?xml encoding="utf-8"?>{INNER}', quote=False)
    with pytest.raises(wbem.XMLParseError, match="XML declaration"):
        wbem.parse(holding(inner).encode())
