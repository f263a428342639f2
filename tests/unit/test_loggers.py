"""Which loggers speak at which levels: what docs/policy.md lists, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
SOURCE = CHECKOUT / "src" / "opswire"
LEVELS = {
    "debug": "DEBUG",
    "info": "INFO",
    "warning": "WARNING",
    "error": "ERROR",
    "exception": "ERROR",
    "critical": "CRITICAL",
}
NAME = re.compile(r'getLogger\("([\w.]+)"\)')


def spoken(path: Path) -> Iterator[tuple[str, str]]:
    """Loggers and levels of the calls in a file; a file has one logger."""
    text = path.read_text()
    names = set(NAME.findall(text))
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        called = ast.unparse(node.func)
        if re.fullmatch(rf"_?logger\.({'|'.join(LEVELS)})", called):
            for name in names or {name_of(path)}:
                yield name, LEVELS[node.func.attr]
        elif called == "logger.log":
            for name in names:
                yield from ((name, level) for level in re.findall("INFO|DEBUG", ast.unparse(node)))


def name_of(path: Path) -> str:
    """Of a logger that another file of the same folder has."""
    names = {name for other in path.parent.glob("*.py") for name in NAME.findall(other.read_text())}
    assert len(names) == 1
    return str(names.pop())


def test_the_policy_lists_every_logger_and_level() -> None:
    found = {
        pair
        for path in sorted(SOURCE.rglob("*.py"))
        if "cli" not in path.relative_to(SOURCE).parts
        for pair in spoken(path)
    }
    page = (CHECKOUT / "docs" / "policy.md").read_text()
    listed = re.findall(r"^\| `(opswire[\w.]*)` \| ([A-Z]+) \|", page, re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(listed) == found
