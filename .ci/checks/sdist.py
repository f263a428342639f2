"""Builds the sdist into FOLDER/opswire.tar.gz; it must contain what a build and a test need."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path


def main(folder: Path) -> None:
    """Build it; an exception says what is wrong."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "-o", str(folder)]
    subprocess.run(command, check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as content:
        names = {name.partition("/")[2] for name in content.getnames()}
    for wanted in (
        "csrc/foundation/status.c",
        "include/opswire/status.h",
        "setup.py",
        "test",
        "demo",
    ):
        assert wanted in names, f"the sdist lacks {wanted}"
    archive.rename(folder / "opswire.tar.gz")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
