"""What the benchmarks print and write into the README."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.catalogue import CLAIMS, chosen
from benchmarks.claim import (
    Absolute,
    Claim,
    Difference,
    Goal,
    Libraries,
    Library,
    Ratio,
    Round,
    Target,
    declared,
)
from benchmarks.result import Result, written
from benchmarks.table import cells, insert, markdown, markers

ROOT = Path(__file__).parents[2]
COMMITTED = sorted((ROOT / "benchmarks" / "results").glob("*.json"))


def no_round(library: Library, target: Target) -> Round:
    """What nobody measures."""
    raise NotImplementedError


def claim(goal: Goal) -> Claim:
    """A claim with two rounds."""
    return Claim("name", "group", "a title", "µs", goal, 2, 2, Libraries(no_round))


@pytest.fixture
def run() -> dict[str, Any]:
    """A run as the JSON file has it."""
    return {
        "commit": "0123456789ab",
        "date": "2026-01-02",
        "versions": {"opswire": "1.0"},
        "machine": {"processor": "a processor", "cpus": 2, "system": "a system"},
        "results": [Result(claim(Ratio(0.9)), [4.0, 6.0], [8.0, 8.0]).record()],
    }


@pytest.mark.parametrize(
    ("goal", "ours", "peer", "met"),
    [
        (Ratio(0.9), [9.0], [10.0], True),
        (Ratio(0.9), [9.1], [10.0], False),
        (Absolute(5, "µs"), [5.0], [1.0], True),
        (Absolute(5, "µs"), [5.1], [100.0], False),
        (Difference(80, "ms"), [100.0, 190.0, 300.0], [20.0, 110.0, 100.0], True),
        (Difference(80, "ms"), [100.0], [19.0], False),
    ],
)
def test_a_goal_is_met_up_to_its_limit(
    goal: Goal, ours: list[float], peer: list[float], met: bool
) -> None:
    assert Result(claim(goal), ours, peer).met is met


def test_the_ratio_is_that_of_the_same_round() -> None:
    assert Result(claim(Ratio(1)), [1.0, 20.0, 3.0], [2.0, 40.0]).ratios == [0.5, 0.5]


def test_a_row_shows_medians_spread_ratio_and_goal(run: dict[str, Any]) -> None:
    assert cells(run["results"][0]) == (
        "a title",
        "5 µs (4–6)",  # noqa: RUF001 - signs of the tables
        "8 µs (8–8)",  # noqa: RUF001 - signs of the tables
        "0.625 ×",  # noqa: RUF001 - signs of the tables
        "≤ 0.9 ×",  # noqa: RUF001 - signs of the tables
        "ok",
    )


def test_the_table_stands_between_the_markers(run: dict[str, Any]) -> None:
    table = markdown(run)
    first, last = markers("group")
    readme = f"before\n{first}\nold\n{last}\nafter\n"
    assert insert(readme, "group", table) == f"before\n{first}\n{table}\n{last}\nafter\n"
    assert "2026-01-02 at commit 0123456789ab: opswire 1.0" in table


def test_a_readme_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="benchmarks of group: begin"):
        insert("no markers", "group", "table")


def test_a_group_chooses_all_of_its_claims() -> None:
    assert chosen(["remctl"]) == [claim for claim in CLAIMS if claim.group == "remctl"]


def test_an_unknown_benchmark_is_refused() -> None:
    with pytest.raises(ValueError, match="no_such_benchmark"):
        chosen(["no_such_benchmark"])


@pytest.mark.parametrize("committed", COMMITTED, ids=lambda path: path.stem)
def test_the_page_shows_the_committed_figures_and_no_others(committed: Path) -> None:
    first, last = markers(committed.stem)
    page = (ROOT / "docs/benchmarks.md").read_text()
    shown = page.partition(first)[2].partition(last)[0].strip()
    assert shown == markdown(json.loads(committed.read_text()))


def test_every_group_has_its_committed_figures() -> None:
    assert {path.stem for path in COMMITTED} == {claim.group for claim in CLAIMS}


def test_the_committed_figures_are_as_they_are_written() -> None:
    for path in COMMITTED:
        assert path.read_text() == written(json.loads(path.read_text()))


def test_a_record_has_median_and_spread_and_no_rounds(run: dict[str, Any]) -> None:
    committed = [json.loads(path.read_text()) for path in COMMITTED]
    for record in (record for each in [run, *committed] for record in each["results"]):
        for side in ("ours", "peer", "ratio"):
            assert set(record[side]) == {"median", "low", "high"}


def test_a_result_is_a_line_of_the_file(run: dict[str, Any]) -> None:
    run["results"] *= 3
    assert json.loads(written(run)) == run
    assert sum('"title": "a title"' in line for line in written(run).splitlines()) == 3


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_a_worker_finds_a_claim_in_the_table_of_its_group(claim: Claim) -> None:
    assert declared(claim.group, claim.name) is claim


def test_every_claim_has_a_name_of_its_own() -> None:
    names = [claim.name for claim in CLAIMS]
    assert len(set(names) | {claim.group for claim in CLAIMS}) == len(names) + len(COMMITTED)
