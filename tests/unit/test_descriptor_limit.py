"""How many hosts at once the limit of open files allows; in a process whose limit it is."""

import json
import subprocess
import sys

import pytest

SPARE, EACH = 32, 3

PROGRAM = """
import json, os, resource, sys
from opswire.cli.fleet import affordable

soft, hard, wanted = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
used = len(os.listdir("/proc/self/fd"))
found = affordable(wanted)
print(json.dumps([used, found, *resource.getrlimit(resource.RLIMIT_NOFILE)]))
"""


def afforded(soft: int, hard: int, wanted: int) -> tuple[int, int, int]:
    """Ask with these limits: descriptors in use, hosts at once, and the soft limit afterwards."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, (soft, hard, wanted))],
        capture_output=True,
        text=True,
        check=True,
    )
    used, found, reached, still_hard = json.loads(done.stdout)
    assert still_hard == hard
    return used, found, reached


def test_the_limit_is_raised_as_far_as_needed() -> None:
    """Three descriptors a host, and 32 for everything else."""
    used, found, soft = afforded(64, 400, 100)
    assert (found, soft) == (100, used + SPARE + 100 * EACH)


def test_a_limit_that_is_high_enough_stays() -> None:
    assert afforded(400, 500, 100)[1:] == (100, 400)


@pytest.mark.parametrize("hard", [200, 201, 202])
def test_a_hard_limit_leaves_fewer_hosts(hard: int) -> None:
    """Whole ones: a host with two descriptors fails."""
    used, found, soft = afforded(64, hard, 100)
    assert (found, soft) == ((hard - used - SPARE) // EACH, hard)


def test_one_host_is_tried_under_every_limit() -> None:
    assert afforded(20, 20, 100)[1:] == (1, 20)
