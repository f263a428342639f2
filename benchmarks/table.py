"""Tables of results: for the terminal, and for the README.

``python -m benchmarks.table RESULT.json`` prints the Markdown table; with ``--readme README.md``
it stands between the README's markers for its group afterwards.
"""

import argparse
import json
from pathlib import Path
from typing import Any

HEADINGS = ("what", "opswire", "peer", "ratio", "goal", "")


def markers(group: str) -> tuple[str, str]:
    """What stands before and after the table of a group in the README."""
    return f"<!-- benchmarks of {group}: begin -->", f"<!-- benchmarks of {group}: end -->"


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
    """The README's table of a whole run, with its circumstances."""
    rows = [HEADINGS, tuple("---" for _ in HEADINGS), *(cells(r) for r in run["results"])]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
    machine = run["machine"]
    return "\n".join(
        [
            *lines,
            "",
            f"Measured on {run['date']} at commit {run['commit']}: {versions}; "
            f"{machine['system']}, {machine['cpus']} CPUs ({machine['processor']}). "
            "Median of the rounds, lowest and highest in brackets; the ratio is the median of "
            "the rounds' ratios.",
        ]
    )


def insert(readme: str, group: str, table: str) -> str:
    """The README's text with the table between its group's markers. ValueError without markers."""
    first, last = markers(group)
    before, begin, rest = readme.partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end:
        raise ValueError(f"the text has no {first} … {last}")
    return f"{before}{first}\n{table}\n{last}{after}"


def _figure(summary: dict[str, Any], unit: str) -> str:
    median, low, high = (_short(summary[key]) for key in ("median", "low", "high"))
    return f"{median} {unit} ({low}–{high})"  # noqa: RUF001  # a range is written with an en dash


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def main() -> None:
    """Print the table, or put it into a README."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table", description=__doc__)
    parser.add_argument("result", type=Path, help="what python -m benchmarks --json wrote")
    parser.add_argument("--readme", type=Path, help="the file whose marked table is replaced")
    arguments = parser.parse_args()
    run = json.loads(arguments.result.read_text())
    table = markdown(run)
    if arguments.readme:
        group = run["results"][0]["group"]
        arguments.readme.write_text(insert(arguments.readme.read_text(), group, table))
    else:
        print(table)


if __name__ == "__main__":
    main()
