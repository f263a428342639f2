"""The compiled modules of the installed opswire, as nm and readelf show them."""

import functools
import os
import subprocess
from pathlib import Path

import opswire

CHECKOUT = Path(__file__).parents[2]
PACKAGE = Path(opswire.__file__).parent
EXTENSIONS = sorted((PACKAGE / "_core").rglob("*.so"))
SANITIZED = os.environ.get("OPSWIRE_BUILD") == "sanitize"


def output(*command: str | Path) -> str:
    """What a program prints."""
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return result.stdout


@functools.cache
def symbols(path: Path, *options: str) -> frozenset[str]:
    """The names that nm lists."""
    lines = output("nm", *options, path).splitlines()
    return frozenset(line.split()[-1] for line in lines if line)
