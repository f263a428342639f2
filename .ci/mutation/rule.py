"""A rule of the code, what it would be if it were wrong, and the tests that must notice."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RULES = Path(__file__).parent / "rules"
COMPILED = {".c", ".h", ".pyx", ".pxi"}
SECONDS = 120.0


@dataclass(frozen=True)
class Rule:
    """One `[[rule]]` of a file in rules/.

    Attributes:
        name: what is so, in a few words.
        file: where, from the checkout's root.
        now: the text that stands there, once.
        wrong: what the mutant has in its place.
        tests: pytest's files or node ids, those that notice it first.
        built: whether an extension is to be built of it; false for C that its tests compile.
        seconds: how long the tests may take.
    """

    name: str
    file: str
    now: str
    wrong: str
    tests: tuple[str, ...]
    built: bool
    seconds: float

    def fault(self, root: Path) -> str:
        """Return why the rule says nothing about the checkout `root`; empty when it does."""
        path = root / self.file
        if not path.is_file():
            return f"{self.file} does not exist"
        count = path.read_text().count(self.now)
        if count != 1:
            return f"its text stands {count} times in {self.file}"
        if self.now == self.wrong:
            return "right and wrong are the same"
        if not self.tests:
            return "no test is related"
        return next(filter(None, (_missing(root, test) for test in self.tests)), "")

    def break_in(self, root: Path) -> None:
        """Put what is wrong into a copy of the checkout."""
        path = root / self.file
        path.write_text(path.read_text().replace(self.now, self.wrong))
        for cached in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            cached.unlink()  # tells versions apart by size and second only


def _missing(root: Path, test: str) -> str:
    file, *names = test.partition("[")[0].split("::")
    path = root / file
    if not path.exists():
        return f"{file} does not exist"
    text = path.read_text() if names else ""
    for name in names:
        if not re.search(rf"^\s*(?:async )?(?:def|class) {re.escape(name)}\b", text, re.MULTILINE):
            return f"{file} has no {name}"
    return ""


def load(folder: Path = RULES) -> list[Rule]:
    """Read all rules, in the order of their files."""
    entries = [
        entry
        for path in sorted(folder.glob("*.toml"))
        for entry in tomllib.loads(path.read_text())["rule"]
    ]
    return [_rule(**entry) for entry in entries]


def _rule(*, tests: list[str], file: str, seconds: float = SECONDS, **fields: Any) -> Rule:
    built = fields.pop("built", Path(file).suffix in COMPILED)
    return Rule(tests=tuple(tests), file=file, seconds=seconds, built=built, **fields)
