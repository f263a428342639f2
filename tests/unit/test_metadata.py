"""What pyproject.toml says of the package is so, everywhere."""

import re
import tomllib
from types import ModuleType
from typing import Any

import pytest

import opswire
from tests.unit.binaries import CHECKOUT

PROJECT: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
REPOSITORY = "https://github.com/opswire/opswire"
VERSION = "Programming Language :: Python :: 3."
DOMAINS = [name for name in opswire.__all__ if isinstance(getattr(opswire, name), ModuleType)]
MINORS = [int(text.removeprefix(VERSION)) for text in PROJECT["classifiers"] if VERSION in text]


def test_each_python_has_its_classifier() -> None:
    """The oldest is the one that is required; tox runs them all; the documents say the same."""
    assert PROJECT["requires-python"] == f">= 3.{MINORS[0]}"
    assert list(range(MINORS[0], MINORS[-1] + 1)) == MINORS
    tox = (CHECKOUT / "tox.ini").read_text()
    assert f"env_list = py3{{{','.join(map(str, MINORS))}}}," in tox
    supported = f"3.{MINORS[0]} to 3.{MINORS[-1]}"
    for document in ("README.md", "docs/policy.md", "wheels/README.md"):
        text = " ".join((CHECKOUT / document).read_text().split())
        assert supported in text, document


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_summary_names_every_domain(domain: str) -> None:
    assert domain in PROJECT["description"].lower()


def test_the_summary_is_one_line() -> None:
    """Which is all that an index shows, up to 512 characters of it."""
    assert "\n" not in PROJECT["description"]
    assert len(PROJECT["description"]) <= 512


def test_the_extra_all_is_all_extras() -> None:
    extras = dict(PROJECT["optional-dependencies"])
    assert extras.pop("all") == [f"opswire[{','.join(sorted(extras))}]"]


def test_addresses_are_of_the_repository() -> None:
    """Files that they name are checked with the links of the documents."""
    assert PROJECT["urls"]["Source"] == REPOSITORY
    for address in PROJECT["urls"].values():
        assert address.startswith(REPOSITORY)
        _, found, path = address.partition("/blob/main/")
        assert not found or (CHECKOUT / path).is_file()


def test_the_authors_are_those_of_the_license() -> None:
    (author,) = PROJECT["authors"]
    assert re.search(rf"Copyright \(c\) \d+ {author['name']}$", license_text(), re.MULTILINE)


def license_text() -> str:
    """The license that is shipped."""
    (name,) = PROJECT["license-files"]
    text: str = (CHECKOUT / name).read_text()
    return text


def test_a_vulnerability_is_reported_where_nobody_else_reads_it() -> None:
    """As docs/policy.md promises, which leads there."""
    assert f"({REPOSITORY}/security/advisories/new)" in (CHECKOUT / "SECURITY.md").read_text()
    assert f"{REPOSITORY}/blob/main/SECURITY.md" in (CHECKOUT / "docs/policy.md").read_text()
