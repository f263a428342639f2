"""How ``opswire remctl`` reads its command line; tests/interop compares it with remctl(1)."""

import pytest

from opswire.cli.remctl_program import OPTIONS, Answered, UsageError, parsed, usage

NO_PORTS = ("", "0", "65536", "1_0", "\N{ARABIC-INDIC DIGIT THREE}", "9" * 9, "-1", "1.5")
NO_TIMES = ("", "x", "-1", "nan", "inf")


def test_all_options_are_understood() -> None:
    words = "-d -b ::1 -p 4444 -s host/x --srv -t 2.5 server test echo"
    request = parsed(words.split())
    assert (request.host, request.command) == ("server", ["test", "echo"])
    assert (request.source, request.port, request.principal) == ("::1", 4444, "host/x")
    assert (request.debug, request.srv, request.timeout) == (True, True, 2.5)


def test_without_options_nothing_is_chosen() -> None:
    request = parsed(["server", "test"])
    assert (request.source, request.port, request.principal) == (None, None, None)
    assert (request.debug, request.srv, request.timeout) == (False, False, 0.0)


@pytest.mark.parametrize(
    ("words", "host", "command"),
    [
        (["server", "-d", "-p"], "server", ["-d", "-p"]),
        (["--", "-d", "-p"], "-d", ["-p"]),
        (["-d", "--", "--", "x"], "--", ["x"]),
        (["-", "--", "x"], "-", ["--", "x"]),
        (["server", ""], "server", [""]),
    ],
)
def test_options_end_at_the_host(words: list[str], host: str, command: list[str]) -> None:
    request = parsed(words)
    assert (request.host, request.command) == (host, command)


@pytest.mark.parametrize("words", [["-dp1", "h", "c"], ["-d", "--port=1", "h", "c"]])
def test_a_value_may_be_joined_to_its_option(words: list[str]) -> None:
    request = parsed(words)
    assert (request.debug, request.port) == (True, 1)


@pytest.mark.parametrize(
    ("words", "text", "usage_too"),
    [
        ([], "", True),
        (["host"], "", True),
        (["-x"], "invalid option -- 'x'", True),
        (["-dp"], "option requires an argument -- 'p'", True),
        (["--sr", "h", "c"], "unrecognized option '--sr'", True),
        (["--srv=yes", "h", "c"], "option '--srv' doesn't allow an argument", True),
        (["--timeout"], "option '--timeout' requires an argument", True),
        *((["-p", text], f"invalid port number {text}", False) for text in NO_PORTS),
        *((["-t", text], f"invalid timeout value {text}", False) for text in NO_TIMES),
        (["-s", ""], "the principal must not be empty", False),
        (["-b", ""], "the source must not be empty", False),
    ],
)
def test_a_mistake_is_told(words: list[str], text: str, usage_too: bool) -> None:
    with pytest.raises(UsageError) as caught:
        parsed(words)
    assert (str(caught.value), caught.value.usage) == (text, usage_too)


@pytest.mark.parametrize("words", [["-h"], ["--help"], ["-dh", "-x"], ["-p", "1", "-h"]])
def test_help_is_given_before_a_later_mistake(words: list[str]) -> None:
    with pytest.raises(Answered, match=r"^Usage: opswire remctl"):
        parsed(words)


def test_usage_fits_a_terminal_and_names_every_option() -> None:
    lines = usage().splitlines()
    assert max(map(len, lines)) <= 80
    for option in OPTIONS:
        assert any(f"--{option.long}" in line and option.help in line for line in lines)
