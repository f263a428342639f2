"""opswire.agents.traces.option as argparse sees it; tests/interop has the traces themselves."""

import argparse
import sys
from typing import Any

import pytest

from opswire.agents.traces.option import vcrtrace


def parser_with(**options: Any) -> argparse.ArgumentParser:
    """A parser with the option."""
    parser = argparse.ArgumentParser(prog="agent")
    parser.add_argument("-t", "--trace", action=vcrtrace(), **options)
    return parser


@pytest.mark.parametrize("default", [None, False, "none"])
def test_without_the_option_the_destination_has_its_default(default: object) -> None:
    """And vcrpy is not needed."""
    parsed = parser_with(default=default, dest="elsewhere").parse_args([])
    assert parsed.elsewhere is default
    assert "vcr" not in sys.modules


def test_the_options_of_add_argument_pass_through() -> None:
    """The help is ours and then the caller's; the metavar can be another one."""
    parser = parser_with(nargs="?", const="c", required=True, help="Ask support.")
    (action,) = (each for each in parser._actions if each.dest == "trace")
    assert (action.nargs, action.const, action.required) == ("?", "c", True)
    assert (action.metavar, action.option_strings) == ("TRACEFILE", ["-t", "--trace"])
    assert (action.help or "").endswith(" Ask support.")
    assert "{" not in (action.help or "")
    assert "[FILE]" in parser_with(nargs="?", metavar="FILE").format_usage()


def test_two_options_have_filters_of_their_own() -> None:
    """Each call returns a class."""
    assert vcrtrace() is not vcrtrace()
    assert issubclass(vcrtrace(), argparse.Action)


def test_a_closed_standard_input_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A daemon's child may have none at all."""
    with open("/dev/null") as closed:
        pass
    for stream in (closed, None):
        monkeypatch.setattr(sys, "stdin", stream)
        with pytest.raises(SystemExit) as caught:
            parser_with().parse_args(["--trace", "x"])
        assert caught.value.code == 2
        assert "You need to run this in a tty" in capsys.readouterr().err
