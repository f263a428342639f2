"""A private network namespace for tests of fixed ports (4373, 4444): only its own loopback.

``python -m tests.servers.namespace COMMAND…`` brings loopback up and becomes COMMAND; it is
meant to run inside the namespace, where `isolated` puts it. The servers that COMMAND needs must
be started by COMMAND, because nothing outside can be reached.
"""

import fcntl
import os
import socket
import struct
import sys
from collections.abc import Sequence

# Linux's <linux/sockios.h> and <net/if.h>; iproute2 is missing on a minimal Debian.
SIOCGIFFLAGS = 0x8913
SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1
REQUEST = struct.Struct("16sh14x")


def isolated(
    command: Sequence[str], *, module: str = "tests.servers.namespace", mounts: bool = False
) -> list[str]:
    """The command line that runs `command` in a new network namespace; no root needed.

    `module` is what prepares the namespace; with `mounts` it may change what is mounted, for
    itself and `command`. The working directory must be the checkout's, as for the tests themselves.
    """
    unshare = ["unshare", "--net"]
    if mounts:
        unshare.append("--mount")
    if os.geteuid() != 0:
        unshare.append("--map-root-user")
    return [*unshare, "--", sys.executable, "-m", module, *command]


def bring_loopback_up() -> None:
    """Give this namespace 127.0.0.1 and, where the kernel has it, ::1."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        answer = fcntl.ioctl(control, SIOCGIFFLAGS, REQUEST.pack(b"lo", 0))
        _, flags = REQUEST.unpack(answer)
        fcntl.ioctl(control, SIOCSIFFLAGS, REQUEST.pack(b"lo", flags | IFF_UP))


if __name__ == "__main__":
    bring_loopback_up()
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606  # the caller's own command, no shell wanted
