"""Where output goes: into memory up to a limit, to files as they take it."""

import pytest

from opswire.errors import RemctlError
from opswire.remctl.command_output import CommandOutput


class Hungry:
    """A file object that takes a few octets at once, as an unbuffered one may."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.taken = b""

    def write(self, octets: bytes, /) -> int:
        """Take the first of them."""
        self.taken += octets[: self._most]
        return min(self._most, len(octets))


class Silent:
    """A file object that does not say how many it took."""

    def __init__(self) -> None:
        self.taken = b""

    def write(self, octets: bytes, /) -> None:
        """Take all of them."""
        self.taken += octets


@pytest.mark.parametrize("most", [1, 7, 100])
def test_a_file_that_takes_a_part_is_given_the_rest(most: int) -> None:
    octets = bytes(range(100))
    file = Hungry(most)
    CommandOutput(file, None, 0).write_output(octets)
    assert file.taken == octets


def test_a_file_that_says_nothing_has_taken_all() -> None:
    file = Silent()
    CommandOutput(None, file, 0).write_error(b"all")
    assert file.taken == b"all"


def test_the_limit_is_for_both_streams_together() -> None:
    output = CommandOutput(None, None, 10)
    output.write_output(b"12345")
    output.write_error(b"67890")
    assert output.octets() == (b"12345", b"67890")
    with pytest.raises(RemctlError, match="sent more than 10 octets of output"):
        output.write_output(b"x")


def test_what_goes_to_a_file_does_not_count() -> None:
    output = CommandOutput(Silent(), None, 1)
    output.write_output(b"many octets")
    output.write_error(b"x")
    assert output.octets() == (b"", b"x")
