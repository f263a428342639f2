"""The GSS-API library is loaded without memory: that is told, and no other library is taken."""

import os
import subprocess
import sys
from pathlib import Path

from tests.c.programs import CHECKOUT


def test_without_memory_no_library_passes_for_missing(tmp_path: Path) -> None:
    """gss_without_memory.c says what holds; not compiled with sanitizers, which allocate, too."""
    program = tmp_path / "program"
    sources = ["tests/c/gss_without_memory.c", "csrc/gss/dynload.c"]
    command = ["gcc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-fno-builtin", "-Wall", "-Werror"]
    subprocess.run(
        [*command, "-Iinclude", "-Icsrc", *sources, "-o", program], cwd=CHECKOUT, check=True
    )
    result = subprocess.run([program], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    counts = [tuple(map(int, line.split())) for line in result.stdout.splitlines()]
    once, for_ever = counts[0], counts[-1]
    assert once[1] > 20, "one allocation that fails once is got over"
    assert for_ever[0] > 20, "without any more memory there is no library"


LIMITED = """
import resource
from opswire._core import gss
from opswire.errors import LibraryMissingError

soft, hard = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (1, hard))
try:
    gss.load()
    told = None
except (MemoryError, LibraryMissingError) as error:
    told = error
resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
gss.load()
print(type(told).__name__)
"""


def test_a_program_is_told_by_a_memory_error_and_can_try_again() -> None:
    """No address space is left, which ld.so tells like any other failure.

    There may be no memory for the text of the exception either.
    """
    options = f"{os.environ.get('ASAN_OPTIONS', '')}:allocator_may_return_null=1"
    result = subprocess.run(
        [sys.executable, "-c", LIMITED],
        env=os.environ | {"ASAN_OPTIONS": options},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stdout, result.stderr) == ("MemoryError\n", "")
