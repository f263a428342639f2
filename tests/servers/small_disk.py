"""A disk that is soon full, for one command: a tmpfs in a mount namespace of its own.

``python -m tests.servers.small_disk FOLDER OCTETS COMMAND…`` runs inside the namespace, where
`with_small_disk` puts it. COMMAND is root there and may remount the folder, read-only for one.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.servers.namespace import isolated


def with_small_disk(command: Sequence[str], folder: Path, octets: int) -> list[str]:
    """The command line that runs `command` with a disk of that size in a folder; no root needed."""
    return isolated(
        [str(folder), str(octets), *command], module="tests.servers.small_disk", mounts=True
    )


if __name__ == "__main__":
    folder, octets, *command = sys.argv[1:]
    options = f"size={octets},mode=0700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
    os.execvp(command[0], command)  # noqa: S606  # the caller's own command, no shell wanted
