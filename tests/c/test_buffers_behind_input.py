"""The scanner's own buffers may lie right behind the input: it takes neither for the other."""

from pathlib import Path

import pytest

from tests.c.programs import c_files, compiled, output_of

SCANNER = ["csrc/foundation/keyed_hash.c", *c_files("xml")]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """tests/c/buffers_behind_input.c, which says what the cases are."""
    return compiled(
        tmp_path_factory.mktemp("behind"),
        ["tests/c/buffers_behind_input.c", *SCANNER],
        link=["-Wl,--wrap=realloc,--wrap=free"],
    )


def test_a_value_unescaped_behind_its_tag_is_kept_as_it_is(program: Path) -> None:
    """Where the tag ends is where the value begins, and it is not part of the tag."""
    assert output_of(program, "attributes").split() == ["one=<1", "two=2", "three=3"]


def test_the_end_of_the_input_is_not_where_a_token_was_kept(program: Path) -> None:
    """The fault is after "<a><b/>text", not after the "<" that was kept before."""
    assert output_of(program, "end of input").split() == ["1", "1", "11"]
