"""How many hosts at once the limit of open files allows, after it was raised as far as needed."""

import os
import resource

EACH = 3
"""Descriptors per host at once: its connection, and while it is made a lookup and a cache file."""

SPARE = 32
"""For everything else that the program opens: event loop, libraries, the terminal."""


def affordable(wanted: int) -> int:
    """Raise this process's soft limit of open files for so many hosts at once.

    Returns:
        How many there can be: as many as wanted, or what the hard limit leaves, at least 1.
    """
    used = len(os.listdir("/proc/self/fd")) + SPARE
    needed = used + wanted * EACH
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if _holds(soft, needed):
        return wanted
    reachable = needed if _holds(hard, needed) else hard
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))
    except (OSError, ValueError):  # a container's policy forbids even that
        reachable = soft
    return max(1, min(wanted, (reachable - used) // EACH))


def _holds(limit: int, needed: int) -> bool:
    return limit == resource.RLIM_INFINITY or limit >= needed
