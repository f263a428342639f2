"""opswire.agents.crashes.traceback_parts: what CPython prints of an exception, part by part."""

import traceback
from collections.abc import Callable

import pytest

from opswire.agents.crashes.traceback_parts import Part, parts_of


def heads_of(error: BaseException) -> set[str]:
    """The frames of an exception and of those that it has."""
    found = {
        f'File "{row.filename}", line {row.lineno}, in {row.name}'
        for row in traceback.extract_tb(error.__traceback__)
    }
    below = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for one in (error.__cause__, error.__context__, *below):
        found |= heads_of(one) if one is not None else set()
    return found


def fail(text: str) -> None:
    """Crash in an expression of two lines."""
    raise ValueError(
        text,
    )


def group() -> None:
    """Crash with a group of two, one in a group, and a cause."""
    errors: list[Exception] = []
    for text in ("first", "second"):
        try:
            fail(text)
        except ValueError as error:
            error.add_note("a note")
            errors.append(error)
    raise ExceptionGroup("all", [errors[0], ExceptionGroup("inner", [errors[1]])]) from errors[0]


def recur(depth: int) -> None:
    """Crash deep down."""
    if depth:
        recur(depth - 1)
    fail("deep")


@pytest.mark.parametrize("crash", [lambda: fail("one\n    two"), group, lambda: recur(20)])
def test_the_parts_are_the_whole_and_each_is_of_its_kind(crash: Callable[[], object]) -> None:
    """With causes, groups, notes, expressions of more than one line, and repetitions."""
    with pytest.raises((ValueError, ExceptionGroup)) as caught:
        crash()
    text = "".join(traceback.format_exception(caught.value))
    parts = list(parts_of(text, heads_of(caught.value)))
    assert "".join(part for _, part in parts) == text
    by_kind = {kind: "".join(part for one, part in parts if one is kind) for kind in Part}
    assert by_kind[Part.FRAME].count("File ") == text.count("File ")
    for words in ("first", "second", "a note", "one\n", "two", "inner", "deep", "Error"):
        assert by_kind[Part.FRAME].count(words) == 0
        assert by_kind[Part.TEXT].count(words) + by_kind[Part.SOURCE].count(words) == (
            text.count(words)
        )
    for line in by_kind[Part.TEXT].splitlines():
        assert "raise ValueError(" not in line
        assert "recur(depth" not in line
    assert "raise ValueError(" in by_kind[Part.SOURCE]


def test_words_that_are_like_a_frame_are_none() -> None:
    """Only what is known to be one."""
    text = 'Traceback (most recent call last):\n  File "a", line 1, in b\n    code\nE: x\n'
    faked = f'{text}  File "a", line 2, in b\n    more\n'
    parts = list(parts_of(faked, {'File "a", line 1, in b'}))
    assert parts == [
        (Part.FRAME, 'Traceback (most recent call last):\n  File "a", line 1, in b\n'),
        (Part.SOURCE, "    code\n"),
        (Part.TEXT, 'E: x\n  File "a", line 2, in b\n    more\n'),
    ]
