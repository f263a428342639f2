"""What an exit status other than 0 tells of standard error: its end."""

import pytest

from opswire.errors import RemctlStatusError
from opswire.remctl import Result


def told(stderr: bytes) -> RemctlStatusError:
    """The exception of a command that failed."""
    with pytest.raises(RemctlStatusError) as caught:
        Result(b"", stderr, 3).check()
    return caught.value


def test_status_0_is_no_error() -> None:
    result = Result(b"", b"a warning\n", 0)
    assert result.check() is result


def test_the_text_has_the_last_line_of_standard_error() -> None:
    error = told(b"first\nsecond\nlast\n\n")
    assert str(error) == "command ended with status 3: last"
    assert error.status == 3


def test_a_long_line_is_cut_behind_200_characters() -> None:
    assert str(told(b"x" * 200 + b"y")) == "command ended with status 3: " + "x" * 200


def test_a_silent_command_has_a_status_alone() -> None:
    assert str(told(b" \n")) == "command ended with status 3"


def test_the_last_4096_octets_of_standard_error_are_kept() -> None:
    assert told(b"first" + b"x" * 4092 + b"last").stderr == b"x" * 4092 + b"last"
