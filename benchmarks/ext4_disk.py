"""An ext4 for the claims about files: whatever the checkout stands on, the figures are of ext4.

As mkfs.ext4 and mount make it by default: with a journal, and without the option discard.
"""

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.servers.daemon import program

OCTETS = 256 << 20


@contextmanager
def ext4_disk() -> Iterator[str]:
    """Yield the folder where it is mounted, on an image in the checkout; sudo does it if not root.

    Raises:
        RuntimeError: it cannot be made or mounted here.
    """
    Path("build").mkdir(exist_ok=True)
    with TemporaryDirectory(dir="build") as folder:
        image, mounted = f"{folder}/image", f"{folder}/disk"
        os.mkdir(mounted)
        with open(image, "wb") as file:
            file.truncate(OCTETS)
        owner = f"root_owner={os.getuid()}:{os.getgid()}"
        _run(program("mkfs.ext4", "e2fsprogs"), "-q", "-E", owner, image)
        _run(*_as_root(), "mount", "-o", "loop", image, mounted)
        try:
            yield mounted
        finally:
            _run(*_as_root(), "umount", mounted)


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo"]


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{shlex.join(command)}: {done.stderr.strip()}")
