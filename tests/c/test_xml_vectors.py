"""csrc/xml/vectors.h: sixteen octets at once tell what one at a time does, on every processor.

The variants are SSE2, NEON, and portable, which is what all other processors have.  What this
processor cannot run is compiled for arm64 and run by qemu.
"""

import subprocess
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from tests.c.documents import ERRORS, PIECES, Position, Scanned, Scanner
from tests.c.test_xml_scanner import CASES
from tests.c.variants import SCANNER, VARIANTS, build

each_variant = pytest.mark.parametrize("name", VARIANTS)
#: Texts and values of every length up to three vectors, with something else in each place.
SIZES = range(49)
MARKS = ["&lt;", "]", "]]", "\n", "\t", "é", "😀", "x"]


def documents() -> list[bytes]:
    """Those of the scanner's table, and those that end, or have a mark, anywhere in a vector."""
    found = [case.octets for case in CASES]
    for size, mark in product(SIZES, MARKS):
        text = "y" * (size // 2) + mark + "y" * (size - size // 2)
        found.append(
            f"<a b='{text}' c=\"{text}\">{text}<!--{text}--><![CDATA[{text}]]></a>".encode()
        )
        # Where the fault is tells of lines and columns before it.
        found.append(f"<a>{mark * size}\n{text}</b>".encode())
    return found


@cache
def scanned_here() -> list[Scanned]:
    """All of them by the scanner of this process, which test_xml_scanner.py compares."""
    scanner = Scanner()
    return [
        scanner.scan(document, piece, markup=markup)
        for document, piece, markup in product(documents(), PIECES, [False, True])
    ]


def scanned_by(program: list[str]) -> list[Scanned]:
    """The same by scanned_documents.c."""
    octets = b"".join(
        b"%s %d %d\n%s" % (b"markup" if markup else b"next", piece, len(document), document)
        for document, piece, markup in product(documents(), PIECES, [False, True])
    )
    done = subprocess.run(program, input=octets, capture_output=True, check=True)
    found = []
    tokens: list[list[str]] = []
    for line in done.stdout.decode().splitlines():
        word, *words = line.split(" ")
        if word == "done":
            error, *position, mark, excerpt = words
            fault = ERRORS[int(error)].replace("SOUND", "")
            shown = bytes.fromhex(excerpt), int(mark)
            found.append(Scanned(tokens, fault, Position(*map(int, position)), shown))
            tokens = []
            continue
        texts = [bytes.fromhex(each).decode() for each in words]
        if word == "text" and tokens and tokens[-1][0] == "text":
            tokens[-1][1] += texts[0]
        else:
            tokens.append([word, *texts])
    return found


@each_variant
def test_documents_have_the_same_tokens_and_faults(name: str, tmp_path: Path) -> None:
    """However they are cut; places and excerpts too."""
    program = build(tmp_path, VARIANTS[name], ["tests/c/scanned_documents.c", *SCANNER])
    assert scanned_by(program) == scanned_here()


@each_variant
def test_many_octets_at_once_are_what_one_at_a_time_is(name: str, tmp_path: Path) -> None:
    """Every function, at every length and alignment; nothing is read behind the end."""
    program = build(tmp_path, VARIANTS[name], ["tests/c/character_runs.c"])
    done = subprocess.run(program, capture_output=True, check=False)
    said = done.stdout.decode().split()
    assert (done.returncode, said[0]) == (0, name), done
    assert int(said[1]) > 1_000_000
