"""The memory of this process."""

from pathlib import Path


def peak_megabytes() -> float:
    """Peak resident memory in MB (10^6 octets).

    VmHWM, because ru_maxrss survives exec and would tell of the parent.
    """
    return _octets("VmHWM:") / 1e6


def resident() -> int:
    """Resident memory now, in octets."""
    return _octets("VmRSS:")


def _octets(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"/proc/self/status has no {name}")
