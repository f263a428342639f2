"""Collects all tests in two processes, whose sets have other orders; the ids must be the same.

Else pytest-xdist, `--last-failed` and the names in a report mean nothing in the next process.
"""

import os
import subprocess
import sys

COMMAND = ["-m", "pytest", "-p", "no:cacheprovider", "--collect-only", "-q", "-m", "", "tests"]


def collection(seed: str) -> subprocess.Popen[str]:
    """Begin to collect."""
    return subprocess.Popen(
        [sys.executable, *COMMAND],
        env={**os.environ, "PYTHONHASHSEED": seed},
        stdout=subprocess.PIPE,
        text=True,
    )


def main() -> None:
    """Compare; what differs is shown."""
    processes = [collection(seed) for seed in ("1", "2")]
    outputs = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs[0][-5000:]
    first, second = ([line for line in text.splitlines() if "::" in line] for text in outputs)
    differ = [f"{one}\n{other}" for one, other in zip(first, second, strict=True) if one != other]
    assert not differ, "\n".join(differ)
    assert len(set(first)) == len(first) > 0
    print(f"{len(first)} tests have the same ids in the same order")


if __name__ == "__main__":
    main()
