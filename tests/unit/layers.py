"""Which module of opswire may import which: the drawing of the architecture as a function.

    simple  ->  client / aio / server / the rest  ->  protocol  ->  events, errors  ->  _core

An arrow means "may import" and goes as far down as one likes; nothing points back.  Below the
domains, which do not see each other, stands what several of them share.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

DOMAINS = frozenset({"remctl", "wbem", "scripting", "rpc", "agents"})
# Each is for any domain and knows none: what is added here is a subject, not somebody's helper.
SHARED = frozenset(
    {"calls", "extras", "folders", "http", "pacing", "redaction", "steps", "tls", "visiting"}
)
# What everything may stand on, and what stands on nothing of ours.
BELOW_ALL = frozenset({"errors", "public_names", "_version"})
ABOVE_ALL = frozenset({"cli", "service"})
LEVELS = {"events": 1, "protocol": 2, "simple": 4, "__init__": 5}
OTHER_LEVEL = 3
# What a protocol must never see: it gets octets and gives octets.
OUTSIDE_WORLD = frozenset({"socket", "ssl", "asyncio", "selectors", "select", "threading", "time"})


def may_import(importer: str, imported: str) -> bool:
    """Whether the module `importer` of opswire may import the module `imported` of opswire.

    Both are dotted names below "opswire"; a package is named with its "__init__".
    """
    top, target = importer.partition(".")[0], imported.partition(".")[0]
    if top == "__main__":  # `python -m opswire` is the command line and nothing else
        return target == "cli"
    if top in ABOVE_ALL:
        return target not in ABOVE_ALL or target == top
    if target in ABOVE_ALL:
        return False
    if top == "__init__":
        return True
    if target == "__init__":
        return False
    if target in BELOW_ALL:
        # The part of a domain (errors.wbem) stands below the root of the tree.
        return top not in BELOW_ALL or importer.startswith("errors.")
    if top in BELOW_ALL:
        return False
    if target == "_core":
        return not importer.endswith(".simple")
    if top == "_core":
        return False
    if target in SHARED:
        return top in DOMAINS | SHARED
    return top in DOMAINS and target == top and _goes_down(importer, imported)


def _goes_down(importer: str, imported: str) -> bool:
    upper, lower = _level(importer), _level(imported)
    # Drivers share their parts with each other; every other level stands alone.
    return upper > lower or upper == lower == OTHER_LEVEL or importer == imported


def _level(module: str) -> int:
    """The level in its domain; folders of a domain (server/, cli/) hold drivers."""
    parts = module.split(".")
    return LEVELS.get(parts[1], OTHER_LEVEL) if len(parts) > 1 else LEVELS["__init__"]


def imports(source: str, package: list[str]) -> Iterator[str]:
    """Every absolute dotted name that the Python text `source` imports, anywhere in it.

    `package` is where the module stands, for relative imports. `from a import b` gives "a.b":
    b may be a module, and where it is not, the longer name is judged like "a".
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            module = [*start, *(node.module.split(".") if node.module else [])]
            yield from (".".join([*module, alias.name]) for alias in node.names)


def module_name(path: Path, source_folder: Path) -> str:
    """The dotted name below "opswire" of a file in `source_folder`/opswire."""
    return ".".join(path.relative_to(source_folder / "opswire").with_suffix("").parts)
