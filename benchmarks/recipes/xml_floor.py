"""What it takes to read in C and make nothing of it: by our scanner, our reader, and expat.

Compiled when it is measured, with the release flags of setup.py; needs a C compiler and
libexpat1-dev.
"""

import ctypes
import subprocess
from pathlib import Path

from benchmarks.claim import Round
from benchmarks.contender import ROOT
from benchmarks.recipes.cim_rounds import cpu

SOURCES = [
    path for name in ("foundation", "xml", "cimxml") for path in ROOT.glob(f"csrc/{name}/*.c")
]
FLAGS = "-std=gnu11 -O2 -fPIC -shared -fstack-protector-strong -D_FORTIFY_SOURCE=3 -Wall"


class Floor:
    """The compiled functions, as rounds."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        for function in (library.scan, library.read_objects, library.expat):
            function.argtypes = (ctypes.c_char_p, ctypes.c_ulong)
            function.restype = ctypes.c_ulong

    def scanner(self, octets: bytes) -> Round:
        """Our scanner, a new one each time; the octets must be sound."""
        assert self._library.scan(octets, len(octets))
        return cpu(lambda: self._library.scan(octets, len(octets)))

    def reader(self, octets: bytes) -> Round:
        """Our reader, a new one each time; the octets must be an answer with objects."""
        assert self._library.read_objects(octets, len(octets))
        return cpu(lambda: self._library.read_objects(octets, len(octets)))

    def expat(self, octets: bytes) -> Round:
        """By expat with empty handlers; it may refuse the octets."""
        return cpu(lambda: self._library.expat(octets, len(octets)))


def floor(folder: str) -> Floor:
    """Compile, and load."""
    library = Path(folder).absolute() / "xml_floor.so"
    sources = ["benchmarks/recipes/xml_floor.c", *map(str, sorted(SOURCES))]
    command = ["cc", *FLAGS.split(), "-Iinclude", "-Icsrc", "-o", str(library), *sources, "-lexpat"]
    subprocess.run(command, cwd=ROOT, check=True)
    return Floor(ctypes.CDLL(str(library)))
