"""What `mkdocs build` has made of the reference: `tox -e docs` runs this after it."""

import html
import re
import zlib
from pathlib import Path

import pytest

import opswire.errors
import opswire.errors.wbem
from opswire import agents, remctl, wbem

SITE = Path(__file__).parents[2] / "build/site"


@pytest.fixture(scope="module")
def inventory() -> dict[str, str]:
    """Every object of the reference, and its page: what Sphinx and MkDocs link by."""
    octets = (SITE / "objects.inv").read_bytes()
    lines = zlib.decompress(octets.split(b"\n", 4)[4]).decode().splitlines()
    rows = (line.split() for line in lines)
    return {row[0]: row[3].partition("#")[0] for row in rows}


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The pages of the reference as they are read, by their addresses."""
    found = {}
    for path in (SITE / "reference").rglob("index.html"):
        text = html.unescape(re.sub(r"<[^>]+>", "", path.read_text()))
        found[f"{path.parent.relative_to(SITE)}/"] = " ".join(text.split())
    return found


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("opswire.remctl", remctl.__all__),
        ("opswire.agents", agents.__all__),
        ("opswire.wbem", wbem.__all__),
        ("opswire.errors", [name for name in vars(opswire.errors) if name.endswith("Error")]),
    ],
)
def test_every_public_name_can_be_linked_to(
    inventory: dict[str, str], module: str, names: list[str]
) -> None:
    assert [name for name in names if f"{module}.{name}" not in inventory] == []


def first_line(thing: object) -> str:
    """Of a docstring, as a reader sees it."""
    line = (thing.__doc__ or "").strip().partition("\n")[0]
    return " ".join(line.replace("`", "").split())


DESCRIBED = [
    getattr(module, name)
    for module in (remctl, agents, wbem, opswire.errors, opswire.errors.wbem)
    for name in getattr(module, "__all__", vars(module))
    if callable(getattr(module, name)) and name[0] != "_"
    if getattr(module, name).__module__.startswith("opswire.")
]


@pytest.mark.parametrize("shown", DESCRIBED, ids=lambda thing: thing.__qualname__)
def test_a_name_is_shown_with_its_own_words(pages: dict[str, str], shown: object) -> None:
    """The compiled ones too, whose stubs have none."""
    assert first_line(shown)
    assert any(first_line(shown) in page for page in pages.values())


@pytest.mark.parametrize(
    ("page", "signature"),
    [
        ("reference/wbem/", "CIMInstance( classname: str,"),
        ("reference/wbem/", "parse(octets: Buffer, *, fragment: bool = "),
        ("reference/remctl/", "remctl( host: str,"),
    ],
)
def test_a_signature_is_that_of_the_types(pages: dict[str, str], page: str, signature: str) -> None:
    assert signature in pages[page]


def test_nothing_is_shown_of_how_a_class_is_compiled(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert "__pyx" not in page
        assert "Initialize self." not in page
