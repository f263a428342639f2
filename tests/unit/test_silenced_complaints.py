"""Where a checker is told to be silent, a reader is told why."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PLACES = ["src", "tests", "benchmarks", "docs", "csrc", ".ci"]
SILENCED = re.compile(r"# (?:type: ignore|noqa|ruff: noqa|pyright: ignore)(?P<rest>.*)")
#: What is wrong there is the subject of the whole file, as its docstring says.
WRONG_ON_PURPOSE = CHECKOUT / "tests" / "typing"
CODES = re.compile(r"\[[\w,-]+\]|[A-Z]+\d+|# (?:type|pyright): ignore|noqa")


def complaints(text: str) -> Iterator[str]:
    """The lines that silence a checker without a word why."""
    for line in text.splitlines():
        silenced = SILENCED.search(line)
        if silenced and not re.search(r"[a-z]{2}", CODES.sub("", silenced["rest"])):
            yield line.strip()


def test_each_silence_has_its_reason() -> None:
    paths = [path for place in PLACES for path in sorted((CHECKOUT / place).rglob("*.py*"))]
    sources = [path for path in paths if path.suffix in {".py", ".pyi"}]
    assert len(sources) > 300
    found = {
        f"{path.relative_to(CHECKOUT)}: {line}"
        for path in sources
        if WRONG_ON_PURPOSE not in path.parents
        for line in complaints(path.read_text())
    }
    assert not found


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("x = 1  # " + "type: ignore[assignment]", 1),
        ("x = 1  # " + "noqa: S101", 1),
        ("x = 1  # " + "type: ignore[a-b]  # " + "pyright: ignore[x]", 1),
        ("x = 1  # " + "type: ignore[a-b]  # set again", 0),
        ("x = 1  # " + "noqa: S101 - a test", 0),
        ("x = 1", 0),
    ],
)
def test_a_code_is_no_reason(line: str, count: int) -> None:
    assert len(list(complaints(line))) == count
