"""A temporary file is a new one, also when somebody has guessed its name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.binaries import output

# The name is made of the process and the time: the clock of this process stands still for a while.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int readings = -1;

void stand_still(int count)
{
    readings = count;
}

int clock_gettime(clockid_t clock, struct timespec *moment)
{
    int (*next)(clockid_t, struct timespec *) =
        (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");

    if (clock != CLOCK_REALTIME || readings < 0)
        return next(clock, moment);
    moment->tv_sec = 1000;
    moment->tv_nsec = readings > 0 ? 0 : 1;
    readings--;
    return 0;
}
"""

PROGRAM = """
import ctypes, os, sys
from opswire._core.folder_files import Seen, replace_file

shim, base, kind = sys.argv[1:]
guessed = f"{base}/%tmp{os.getpid():x}.{1000 * 10**9:x}"
if kind == "link":
    os.symlink("victim", guessed)
else:
    os.link(f"{base}/victim", guessed)
ctypes.CDLL(shim).stand_still(3)
replace_file(base, (), "name", b"content", Seen(), "%tmp")
"""


@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_name_that_exists_is_not_used(tmp_path: Path, kind: str) -> None:
    """Not even when it leads to a file that one may write to."""
    source = tmp_path / "clock.c"
    source.write_text(SHIM)
    shim = tmp_path / "clock.so"
    output("cc", "-shared", "-fPIC", source, "-o", shim, "-ldl")
    base = tmp_path / "base"
    base.mkdir()
    (base / "victim").write_text("untouched")
    environment = {
        "LD_PRELOAD": str(shim),
        # The sanitizers' run time wants to be first, though here it does not matter.
        "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0",
    }
    subprocess.run(
        [sys.executable, "-c", PROGRAM, shim, base, kind],
        env={**os.environ, **environment},
        check=True,
    )
    assert (base / "victim").read_text() == "untouched"
    assert (base / "name").read_text() == "content"
    assert not (base / "name").is_symlink()
