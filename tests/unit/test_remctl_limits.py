"""Limits and ports that are none: refused alike in every interface, before anything happens."""

import asyncio
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opswire.errors import LocalProtocolError, RemctlLimitError, RemctlUsageError
from opswire.remctl import AsyncRemctl, Fleet, FleetHost, Remctl, arguments, remctl

WORDS = ["test", "true"]
Call = Callable[[Any], object]


def awaited(call: Callable[[AsyncRemctl, Any], Any]) -> Call:
    """With a connection of asyncio that is not open."""

    async def wait(value: object) -> None:
        await call(AsyncRemctl(), value)

    return lambda value: asyncio.run(wait(value))


SECONDS: dict[str, Call] = {
    "timeout of remctl()": lambda value: remctl("host", 1, None, WORDS, timeout=value),
    "deadline of remctl()": lambda value: remctl("host", 1, None, WORDS, deadline=value),
    "timeout of Remctl": lambda value: Remctl(timeout=value),
    "timeout of set_timeout()": lambda value: Remctl().set_timeout(value),
    "deadline of open()": lambda value: Remctl().open("host", deadline=value),
    "deadline of command()": lambda value: Remctl().command(WORDS, deadline=value),
    "timeout of run()": lambda value: Remctl().run(WORDS, timeout=value),
    "deadline of run()": lambda value: Remctl().run(WORDS, deadline=value),
    "timeout of AsyncRemctl": lambda value: AsyncRemctl(timeout=value),
    "deadline of open(), asyncio": awaited(lambda one, value: one.open("host", deadline=value)),
    "deadline of command(), asyncio": awaited(
        lambda one, value: one.command(WORDS, deadline=value)
    ),
    "timeout of run(), asyncio": awaited(lambda one, value: one.run(WORDS, timeout=value)),
    "deadline of run(), asyncio": awaited(lambda one, value: one.run(WORDS, deadline=value)),
    "timeout of Fleet": lambda value: Fleet(["host"], timeout=value),
    "deadline of Fleet": lambda value: Fleet(["host"], deadline=value),
}
COUNTS: dict[str, Call] = {
    "max_output of run()": lambda value: Remctl().run(WORDS, max_output=value),
    "max_output of run(), asyncio": awaited(lambda one, value: one.run(WORDS, max_output=value)),
    "max_output of Fleet": lambda value: Fleet(["host"], max_output=value),
    "concurrency of Fleet": lambda value: Fleet(["host"], concurrency=value),
    "retries of Fleet": lambda value: Fleet(["host"], retries=value),
}
PORTS: dict[str, Call] = {
    "port of remctl()": lambda value: remctl("host", value, None, WORDS),
    "port of Remctl": lambda value: Remctl("host", value),
    "port of open()": lambda value: Remctl().open("host", value),
    "port of AsyncRemctl": lambda value: AsyncRemctl("host", value),
    "port of open(), asyncio": awaited(lambda one, value: one.open("host", value)),
    "port of Fleet": lambda value: Fleet(["host"], port=value),
    "port of FleetHost": lambda value: Fleet([FleetHost("host", value)]),
}
OUT_OF_RANGE = [
    *((name, call, value) for name, call in SECONDS.items() for value in (-1, float("nan"))),
    *((name, call, value) for name, call in COUNTS.items() for value in (-1, -(10**30))),
    *((name, call, value) for name, call in PORTS.items() for value in (-1, "-1", 65536)),
    ("concurrency of Fleet", COUNTS["concurrency of Fleet"], 0),
    ("timeout of Remctl", SECONDS["timeout of Remctl"], float("inf")),
]
OF_ANOTHER_TYPE = [
    *((name, call, value) for name, call in SECONDS.items() for value in ("1", True)),
    *((name, call, value) for name, call in COUNTS.items() for value in (2.5, "3", True, None)),
    *((name, call, value) for name, call in PORTS.items() for value in (2.5, "ssh", True)),
]


@pytest.mark.parametrize(("name", "call", "value"), OUT_OF_RANGE)
def test_a_number_out_of_its_range_is_one_class(name: str, call: Call, value: object) -> None:
    with pytest.raises(RemctlLimitError, match=rf"\b{name.split(maxsplit=1)[0]}\b"):
        call(value)


@pytest.mark.parametrize(("name", "call", "value"), OF_ANOTHER_TYPE)
def test_another_type_is_a_type_error(name: str, call: Call, value: object) -> None:
    with pytest.raises(TypeError, match=f"^{name.split(maxsplit=1)[0]} must be a .*number"):
        call(value)


def test_the_class_is_the_callers_mistake_in_every_sense() -> None:
    """Whatever was caught before still is."""
    for kind in (ValueError, LocalProtocolError, RemctlUsageError):
        assert issubclass(RemctlLimitError, kind)


def test_more_seconds_than_a_lock_can_wait_are_very_many() -> None:
    assert arguments.seconds(1e300) == arguments.seconds(10**400) == arguments.MAX_SECONDS
    assert arguments.seconds(0) == 0.0
    assert arguments.seconds(2.5) == 2.5


def test_what_counts_like_an_integer_is_one() -> None:
    class Three:
        def __index__(self) -> int:
            return 3

    assert arguments.count(Three(), "retries") == 3  # type: ignore[arg-type]  # an integer by __index__()
    assert arguments.count(1, "concurrency", 1) == 1


# ---- other mistakes ----


@pytest.mark.parametrize("port", ["foo", -1])
def test_the_port_is_checked_before_the_command(port: Any) -> None:
    """As the other binding does it."""
    with pytest.raises((TypeError, ValueError), match="port"):
        remctl("host", port, command="not a list")


@pytest.mark.parametrize("place", ["remctl", "open"])
def test_a_command_in_place_of_the_principal_is_told(place: str) -> None:
    call: Any = remctl if place == "remctl" else Remctl().open
    options: Any = {"command": WORDS} if place == "remctl" else {}
    with pytest.raises(TypeError, match=r"principal must be a str, not list: .* command=\["):
        call("host", 4373, WORDS, **options)


def test_a_command_in_place_of_the_principal_is_told_before_it_is_missed() -> None:
    """Nobody who wrote ["test"] wants to hear that the command is empty."""
    call: Any = remctl
    with pytest.raises(TypeError, match="principal must be a str, not list"):
        call("host", 4373, ["test"])


TEXT_FILES: dict[str, Callable[[Path], Any]] = {
    "a file": lambda folder: (folder / "text").open("w"),
    "in memory": lambda _: io.StringIO(),
    "a temporary file": lambda _: tempfile.NamedTemporaryFile("w"),  # noqa: SIM115 - the test does
}


@pytest.mark.parametrize("name", ["stdout", "stderr"])
@pytest.mark.parametrize("make", TEXT_FILES.values(), ids=TEXT_FILES)
@pytest.mark.parametrize("interface", ["blocking", "asyncio"])
def test_a_file_for_text_is_told_before_the_command_is_sent(
    tmp_path: Path, name: str, make: Callable[[Path], Any], interface: str
) -> None:
    """Its write() would fail at the first output, when the command has been run."""
    run: Any = Remctl().run if interface == "blocking" else asyncio_run
    with (
        make(tmp_path) as file,
        pytest.raises(TypeError, match=rf"^{name} must be a binary file .*'wb'.*buffer"),
    ):
        run(WORDS, **{name: file})


def asyncio_run(words: list[str], **options: Any) -> None:
    """On a connection that is not open."""
    asyncio.run(AsyncRemctl().run(words, **options))


@pytest.mark.parametrize("file", [b"octets", "name", 1])
def test_what_is_no_file_is_told(file: Any) -> None:
    with pytest.raises(TypeError, match=r"^stdout must be a binary file object, not "):
        Remctl().run(WORDS, stdout=file)


@pytest.mark.parametrize("stdin", [1, io.BytesIO(b"octets"), ["octets"]])
def test_input_that_is_neither_text_nor_octets_is_told(stdin: Any) -> None:
    """A file object would be sent as its repr."""
    calls: list[Callable[[], object]] = [
        lambda: Remctl().run(WORDS, stdin=stdin),
        lambda: asyncio_run(WORDS, stdin=stdin),
        lambda: Fleet(["host"]).run(WORDS, stdin=stdin),
    ]
    for call in calls:
        with pytest.raises(TypeError, match=r"^stdin must be text or octets, not "):
            call()
