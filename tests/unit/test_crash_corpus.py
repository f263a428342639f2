"""200 crashes of programs: how many secrets stay, and how many harmless words go."""

import json
import pprint
import re
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import pytest

from opswire.agents import report_agent_crashes
from opswire.agents.crashes import VARIABLE, archive
from tests.unit.crash_corpus import Case, programs
from tests.unit.secret_samples import NOTATIONS

LITERAL = "l1teral-in-the-source"
CASES = list(programs())


def words(text: str) -> Counter[str]:
    """Each word, with how often it is there."""
    return Counter(re.findall(r"[^\W_]{2,}", text))


def spellings(case: Case) -> set[str]:
    """Texts that must not be in a report."""
    found = {LITERAL, case.basic}
    for notation in NOTATIONS.values():
        text = notation(case.drawn).strip("'\"")
        found.add(re.sub(r"^(?:q=|</?a>|\[.*?, |it.{1,2}s |\"|')+", "", text))
    return {text for text in found if len(text) >= 8}


class Told:
    """What a crash says to somebody who may know everything, and what the report says."""

    def __init__(self, program: Callable[[Case], None], case: Case) -> None:
        """Crash, with a report."""
        self.raw = ""

        def main() -> int:
            try:
                program(case)
            except Exception as error:
                last = error.__traceback__
                assert isinstance(last, TracebackType)
                while last.tb_next is not None:
                    last = last.tb_next
                shown = pprint.pformat(dict(last.tb_frame.f_locals))
                self.raw = "".join(traceback.format_exception(error)) + shown
                raise
            return 0

        assert report_agent_crashes("corpus", "1")(main)() == 1


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the reports go."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return tmp_path


def test_no_secret_stays_and_hardly_a_word_goes(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both kinds of mistakes, counted over all of the crashes."""
    assert len(CASES) == 200
    left: list[str] = []
    lost, harmless = Counter[str](), 0
    for name, program, case in CASES:
        told = Told(program, case)
        err = capsys.readouterr().err
        [stored] = archive.stored()
        report = archive.read(stored.crash_id)
        variables = archive.local_variables(report)
        Path(stored.path).unlink()
        Path(stored.path).parent.rmdir()
        everything = json.dumps(report, ensure_ascii=False) + err + variables
        left += [f"{name}: {text}" for text in spellings(case) if text in everything]
        secret_words = {word for text in spellings(case) for word in words(text)}
        before, after = words(told.raw), words(err + variables)
        for word, times in before.items():
            if word not in secret_words:
                harmless += times
                lost[word] += max(0, times - after[word])
    assert left == []
    assert harmless > 10_000
    assert lost.total() <= harmless / 100, lost.most_common(20)


def test_the_corpus_has_its_secrets(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Or nothing could be found wrong with what hides them."""
    without = []
    for name, program, case in CASES[:25]:
        raw = Told(program, case).raw
        if not any(text in raw for text in spellings(case)):
            without.append(name.partition("-")[0])
    capsys.readouterr()
    assert without == ["split", "loop", "table"]
