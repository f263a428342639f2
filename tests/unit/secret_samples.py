"""Generated secrets, and every way in which programs spell them: for the tests of what hides them.

Each notation is the library's own function, not ours; none is known to what is tested by its name.
"""

import base64
import html
import json
import random
import shlex
import string
import urllib.parse
import xml.etree.ElementTree as ET
import xml.sax.saxutils
from collections.abc import Callable, Iterator

EASY = string.ascii_letters + string.digits
HARD = string.punctuation + " äßçé€\t"


def seeded(number: int) -> random.Random:
    """Chance that is the same in each run."""
    return random.Random(number)  # noqa: S311 - cases of tests


def secrets(chance: random.Random, number: int) -> Iterator[str]:
    """Secrets as generators and people make them; none is short or a single word."""
    yield from (
        "correct horse battery",
        "pä$$ w/rd1",
        "ab/cd+EF/12==",
        'it\'s "so" <se&cret>\\n%41',
    )
    for _ in range(number):
        shape = chance.randrange(5)
        if shape == 0:
            secret = "".join(chance.choices(EASY, k=chance.randint(8, 40)))
        elif shape == 1:
            secret = "".join(chance.choices(EASY + HARD, k=chance.randint(8, 24)))
        elif shape == 2:
            secret = " ".join(chance.choices(["correct", "horse", "Battery", "st4ple"], k=4))
        elif shape == 3:
            secret = base64.b64encode(chance.randbytes(chance.randint(9, 30))).decode()
        else:
            secret = "".join(chance.choices(EASY, k=5) + chance.choices(HARD, k=5))
        # What is of letters only is like a word; white space at the ends is another test's.
        yield f"a7{secret}{chance.choice('z9!')}"


def _made(text: str) -> ET.Element:
    element = ET.Element("a")
    element.text = text
    return element


def _element(text: str) -> str:
    return ET.tostring(_made(text), encoding="unicode")


def _attribute(text: str) -> str:
    return ET.tostring(ET.Element("a", b=text)).decode()


NOTATIONS: dict[str, Callable[[str], str]] = {
    "itself": str,
    "stripped": str.strip,
    "quote": urllib.parse.quote,
    "quote all": lambda text: urllib.parse.quote(text, safe=""),
    "quote_plus": urllib.parse.quote_plus,
    "urlencode": lambda text: urllib.parse.urlencode({"q": text}),
    "json": json.dumps,
    "json with letters": lambda text: json.dumps(text, ensure_ascii=False),
    "json with slashes escaped": lambda text: json.dumps(text).replace("/", "\\/"),
    "xml": xml.sax.saxutils.escape,
    "xml attribute": xml.sax.saxutils.quoteattr,
    "element": _element,
    "element in ascii": lambda text: ET.tostring(_made(text)).decode(),
    "attribute": _attribute,
    "html": html.escape,
    "shell": shlex.quote,
    "repr": repr,
    "repr in a list": lambda text: repr(["it's", text]),
    "repr of more": lambda text: repr(f"it's {text}"),
    "repr of all quotes": lambda text: repr(f"it's \"{text}"),
    "ascii": ascii,
    "unicode_escape": lambda text: text.encode("unicode_escape").decode(),
    "backslashreplace": lambda text: text.encode("ascii", "backslashreplace").decode(),
    "ascii of more": lambda text: ascii(f"it's \"{text}"),
    "octets of all quotes": lambda text: repr(f"it's \"{text}".encode()),
    "octets": lambda text: repr(text.encode()),
    "octets of more": lambda text: repr(f"it's {text}".encode()),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of user:secret": lambda text: base64.b64encode(f"monitor:{text}".encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(f"ab:{text}".encode()).decode(),
}


def spelled(secret: str) -> Iterator[tuple[str, str]]:
    """Yield the secret in each notation, and in each within each; with what it is spelled in."""
    for first, inner in NOTATIONS.items():
        for second, outer in NOTATIONS.items():
            if "base64" in first and "base64" in second:
                continue  # what is in base64 twice is not looked for
            yield f"{first} in {second}", outer(inner(secret))
