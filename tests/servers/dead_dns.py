"""A DNS server that takes every question and never answers, for one command in a namespace.

``python -m tests.servers.dead_dns FOLDER SECONDS COMMAND…`` runs inside the namespace, where
`cut_off` puts it.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.servers.namespace import bring_loopback_up, isolated
from tests.servers.ports import IPV4

# The C library would ask systemd-resolved or others first if it were told so.
FILES = {
    "/etc/nsswitch.conf": "hosts: files dns\n",
    "/etc/resolv.conf": f"nameserver {IPV4}\noptions timeout:{{seconds}} attempts:1\n",
}


def cut_off(command: Sequence[str], folder: Path, seconds: int = 30) -> list[str]:
    """The command line that runs `command` where a name lookup fails after `seconds`.

    `folder` is an empty one for a moment's files. Loopback is the only network there.
    """
    return isolated(
        [str(folder), str(seconds), *command], module="tests.servers.dead_dns", mounts=True
    )


def replace_files(folder: Path, seconds: int) -> None:
    """Put our configuration over the machine's, in this mount namespace only.

    Without a resolv.conf the C library asks the same address by itself.
    """
    for path, text in FILES.items():
        if Path(path).exists():
            ours = folder / Path(path).name
            ours.write_text(text.format(seconds=seconds))
            subprocess.run(["mount", "--bind", ours, path], check=True)


def swallow() -> None:
    """Bind the port of DNS for the rest of this process and of what it becomes."""
    question = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    question.bind((IPV4, 53))
    os.set_inheritable(question.detach(), True)


if __name__ == "__main__":
    bring_loopback_up()
    replace_files(Path(sys.argv[1]), int(sys.argv[2]))
    swallow()
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606  # the caller's own command, no shell wanted
