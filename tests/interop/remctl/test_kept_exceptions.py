"""An exception that a program keeps, as a report over many hosts does, holds nothing open."""

import os

import pytest

from opswire.errors import RemctlError
from opswire.remctl import Remctl
from tests.servers.realm import Realm


def test_a_kept_exception_keeps_no_descriptor(realm: Realm) -> None:
    before = len(os.listdir("/proc/self/fd"))
    kept = []
    for _ in range(5):
        with pytest.raises(RemctlError, match="cannot connect") as caught:
            Remctl("127.0.0.1", 1)
        kept.append(caught.value)
    assert len(os.listdir("/proc/self/fd")) == before
    assert len(kept) == 5
