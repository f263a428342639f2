"""The table tests/cases/performance_data.toml as values."""

import tomllib
from pathlib import Path
from typing import NamedTuple

from opswire._core.performance_data import Item


class Case(NamedTuple):
    """A text, its items, and what is written for them, or why it is refused."""

    name: str
    strict: bool
    text: str
    items: list[Item]
    written: str | None
    fails_at: int
    error: str


def load_cases() -> list[Case]:
    """The whole table."""
    table = tomllib.loads((Path(__file__).parents[1] / "cases/performance_data.toml").read_text())
    return [
        Case(
            entry["name"],
            {"recorded": False, "strict": True}[entry.get("rules", "recorded")],
            entry["text"],
            [Item(**fields) for fields in entry["items"]],
            entry.get("written"),
            entry.get("fails_at", 0),
            entry.get("error", ""),
        )
        for entry in table["case"]
    ]
