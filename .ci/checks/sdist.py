"""Builds the sdist into FOLDER/opswire.tar.gz, and a wheel from a plain copy of the sources.

The copy has neither .git nor PKG-INFO, and no git is found on its PATH: whoever downloads an
archive of the sources builds so. Both must contain the C headers and no leftovers.
"""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from pathlib import Path

SOURCES = ("src", "csrc", "include", "docs", "pyproject.toml", "setup.py", "README.md", "LICENSE")
HEADER = "opswire/include/opswire/status.h"
MANUAL = "share/man/man1/opswire-fleet.1"


def main(folder: Path) -> None:
    """Build both; an exception says what is wrong with one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _build_sdist(folder)
    with tempfile.TemporaryDirectory(prefix="opswire-copy-") as temporary:
        _build_from_copy(Path(temporary))


def _build_sdist(folder: Path) -> None:
    command = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "-o", str(folder)]
    subprocess.run(command, check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as content:
        names = {name.partition("/")[2] for name in content.getnames()}
    for wanted in ("csrc/status.c", "include/opswire/status.h", "setup.py", "test", "demo"):
        assert wanted in names, f"the sdist lacks {wanted}"
    archive.rename(folder / "opswire.tar.gz")


def _build_from_copy(folder: Path) -> None:
    copy = folder / "opswire"
    copy.mkdir()
    for name in SOURCES:
        source = Path(name)
        if source.is_dir():
            leftovers = shutil.ignore_patterns("*.so", "_version.py", "*.egg-info", "__pycache__")
            shutil.copytree(source, copy / name, symlinks=True, ignore=leftovers)
        else:
            shutil.copy2(source, copy / name)
    programs = folder / "programs"
    programs.mkdir()
    compiler = shlex.split(sysconfig.get_config_var("CC"))[0]
    for name in {compiler, "gcc", "as", "ld"}:
        (programs / name).symlink_to(shutil.which(name) or name)
    command = [sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps"]
    command += ["--no-cache-dir", "-w", str(folder), str(copy)]
    environment = {**os.environ, "PATH": str(programs), "OPSWIRE_BUILD": "release"}
    subprocess.run(command, check=True, env=environment)
    (wheel,) = folder.glob("*.whl")
    assert wheel.name.startswith("opswire-0.0.0-"), f"{wheel.name} is not the fallback version"
    with zipfile.ZipFile(wheel) as content:
        names = content.namelist()
    assert HEADER in names, f"{wheel.name} lacks {HEADER}"
    assert any(name.endswith(MANUAL) for name in names), f"{wheel.name} lacks {MANUAL}"
    sources = [name for name in names if name.endswith((".c", ".pyx", ".pxd"))]
    assert not sources, f"{wheel.name} has {sources}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
