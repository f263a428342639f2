"""opswire.agents.output.sections: headers, lines, and what would break them."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from opswire.agents.output.sections import Section, piggyback


@pytest.mark.parametrize(
    ("options", "header"),
    [
        ({}, "<<<name>>>"),
        ({"separator": 0}, "<<<name:sep(0)>>>"),
        ({"separator": 127}, "<<<name:sep(127)>>>"),
        ({"separator": 124, "nostrip": True}, "<<<name:sep(124):nostrip>>>"),
        ({"cached": (1700000000, 60)}, "<<<name:cached(1700000000,60)>>>"),
        (
            {"separator": 9, "persist": 1700000600, "encoding": "latin-1"},
            "<<<name:sep(9):persist(1700000600):encoding(latin-1)>>>",
        ),
    ],
)
def test_the_header_has_the_options(options: dict[str, object], header: str) -> None:
    """In the agent protocol's own words."""
    stream = io.StringIO()
    with Section("name", stream=stream, **options):  # type: ignore[arg-type]  # of several types
        pass
    assert stream.getvalue() == f"{header}\n"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"name": ""}, "section name"),
        ({"name": "a b"}, "section name"),
        ({"name": "a>>>\n<<<b"}, "section name"),
        ({"name": "a:sep(0)"}, "section name"),
        ({"name": "é"}, "section name"),
        ({"name": "a\n"}, "section name"),
        ({"separator": -1}, "separator is -1; it must be 0 or more, 127 at most"),
        ({"separator": 128}, "separator is 128"),
        ({"cached": (-1, 60)}, "cached is -1; it must be 0 or more"),
        ({"persist": -5}, "persist is -5"),
        ({"encoding": "a)b"}, "not the name of an encoding"),
    ],
)
def test_what_would_break_a_header_is_refused(options: dict[str, object], error: str) -> None:
    """Before anything is written."""
    stream = io.StringIO()
    with pytest.raises(ValueError, match=error):
        Section(**{"name": "name", "stream": stream, **options})  # type: ignore[arg-type]  # of several types
    assert stream.getvalue() == ""


def test_numbers_are_numbers_and_encodings_exist() -> None:
    """Text that came from a file would be written as it is."""
    with pytest.raises(TypeError, match="separator must be an int, not str"):
        Section("name", separator="0")  # type: ignore[arg-type]  # a wrong type is tried
    with pytest.raises(TypeError, match="persist must be an int, not bool"):
        Section("name", persist=True)
    with pytest.raises(LookupError, match="nonsense"):
        Section("name", encoding="nonsense")


def test_lines_rows_and_json() -> None:
    """Each on a line of its own."""
    stream = io.StringIO()
    with Section("name", separator=59, stream=stream) as section:
        section.line("as it is; yes")
        section.row("a", 1, 2.5, None)
        section.lines("one\ntwo\r\nthree")
        section.json({"text": "two\nlines, ü", "number": 1.5})
    assert stream.getvalue().split("\n") == [
        "<<<name:sep(59)>>>",
        "as it is; yes",
        "a;1;2.5;None",
        "one",
        "two",
        "three",
        r'{"text": "two\nlines, \u00fc", "number": 1.5}',
        "",
    ]


@pytest.mark.parametrize("text", ["<<<other>>>", "<<<<host>>>>", "  <<<other>>>", "a\nb", "a\rb"])
def test_a_line_that_is_more_than_a_line_is_refused(text: str) -> None:
    """Data of somebody else's must not begin a section; JSON can carry it."""
    stream = io.StringIO()
    with Section("name", separator=0, stream=stream) as section:
        with pytest.raises(ValueError, match="use "):
            section.line(text)
        with pytest.raises(ValueError, match="use "):
            section.row(text)
        section.json(text)
    header, line, end = stream.getvalue().split("\n")
    assert (header, json.loads(line), end) == ("<<<name:sep(0)>>>", text, "")


def test_a_separator_in_a_column_is_refused() -> None:
    """The site would see two columns."""
    stream = io.StringIO()
    with Section("name", stream=stream) as section:
        with pytest.raises(ValueError, match="a column has the separator in it: 'a b'"):
            section.row("a b", "c")
        section.row("one column of words")
    assert stream.getvalue() == "<<<name>>>\none column of words\n"


def test_json_that_no_reader_knows_is_refused() -> None:
    """Nothing is written then."""
    stream = io.StringIO()
    with Section("name", separator=0, stream=stream) as section:
        with pytest.raises(ValueError, match="JSON"):
            section.json(float("nan"))
        with pytest.raises(TypeError):
            section.json(object())
    assert stream.getvalue() == "<<<name:sep(0)>>>\n"


def test_a_section_is_written_to_inside_its_block() -> None:
    """Neither before nor after."""
    section = Section("name", stream=io.StringIO())
    with pytest.raises(ValueError, match="not open"):
        section.line("a")
    with section:
        section.line("a")
    with pytest.raises(ValueError, match="not open"):
        section.line("b")


def test_piggyback_ends_whatever_happens() -> None:
    """What follows must not be taken for the other host's."""
    stream = io.StringIO()

    def fail() -> None:
        with (
            piggyback("db-1.example", stream=stream),
            Section("name", stream=stream) as section,
        ):
            section.line("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert stream.getvalue() == "<<<<db-1.example>>>>\n<<<name>>>\na\n<<<<>>>>\n"


@pytest.mark.parametrize("host", ["", "a b", "a>>>>", "a/b", "a\n", "ü"])
def test_a_host_name_that_is_none_is_refused(host: str) -> None:
    """Before anything is written."""
    stream = io.StringIO()
    with pytest.raises(ValueError, match="host name"), piggyback(host, stream=stream):
        pass
    assert stream.getvalue() == ""


def test_octets_are_written_in_the_encoding_of_the_section() -> None:
    """To a stream of octets, and to a text stream with octets below it."""
    for stream, octets in (
        ((raw := io.BytesIO()), raw),
        (io.TextIOWrapper((raw := io.BytesIO()), encoding="ascii", newline="\r\n"), raw),
    ):
        with Section("name", encoding="latin-1", stream=stream) as section:
            section.line("ü")
        assert octets.getvalue() == b"<<<name:encoding(latin-1)>>>\n\xfc\n"


def test_a_file_is_a_stream(tmp_path: Path) -> None:
    """Unbuffered too."""
    path = tmp_path / "section"
    with path.open("wb", buffering=0) as file, Section("name", stream=file) as section:
        section.line("ü")
    assert path.read_bytes() == b"<<<name>>>\n\xc3\xbc\n"


def test_standard_output_is_utf_8_and_in_order() -> None:
    """In any locale, between what the program prints itself."""
    program = (
        "from opswire.agents.output.sections import Section\n"
        "print('before')\n"
        "with Section('name') as section:\n"
        "    section.line('\\u00fc')\n"
        "    print('between')\n"
        "print('after')"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert result.stdout == b"before\n<<<name>>>\n\xc3\xbc\nbetween\nafter\n"
