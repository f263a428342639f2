"""A number that the documents state is that of the code.

Figures of time and memory are no such numbers: they are made from the results of the benchmarks.
"""

import ast
import inspect
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from opswire._core.ffi import lib
from opswire.agents import Storage, report_agent_crashes
from opswire.http import Limits, Server
from opswire.remctl import Fleet, Remctl
from tests.unit.binaries import CHECKOUT

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
SOURCES = CHECKOUT / "src"


def default(function: Any, argument: str) -> Any:
    """What an argument is when nobody gives it."""
    return inspect.signature(function).parameters[argument].default


@cache
def assigned(path: Path) -> set[str]:
    """The names that a module assigns to."""
    statements = (node for node in ast.parse(path.read_text()).body if isinstance(node, ast.Assign))
    return {ast.unparse(target) for statement in statements for target in statement.targets}


def constant(name: str) -> Any:
    """A constant of opswire, wherever it stands."""
    (path,) = (path for path in SOURCES.rglob("*.py") if name in assigned(path))
    module = ".".join(path.relative_to(SOURCES).with_suffix("").parts)
    return getattr(import_module(module), name)


def whole(value: float, unit: float = 1) -> str:
    """How often the unit is in the value, as people write it; never about."""
    count, rest = divmod(value, unit)
    assert rest == 0
    return f"{int(count):,}"


def of_the_demo() -> int:
    """How many hosts the scene of a fleet has."""
    scene = ast.parse((CHECKOUT / "docs/demo/fleet_scene.py").read_text())
    (value,) = (
        node.value
        for node in scene.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "HOSTS"
    )
    hosts: int = ast.literal_eval(value)
    return hosts


def of_the_http_server() -> list[tuple[str, str]]:
    """The same of its limits."""
    limits = Limits()
    times = f"{limits.handshake:g} s, a head {limits.head:g} s"
    head = f"{whole(limits.max_head)} octets, {limits.max_headers} lines"
    sentences = [
        f"A handshake has {times}, a connection waits {limits.idle:g} s",
        f"may stand still for {limits.body:g} s, and must come to {limits.rate} octets per second",
        f"may stand still for {limits.answer:g} s, and must come to",
        f"A head has at most {head} and a target of {whole(limits.max_target)}",
        f"a body {whole(limits.max_body, MIB)} MiB",
        f"at most {whole(limits.max_connections)} connections",
        f"{whole(limits.backlog)} may wait to be accepted",
        f"beyond {whole(constant('READ_AHEAD'), KIB)} KiB",
        f"`threads` threads, {default(Server, 'threads')} by default",
        f"`close(drain={default(Server.close, 'drain'):g})`",
        f"at most {constant('SHOWN')} of a kind in {constant('INTERVAL'):g} s",
    ]
    return [("docs/http.md", sentence) for sentence in sentences]


def of_the_cim_server() -> list[tuple[str, str]]:
    """The same of the embedded one."""
    seconds = f"{constant('DEFAULT_SECONDS')} s (at most {constant('LONGEST_SECONDS')} s)"
    sentences = [
        f"{constant('MAX_OPEN')} enumerations at once, {seconds} between two pulls",
        f"less than {whole(constant('PIECE'), KIB)} KiB has a Content-Length",
    ]
    return [("docs/wbem_server.md", sentence) for sentence in sentences]


def statements() -> list[tuple[str, str]]:
    """A document, and a sentence of it with the numbers that the code has."""
    back_off = constant("FIRST_BACK_OFF"), constant("LONGEST_BACK_OFF")
    pauses = [f"{part:g}–{each:g}" for each in back_off for part in [each / 2]]  # noqa: RUF001 - a range is written with an en dash
    fleet_output = whole(default(Fleet, "max_output"), MIB)
    largest = whole(default(Storage.read, "max_size"), MIB)
    secrets, characters = whole(constant("MAX_SECRETS")), whole(constant("MAX_SECRET_TEXT"))
    shortest, letters = constant("SHORTEST"), constant("SHORTEST_OF_LETTERS")
    names = whole(lib.OPSWIRE_XML_MAX_NAME)
    tag, text = (whole(lib.OPSWIRE_XML_MAX_TAG, MIB), whole(lib.OPSWIRE_XML_MAX_TEXT, MIB))
    floor = whole(lib.OPSWIRE_CIM_FLOOR, KIB)
    return [
        ("README.md", f"a fleet of {of_the_demo()} hosts"),
        (
            "docs/remctl.md",
            f"`max_output` octets ({whole(default(Remctl.run, 'max_output'), MIB)} MiB)",
        ),
        ("docs/fleet.md", f"each takes a file descriptor | {default(Fleet, 'concurrency')} |"),
        ("docs/fleet.md", f"attempts after the first | {default(Fleet, 'retries')} |"),
        ("docs/fleet.md", f"collected of one host | {fleet_output} MiB |"),
        ("docs/fleet.md", f"grow from {pauses[0]} to {pauses[1]} seconds"),
        ("docs/cli.md", f"how many at once; {default(Fleet, 'concurrency')} |"),
        (
            "docs/agents.md",
            f"larger than `max_size=` ({largest} MiB)",
        ),
        ("docs/agents.md", f"makes it again, for {constant('VANISHING_SECONDS'):g} seconds"),
        ("docs/agents.md", f"by more than {constant('COARSENESS'):g} seconds, is missing too"),
        ("docs/agents.md", f"of {shortest} characters or more, or {letters} if all"),
        ("docs/agents_http.md", f"if they have {shortest} characters or more, or {letters} if all"),
        ("docs/agents.md", f"{secrets} secrets with {characters} characters are known by value"),
        ("docs/agents.md", f"{whole(constant('MAX_REDACTED'), MIB)} MB of variables are searched"),
        ("docs/agents.md", f"beyond `keep={default(report_agent_crashes, 'keep')}`"),
        ("docs/cli.md", f"octet by octet, of {largest} MiB at most"),
        ("docs/wbem.md", f"| elements in each other | {lib.OPSWIRE_XML_MAX_DEPTH} |"),
        ("docs/wbem.md", f"| attributes of an element | {lib.OPSWIRE_XML_MAX_ATTRIBUTES} |"),
        ("docs/wbem.md", f"of a tag, of a text | {names}; {tag} MiB; {text} MiB |"),
        ("docs/wbem.md", f"nested in each other | {lib.OPSWIRE_CIM_MAX_EMBEDDING} |"),
        ("docs/wbem.md", f"result | {whole(lib.OPSWIRE_CIM_MAX_OBJECT, GIB)} GiB |"),
        (
            "docs/wbem.md",
            f"| {lib.OPSWIRE_CIM_FACTOR} for each octet of the message, and {floor} KiB |",
        ),
        ("docs/wbem.md", f"between two messages | {whole(lib.OPSWIRE_CIM_MAX_IDLE, MIB)} MiB |"),
        ("docs/wbem.md", f"octets of a message | {whole(lib.OPSWIRE_XML_MAX_TOTAL, GIB)} GiB |"),
        *of_the_http_server(),
        *of_the_cim_server(),
        ("docs/from_pywbem.md", f"nested at most {lib.OPSWIRE_CIM_MAX_EMBEDDING} deep"),
    ]


@pytest.mark.parametrize(("document", "sentence"), statements())
def test_a_number_in_a_document_is_that_of_the_code(document: str, sentence: str) -> None:
    text = " ".join((CHECKOUT / document).read_text().split())
    assert sentence in text


def test_times_that_are_written_as_words() -> None:
    """Whoever changes one of them reads here which words follow it."""
    text = " ".join((CHECKOUT / "docs/remctl.md").read_text().split())
    assert constant("MAX_CONNECTING") == 4
    assert "keep to four at a time between connect() and the first answer of one server" in text
    assert constant("SECONDS") == 1  # of what is remembered of a service
    assert "For one second after a connection the addresses" in text
    assert constant("LEFTOVER_SECONDS") == 3600
    text = " ".join((CHECKOUT / "docs/agents.md").read_text().split())
    assert "temporary files older than an hour" in text
