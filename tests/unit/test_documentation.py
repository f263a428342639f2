"""What the documents link to is there, and every public name is in the reference."""

import ast
import re
from pathlib import Path

import pytest

from tests.unit.binaries import CHECKOUT

GITHUB = re.compile(r"https://github\.com/opswire/opswire/(?:blob|tree)/main/")
PAGES = sorted((CHECKOUT / "docs").rglob("*.md"))
DOCUMENTS = [*sorted(CHECKOUT.glob("*.md")), CHECKOUT / "wheels/README.md", *PAGES]
EACH_DOCUMENT = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(CHECKOUT))
)
REFERENCE = CHECKOUT / "docs/reference"


def prose(document: Path) -> str:
    """The document without its code, where brackets are no links."""
    text = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"^(?: {4}|\t).*$", "", text, flags=re.MULTILINE)


def links(document: Path) -> list[str]:
    """Where the document's links lead to."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(document))


def anchors(document: Path) -> set[str]:
    """What a link can name behind its #: headings as GitHub and MkDocs spell them, and objects."""
    titles = re.findall(r"^#+ (.*)$", prose(document), re.MULTILINE)
    words = (re.sub(r"[^\w\s-]", "", title).strip().lower() for title in titles)
    objects = re.findall(r"^::: (\S+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"\s+", "-", word) for word in words} | set(objects)


def test_a_heading_is_named_as_sites_name_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# JSON, and `values` that age\n\n```\n# no heading\n```\n\n::: opswire.x\n")
    assert anchors(page) == {"json-and-values-that-age", "opswire.x"}


@EACH_DOCUMENT
def test_what_a_document_links_to_is_there(document: Path) -> None:
    """With its heading, also if the link goes by way of the project's page."""
    for link in links(document):
        address, _, anchor = link.partition("#")
        if GITHUB.match(address):
            target = CHECKOUT / GITHUB.sub("", address)
        elif "://" in address:
            continue
        else:
            target = document.parent / address if address else document
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def test_the_readme_can_be_read_where_its_files_are_not() -> None:
    """On PyPI, for example."""
    assert [link for link in links(CHECKOUT / "README.md") if "://" not in link] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_leads_out_of_the_site_by_whole_addresses_only(page: Path) -> None:
    """What stands beside docs/ is no part of it."""
    local = [link.partition("#")[0] for link in links(page) if "://" not in link]
    targets = [(page.parent / link).resolve() for link in local if link]
    assert [path for path in targets if not path.is_relative_to(CHECKOUT / "docs")] == []


def public(module: str) -> list[str]:
    """The names that a module offers: its ``__all__``, or else its classes. It is not imported."""
    path = CHECKOUT / "src" / module.replace(".", "/")
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    body = ast.parse(source.read_text()).body
    for statement in body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            names: list[str] = ast.literal_eval(statement.value)
            return names
    classes = (statement.name for statement in body if isinstance(statement, ast.ClassDef))
    return [name for name in classes if not name.startswith("_")]


@pytest.mark.parametrize(
    ("module", "page", "at_least"),
    [
        ("opswire.remctl", "remctl", 20),
        ("opswire.agents", "agents", 10),
        ("opswire.wbem", "wbem", 100),
        ("opswire.http", "http", 10),
        ("opswire.tls", "http", 3),
        ("opswire.errors", "errors", 15),
        ("opswire.errors.wbem", "errors", 30),
    ],
)
def test_every_public_name_is_in_the_reference(module: str, page: str, at_least: int) -> None:
    """Once: shown there, or, an exception, linked to where it is shown."""
    text = (REFERENCE / f"{page}.md").read_text()
    shown = re.findall(r"^(?:::: |- \[`)([\w.]+)(?=$|`)", text, re.MULTILINE)
    names = [f"{module}.{name}" for name in public(module)]
    assert len(names) >= at_least
    assert {name: shown.count(name) for name in names} == dict.fromkeys(names, 1)
