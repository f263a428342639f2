"""tests/c/list_format.c: a format that is XML needs the XML library, and no file of CIM."""

import subprocess
from pathlib import Path

import pytest

from tests.c.programs import ENVIRONMENT, c_files, compiled


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Linked with those two folders of csrc only."""
    sources = ["tests/c/list_format.c", *c_files("foundation", "xml")]
    return compiled(tmp_path_factory.mktemp("format"), sources)


def through(program: Path, document: str) -> subprocess.CompletedProcess[bytes]:
    """What it makes of a document."""
    return subprocess.run(
        [program], input=document.encode(), capture_output=True, env=ENVIRONMENT, check=False
    )


@pytest.mark.parametrize(
    ("document", "written"),
    [
        ("<a/>", "<a/>"),
        ("<a><b>one</b><b></b></a>", "<a><b>one</b><b></b></a>"),
        (
            "<?xml version='1.0'?><a><b>&#x3c;<![CDATA[&]]><!-- --></b></a>",
            "<a><b>&lt;&amp;</b></a>",
        ),
    ],
)
def test_what_it_reads_it_writes(document: str, written: str, program: Path) -> None:
    """References, CDATA and comments are gone; texts are as they were."""
    done = through(program, document)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, written, b"")


@pytest.mark.parametrize(
    "document", ["<a>x</a>", "<b/>", "<a><b><b/></b></a>", "<a><c/></a>", "<a>"]
)
def test_what_it_is_not_is_refused(document: str, program: Path) -> None:
    """With nothing written, and nothing that a sanitizer would tell."""
    done = through(program, document)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
