"""The manual pages as they stand in the source: which options each describes."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "man"
PAGES = sorted(FOLDER.glob("*.1"))


def described_options(page: str) -> set[str]:
    """All names of options that have an item of their own in a page: ``-t``, ``--timeout``."""
    items = re.findall(r"^\.It (Fl .*)$", (FOLDER / page).read_text(), re.MULTILINE)
    return {f"-{name}" for item in items for name in re.findall(r"Fl (-?\w[\w-]*)", item)}


def synopsis_options(page: str) -> set[str]:
    """All names of options in the synopsis; letters without a value stand together there."""
    synopsis = (FOLDER / page).read_text().partition(".Sh SYNOPSIS")[2].partition(".Sh ")[0]
    names: set[str] = set()
    for word, value in re.findall(r"Fl (-?\w[\w-]*)( Ar)?", synopsis):
        single = word.startswith("-") or value
        names |= {f"-{word}"} if single else {f"-{letter}" for letter in word}
    return names
