"""``python -m benchmarks [--check] [--json FILE] [name…]``: measure claims against their peers."""

import argparse
import sys
from pathlib import Path

from benchmarks.arena import Arena
from benchmarks.catalogue import chosen
from benchmarks.circumstances import circumstances
from benchmarks.result import written
from benchmarks.table import HEADINGS, cells

WIDTHS = (66, 24, 24, 9, 10, 6)


def main() -> int:
    """Run the chosen benchmarks; 1 when --check was given and a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="a benchmark or a group: remctl")
    parser.add_argument("--check", action="store_true", help="fail when a goal is missed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here too")
    arguments = parser.parse_args()
    try:
        claims = chosen(arguments.names)
    except ValueError as error:
        parser.error(str(error))
    if arguments.json:
        # Now, and not after minutes of measuring.
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
    results = []
    print(_row(HEADINGS))
    with Arena() as arena:
        for claim in claims:
            result = arena.run(claim)
            results.append(result)
            print(_row(cells(result.record())), flush=True)
    if arguments.json:
        run = {
            **circumstances({claim.group for claim in claims}),
            "results": [result.record() for result in results],
        }
        arguments.json.write_text(written(run))
    missed = [result.claim.name for result in results if not result.met]
    if missed:
        print(f"missed: {', '.join(missed)}")
    return 1 if arguments.check and missed else 0


def _row(texts: tuple[str, ...]) -> str:
    return "  ".join(f"{text:{width}}" for text, width in zip(texts, WIDTHS, strict=True)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
