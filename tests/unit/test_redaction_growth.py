"""Redaction is linear in the text, whatever is in it: counted in instructions by valgrind."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit import redaction_steps

STEPS = Path(redaction_steps.__file__)


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """How many instructions each text takes."""
    folder = tmp_path_factory.mktemp("counts")
    counter = [
        *["valgrind", "--tool=callgrind", "--dump-before=getppid"],
        f"--callgrind-out-file={folder}/steps",
    ]
    subprocess.run([*counter, sys.executable, STEPS], check=True, capture_output=True)
    parts = {}
    for path in folder.iterdir():
        text = path.read_text()
        if part := re.search(r"^part: (\d+)$", text, re.MULTILINE):
            (total,) = re.findall(r"^totals: (\d+)$", text, re.MULTILINE)
            parts[int(part[1])] = int(total)
    # The first part is the start of Python; what is behind the last mark is not counted at all.
    return [parts[number] for number in sorted(parts)][1 : len(redaction_steps.texts()) + 1]


@pytest.mark.parametrize("index", range(len(redaction_steps.UNITS)))
def test_twice_the_text_takes_twice_the_instructions(index: int, counts: list[int]) -> None:
    """From the second doubling on, so that what each call costs is no part of it."""
    length = len(redaction_steps.LENGTHS)
    assert len(counts) == len(redaction_steps.UNITS) * length
    one, two, four = counts[index * length : (index + 1) * length]
    assert one < two < four
    assert four - two < 2.5 * (two - one), redaction_steps.UNITS[index]
