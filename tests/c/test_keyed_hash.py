"""The sums of include/opswire/keyed_hash.h."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator

import pytest

from opswire._core.ffi import ffi, lib
from tests.c.octets import View

# CPython's own sums are SipHash-1-3 since 3.11, and PYTHONHASHSEED=0 makes its key all zero; of any
# other seed a generator of random numbers makes it (lcg_urandom() in bootstrap_hash.c).
ORACLE = """
import sys
assert sys.hash_info.algorithm == "siphash13"
for size in range(1, 100):
    print(hash(bytes(range(200 - size, 200))) % 2**64)
"""


@pytest.fixture
def key() -> Iterator[None]:
    """A known key; nothing is read meanwhile."""
    lib.opswire_hash_set_key(ffi.new("uint8_t[16]"))
    yield
    lib.opswire_hash_set_key(ffi.new("uint8_t[16]", os.urandom(16)))


def sum_of(octets: bytes) -> int:
    """What the table would use."""
    return lib.opswire_hash(View(octets).c)


def key_of(seed: int) -> bytes:
    """The key that CPython makes of a seed."""
    octets, number = bytearray(16), seed
    for place in range(16 if seed else 0):
        number = (number * 214013 + 2531011) % 2**32
        octets[place] = number >> 16 & 0xFF
    return bytes(octets)


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("seed", [0, 1, 20261128])
def test_sums_are_those_of_siphash_1_3(seed: int) -> None:
    """For every size of the last, incomplete word."""
    lib.opswire_hash_set_key(ffi.new("uint8_t[16]", key_of(seed)))
    command = [sys.executable, "-c", ORACLE]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    sums = [sum_of(bytes(range(200 - size, 200))) for size in range(1, 100)]
    assert sums == [int(line) for line in answer.stdout.split()]


def test_the_key_is_another_in_every_process() -> None:
    """Nobody outside can tell which names have one sum."""
    program = (
        "from opswire._core.ffi import ffi, lib; from tests.c.octets import View;"
        "print(lib.opswire_hash(View(b'name').c))"
    )
    sums = {subprocess.check_output([sys.executable, "-c", program]) for _ in range(3)}
    assert len(sums) == 3


def test_a_folded_sum_is_that_of_the_name_in_lower_case() -> None:
    """Of the 26 letters and nothing else, wherever in a word they are."""
    source = random.Random(20261128)  # noqa: S311 - a test that repeats
    every = bytes(range(256))
    names = [every, every[1:], *(source.randbytes(source.randrange(40)) for _ in range(500))]
    for name in names:
        assert lib.opswire_hash_folded(View(name).c) == sum_of(name.lower()), name


def test_another_key_gives_other_sums() -> None:
    """Both halves of it count."""
    names = [b"", b"a", b"PROPERTY", b"a longer name than a word"]
    sums = []
    for place in (0, 15):
        octets = bytearray(16)
        octets[place] = 1
        lib.opswire_hash_set_key(ffi.new("uint8_t[16]", bytes(octets)))
        sums.append([sum_of(name) for name in names])
    lib.opswire_hash_set_key(ffi.new("uint8_t[16]", os.urandom(16)))
    assert not set(sums[0]) & set(sums[1])
