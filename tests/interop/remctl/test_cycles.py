"""What a command leaves is freed at once: output of 100 MB must not wait for the collector."""

import gc
from collections.abc import Callable
from contextlib import suppress

import pytest

from opswire.errors import RemctlError
from opswire.remctl import Remctl, remctl
from tests.servers.remctld import Remctld

Use = Callable[[Remctld, Remctl], object]


class FullDisk:
    """A file object that takes nothing."""

    def write(self, octets: bytes) -> int:
        """Refuse."""
        raise OSError(28, "No space left on device")


USES: dict[str, Use] = {
    "one call": lambda server, _: remctl("localhost", server.port, None, ["test", "true"]),
    "one call, refused": lambda server, _: remctl("localhost", server.port, None, ["nonsense"]),
    "command": lambda _, connection: connection.run(["test", "both"]),
    "command, refused": lambda _, connection: connection.run(["nonsense"]),
    "too much output": lambda _, connection: connection.run(["test", "both"], max_output=1),
    "a file that fails": lambda _, connection: connection.run(["test", "both"], stdout=FullDisk()),
    "timeout": lambda _, connection: connection.run(["test", "sleep", "2"], timeout=0.05),
    "wrong use": lambda _, connection: connection.set_timeout(-1),
    "no connection": lambda _, __: Remctl("localhost", 1),
    "no such service": lambda server, _: Remctl("localhost", server.port, "nobody/nowhere"),
    "no such cache": lambda server, _: Remctl("localhost", server.port, credentials="nonsense:x"),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_it_leaves_nothing_to_the_collector(remctld: Remctld, use: Use) -> None:
    with Remctl("localhost", remctld.port) as connection:
        for _ in range(2):  # the first time, modules may be imported
            gc.collect()
            gc.disable()
            try:
                with suppress(RemctlError, OSError):
                    use(remctld, connection)
                left = gc.collect()
            finally:
                gc.enable()
        assert left == 0
