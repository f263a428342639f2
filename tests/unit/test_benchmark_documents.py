"""What docs/benchmarks.md and the README show of the committed results."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.catalogue import CLAIMS
from benchmarks.table import EXAMPLES, documents, summary

ROOT = Path(__file__).parents[2]


def record(name: str, *, met: bool) -> dict[str, Any]:
    """A result as the JSON file has it."""
    figure = {"median": 5.0, "low": 4.0, "high": 6.0}
    row = {"name": name, "title": f"title of {name}", "unit": "µs", "goal": "≤ 2 ×", "met": met}  # noqa: RUF001 - signs of the tables
    return {**row, "ours": figure, "peer": figure, "ratio": figure}


def test_the_documents_show_the_committed_figures_and_no_others() -> None:
    """`python -m benchmarks.table --publish` would change nothing."""
    assert {path: path.read_text() for path in documents(ROOT)} == documents(ROOT)


def test_the_summary_tells_how_many_goals_are_met(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of what is not shown: a goal that is missed is not left out."""
    monkeypatch.setattr("benchmarks.table.EXAMPLES", {"group": ("one",)})
    run = {"results": [record("one", met=True), record("another", met=False)]}
    first, _, row = summary({"group": run}).splitlines()
    assert first == "|  | for example | opswire | peer | goals met |"
    assert row.partition(" | ")[2] == "title of one | 5 µs (4–6) | 5 µs (4–6) | 1 of 2 |"  # noqa: RUF001 - signs of the tables


def test_every_group_has_an_example() -> None:
    assert set(EXAMPLES) == {claim.group for claim in CLAIMS}


def test_what_the_readme_says_of_expat_was_measured() -> None:
    """In every round."""
    readme = " ".join((ROOT / "README.md").read_text().split())
    assert "read in less time than expat needs" in readme
    run = json.loads((ROOT / "benchmarks/results/wbem.json").read_text())
    (expat,) = (record for record in run["results"] if record["name"] == "wbem_expat")
    assert expat["ratio"]["high"] < 1
