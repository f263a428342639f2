"""The CPythons of this machine that opswire supports, besides the one that runs the checks.

As a program it prints them all, as lines of the minor version and the path or "-".
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

SUPPORTED = range(11, 16)
OTHERS = range(12, 16)
# pyenv's and uv's own folders; neither need be on PATH.
FOLDERS = ("~/.pyenv/versions", "~/.local/share/uv/python")
PROBE = """
import os, sys, sysconfig
header = os.path.join(sysconfig.get_path("include"), "Python.h")
usable = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")
print(*sys.version_info[:3], int(usable and os.path.exists(header)))
"""


def found() -> dict[int, Path]:
    """Minor version to the newest interpreter of it that can compile an extension."""
    best: dict[int, tuple[int, Path]] = {}
    for path in _candidates():
        answer = _probe(path)
        if answer is None:
            continue
        minor, micro = answer
        if minor in OTHERS and (minor not in best or best[minor][0] < micro):
            best[minor] = (micro, path)
    return {minor: path for minor, (_, path) in sorted(best.items())}


def _candidates() -> list[Path]:
    paths = [Path(path) for minor in OTHERS if (path := shutil.which(f"python3.{minor}"))]
    for folder in FOLDERS:
        paths += sorted(Path(folder).expanduser().glob("*/bin/python3.[0-9]*"))
    return [path for path in paths if re.fullmatch(r"python3\.\d+", path.name)]


def _probe(path: Path) -> tuple[int, int] | None:
    try:
        answer = subprocess.run(
            [path, "-I", "-c", PROBE], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None  # a shim of pyenv without a version behind it, for example
    major, minor, micro, usable = map(int, answer.stdout.split())
    return (minor, micro) if major == 3 and usable else None


if __name__ == "__main__":
    others = found()
    for minor in SUPPORTED:
        print(minor, sys.executable if minor == sys.version_info.minor else others.get(minor, "-"))
