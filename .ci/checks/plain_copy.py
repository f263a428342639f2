"""Builds a wheel into FOLDER from a plain copy of the sources.

The copy has neither .git nor PKG-INFO, and no git is found on its PATH: whoever downloads an
archive of the sources builds so. The wheel must contain the C headers and manuals, and keep the
rules for what released wheels contain.
"""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "release"))
import verify

SOURCES = ("src", "csrc", "include", "docs", "pyproject.toml", "setup.py", "README.md", "LICENSE")
HEADER = "opswire/include/opswire/status.h"
MANUAL = "share/man/man1/opswire-fleet.1"


def main(folder: Path) -> None:
    """Copy and build; an exception says what is wrong with the wheel."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="opswire-copy-") as temporary:
        _build(_copied(Path(temporary)), _programs(Path(temporary)), folder)
    (wheel,) = folder.glob("*.whl")
    assert wheel.name.startswith("opswire-0.0.0-"), f"{wheel.name} is not the fallback version"
    _, _, python, abi, platform = wheel.stem.split("-")
    with tempfile.TemporaryDirectory(prefix="opswire-wheel-") as temporary:
        with zipfile.ZipFile(wheel) as content:
            names = content.namelist()
            content.extractall(temporary)
        faults = verify.content_faults(Path(temporary), f"{python}-{abi}", platform)
    assert not faults, f"{wheel.name}: {'; '.join(faults)}"
    assert HEADER in names, f"{wheel.name} lacks {HEADER}"
    assert any(name.endswith(MANUAL) for name in names), f"{wheel.name} lacks {MANUAL}"


def _copied(folder: Path) -> Path:
    copy = folder / "opswire"
    copy.mkdir()
    for name in SOURCES:
        source = Path(name)
        if source.is_dir():
            leftovers = shutil.ignore_patterns("*.so", "_version.py", "*.egg-info", "__pycache__")
            shutil.copytree(source, copy / name, symlinks=True, ignore=leftovers)
        else:
            shutil.copy2(source, copy / name)
    return copy


def _programs(folder: Path) -> Path:
    """All that is on the PATH: what compiles."""
    programs = folder / "programs"
    programs.mkdir()
    compiler = shlex.split(sysconfig.get_config_var("CC"))[0]
    for name in {compiler, "gcc", "as", "ld"}:
        (programs / name).symlink_to(shutil.which(name) or name)
    return programs


def _build(copy: Path, programs: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation"]
    command += ["--no-deps", "--no-cache-dir", "-w", str(folder), str(copy)]
    subprocess.run(command, check=True, env={**os.environ, "PATH": str(programs)})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
