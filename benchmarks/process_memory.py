"""The most memory that this process has had."""

from pathlib import Path


def peak_megabytes() -> float:
    """Peak resident memory in MB (10^6 octets).

    VmHWM, because ru_maxrss survives exec and would tell of the parent.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("/proc/self/status has no VmHWM")
