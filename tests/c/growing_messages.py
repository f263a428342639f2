"""Messages of any size, plain and hostile, each of one shape that could grow faster than it should.

Every function takes a number and gives a message that is about twice as long for twice the number.
"""

from collections.abc import Callable
from html import escape

from tests.wbem.answers import BEGINNING, END, answer

Message = Callable[[int], bytes]


def within(text: str) -> bytes:
    """An answer with that in IRETURNVALUE."""
    return f"{BEGINNING}{text}{END}".encode()


def each(count: int, text: str) -> bytes:
    """An answer with that text so often, with its number in place of #."""
    return within("".join(text.replace("#", str(i)) for i in range(count)))


def in_instance(count: int, text: str) -> bytes:
    """One instance that has that so often in it."""
    inner = "".join(text.replace("#", str(i)) for i in range(count))
    return within(f'<INSTANCE CLASSNAME="C">{inner}</INSTANCE>')


def in_array(count: int, text: str, attributes: str = "") -> bytes:
    """An instance whose property has an array of that."""
    inner = "".join(text.replace("#", str(i)) for i in range(count))
    return within(
        f'<INSTANCE CLASSNAME="C"><PROPERTY.ARRAY NAME="P" TYPE="string"{attributes}><VALUE.ARRAY>'
        f"{inner}</VALUE.ARRAY></PROPERTY.ARRAY></INSTANCE>"
    )


def in_value(text: str) -> bytes:
    """An instance whose property has that as its value."""
    return within(
        f'<INSTANCE CLASSNAME="C"><PROPERTY NAME="P" TYPE="string"><VALUE>{text}</VALUE></PROPERTY>'
        "</INSTANCE>"
    )


def embedded_array(count: int, text: str) -> bytes:
    """An array of such embedded objects."""
    return in_array(
        count, f"<VALUE>{escape(text, quote=False)}</VALUE>", ' EmbeddedObject="object"'
    )


def references(count: int, text: str) -> bytes:
    """A method's output parameter: an array of references to such paths."""
    inner = "".join(
        f"<VALUE.REFERENCE>{text.replace('#', str(i))}</VALUE.REFERENCE>" for i in range(count)
    )
    head = BEGINNING.partition("<IMETHODRESPONSE")[0]
    return (
        f'{head}<METHODRESPONSE NAME="M"><PARAMVALUE NAME="P" PARAMTYPE="reference">'
        f"<VALUE.REFARRAY>{inner}</VALUE.REFARRAY></PARAMVALUE></METHODRESPONSE></SIMPLERSP>"
        "</MESSAGE></CIM>"
    ).encode()


def qualifiers(count: int) -> bytes:
    """Classes with qualifiers, properties, methods and parameters."""
    described = (
        '<QUALIFIER NAME="Description" TYPE="string"><VALUE>Thing #</VALUE></QUALIFIER>'
        '<QUALIFIER NAME="Key" TYPE="boolean" OVERRIDABLE="false"><VALUE>TRUE</VALUE></QUALIFIER>'
    )
    return each(
        count,
        f'<CLASS NAME="C#" SUPERCLASS="C">{described}<PROPERTY NAME="P" TYPE="string">{described}'
        f'</PROPERTY><METHOD NAME="M#" TYPE="uint32"><PARAMETER NAME="Q" TYPE="uint8">{described}'
        "</PARAMETER></METHOD></CLASS>",
    )


def rotated(count: int) -> bytes:
    """Instances with the same properties, each beginning with another one."""
    properties = [f'<PROPERTY NAME="P{i}" TYPE="string"/>' for i in range(20)]
    return within(
        "".join(
            f'<INSTANCE CLASSNAME="C{i // 20}">'
            f"{''.join(properties[i % 20 :] + properties[: i % 20])}</INSTANCE>"
            for i in range(count)
        )
    )


def similar_names(count: int) -> bytes:
    """Properties whose long names differ in one place only, and in its case."""
    names = (f"{'n' * (i % 200)}{'aA'[i // 200 % 2]}{'n' * 200}{i // 400}" for i in range(count))
    return in_instance(1, "".join(f'<PROPERTY NAME="{name}" TYPE="string"/>' for name in names))


PROPERTY = '<PROPERTY NAME="P" TYPE="string"><VALUE>text</VALUE></PROPERTY>'
MESSAGES: dict[str, Message] = {
    "instances": lambda n: answer(n // 8),
    "instances on lines": lambda n: answer(n // 8).replace(b"><", b">\n<"),
    "empty instances": lambda n: each(n, '<INSTANCE CLASSNAME="C"/>'),
    "empty instances of many classes": lambda n: each(n, '<INSTANCE CLASSNAME="C#"/>'),
    "paths without keys": lambda n: each(n, '<INSTANCENAME CLASSNAME="C"/>'),
    "paths without keys of many classes": lambda n: each(n, '<INSTANCENAME CLASSNAME="C#"/>'),
    "references without keys": lambda n: references(n, '<INSTANCENAME CLASSNAME="C#"/>'),
    "references with keys": lambda n: references(
        n,
        '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K#"><KEYVALUE>#</KEYVALUE></KEYBINDING>'
        "</INSTANCENAME>",
    ),
    "properties": lambda n: in_instance(n, '<PROPERTY NAME="P#" TYPE="string"/>'),
    "properties with values": lambda n: in_instance(n, PROPERTY.replace('"P"', '"P#"')),
    "one property again and again": lambda n: in_instance(n, PROPERTY),
    "one property in two cases": lambda n: in_instance(
        n, PROPERTY + PROPERTY.replace('"P"', '"p"')
    ),
    "names that are similar": similar_names,
    "properties in another order": rotated,
    "empty values": lambda n: in_array(n, "<VALUE/>"),
    "values": lambda n: in_array(n, "<VALUE>#</VALUE>"),
    "no values": lambda n: in_array(n, "<VALUE.NULL/>"),
    "references to characters": lambda n: in_value("&lt;" * n),
    "carriage returns": lambda n: in_value("\r" * n),
    "brackets": lambda n: in_value("]" * n),
    "characters of three octets": lambda n: in_value("大" * n),
    "CDATA sections": lambda n: in_value("<![CDATA[x]]>" * n),
    "comments": lambda n: each(n, "<!-- - -->"),
    "comments in a text": lambda n: in_value("x<!-- - -->" * n),
    "instructions": lambda n: each(n, "<?x y?>"),
    "white space": lambda n: within(" \n" * n),
    "tags that are all different": lambda n: within(
        "".join(f"<INSTANCENAME{' ' * (i % 50)} CLASSNAME='C{i}'/>" for i in range(n))
    ),
    "white space in tags": lambda n: in_array(n // 16, f"<VALUE{' ' * 500}>#</VALUE>"),
    "long tags": lambda n: each(n // 20, f'<INSTANCE CLASSNAME="{"C" * 1000}#"/>'),
    "an attribute": lambda n: within(f'<INSTANCE CLASSNAME="{"C&#65;" * n}"/>'),
    "embedded objects": lambda n: embedded_array(
        n // 4, f'<INSTANCE CLASSNAME="C">{PROPERTY}</INSTANCE>'
    ),
    "embedded objects of many classes": lambda n: in_array(
        n, "<VALUE>&lt;INSTANCE CLASSNAME='C#'/&gt;</VALUE>", ' EmbeddedObject="object"'
    ),
    "classes": lambda n: qualifiers(n // 16),
    "namespaces": lambda n: each(
        n // 8,
        "<OBJECTPATH><INSTANCEPATH><NAMESPACEPATH><HOST>h#</HOST><LOCALNAMESPACEPATH>"
        '<NAMESPACE NAME="root"/><NAMESPACE NAME="n#"/></LOCALNAMESPACEPATH></NAMESPACEPATH>'
        '<INSTANCENAME CLASSNAME="C"><KEYVALUE>#</KEYVALUE></INSTANCENAME></INSTANCEPATH>'
        "</OBJECTPATH>",
    ),
    "parts of a namespace": lambda n: within(
        "<INSTANCEPATH><NAMESPACEPATH><HOST>h</HOST><LOCALNAMESPACEPATH>"
        + '<NAMESPACE NAME="n"/>' * n
        + "</LOCALNAMESPACEPATH></NAMESPACEPATH>"
        '<INSTANCENAME CLASSNAME="C"/></INSTANCEPATH>'
    ),
    "UTF-16": lambda n: answer(n // 8).decode().replace('"utf-8"', '"utf-16"').encode("utf-16"),
    "ISO-8859-1": lambda n: (
        answer(n // 8).decode().replace('"utf-8"', '"iso-8859-1"').encode("iso-8859-1")
    ),
}
