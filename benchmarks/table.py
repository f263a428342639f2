"""Tables of results: for the terminal, for docs/benchmarks.md, and the few rows of the README.

``python -m benchmarks.table RESULT.json`` prints a Markdown table; ``python -m benchmarks.table
--publish`` writes those of the committed results between the markers of both documents.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HEADINGS = ("what", "opswire", "peer", "ratio", "goal", "")
ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = "https://github.com/opswire/opswire/blob/main/docs/benchmarks.md"
SUMMARY_HEADINGS = ("", "for example", "opswire", "peer", "goals met")
# What most users of a domain wait for; whether it is a good figure is not asked.
EXAMPLES = {
    "remctl": ("remctl_command", "remctl_threads"),
    "fleet": ("fleet_lame",),
    "agents": ("agents_write", "agents_import"),
    "wbem": ("wbem_instances",),
    "wbem_client": ("wbem_client_get", "wbem_client_enumerate"),
    "http": ("http_one",),
}


def markers(group: str = "") -> tuple[str, str]:
    """What stands before and after the table of a group, or before and after the summary."""
    name = f"benchmarks of {group}" if group else "benchmarks"
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def cells(record: dict[str, Any]) -> tuple[str, ...]:
    """One result as the texts of a row: medians, with the lowest and highest round."""
    ratio = record["ratio"]
    return (
        record["title"],
        _figure(record["ours"], record["unit"]),
        _figure(record["peer"], record["unit"]),
        f"{ratio['median']:.3g} ×",  # noqa: RUF001 - the sign for "times"
        record["goal"],
        "ok" if record["met"] else "MISSED",
    )


def markdown(run: dict[str, Any]) -> str:
    """The table of a whole run, with its circumstances."""
    versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
    machine = run["machine"]
    return "\n".join(
        [
            _table(HEADINGS, [cells(record) for record in run["results"]]),
            "",
            f"Measured on {run['date']} at commit {run['commit']}: {versions}; "
            f"{machine['system']}, {machine['cpus']} CPUs ({machine['processor']}). "
            "Median of the rounds, lowest and highest in brackets; the ratio is the median of "
            "the rounds' ratios.",
        ]
    )


def summary(runs: dict[str, dict[str, Any]]) -> str:
    """The README's table: of each group its examples, and how many of its goals are met."""
    rows = []
    for group, names in EXAMPLES.items():
        results = {record["name"]: record for record in runs[group]["results"]}
        met = f"{sum(record['met'] for record in results.values())} of {len(results)}"
        first = (f"[{group}]({PAGE}#{group})", met)
        for name in names:
            what, ours, peer, *_ = cells(results[name])
            rows.append((first[0], what, ours, peer, first[1]))
            first = ("", "")
    return _table(SUMMARY_HEADINGS, rows)


def insert(document: str, group: str, table: str) -> str:
    """The document with the table between its group's markers. ValueError without markers."""
    first, last = markers(group)
    before, begin, rest = document.partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end:
        raise ValueError(f"the text has no {first} … {last}")
    return f"{before}{first}\n{table}\n{last}{after}"


def documents(root: Path) -> dict[Path, str]:
    """What the two documents are with the tables of the committed results in them."""
    runs = {group: json.loads((RESULTS / f"{group}.json").read_text()) for group in EXAMPLES}
    page = (root / "docs/benchmarks.md").read_text()
    for group, run in runs.items():
        page = insert(page, group, markdown(run))
    readme = insert((root / "README.md").read_text(), "", summary(runs))
    return {root / "docs/benchmarks.md": page, root / "README.md": readme}


def _table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _figure(summary: dict[str, Any], unit: str) -> str:
    median, low, high = (_short(summary[key]) for key in ("median", "low", "high"))
    return f"{median} {unit} ({low}–{high})"  # noqa: RUF001  # a range is written with an en dash


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def main() -> None:
    """Print a table, or put all of them into the documents."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table", description=__doc__)
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument(
        "result", type=Path, nargs="?", help="what python -m benchmarks --json wrote"
    )
    chosen.add_argument("--publish", action="store_true", help="write the committed results")
    arguments = parser.parse_args()
    if arguments.publish:
        for path, text in documents(ROOT).items():
            path.write_text(text)
    else:
        print(markdown(json.loads(arguments.result.read_text())))


if __name__ == "__main__":
    main()
