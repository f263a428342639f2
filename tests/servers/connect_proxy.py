"""A real CONNECT proxy: tinyproxy on loopback."""

import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.ports import IPV4, free_port

CONFIGURATION = """\
Port {port}
Listen {address}
Allow 127.0.0.1
LogFile "{log}"
LogLevel Connect
MaxClients 20
"""


class ConnectProxy:
    """Runs inside the `with` block; `tunnels` says where its clients were connected to."""

    def __init__(self) -> None:
        """Choose a port."""
        self._folder = tempfile.TemporaryDirectory(prefix="opswire-proxy-")
        self._log = Path(self._folder.name, "log")
        self._port = 0

    @property
    def url(self) -> str:
        """What a client is given as its proxy."""
        return f"http://{IPV4}:{self._port}"

    @property
    def log(self) -> str:
        """What the proxy says."""
        return self._log.read_text() if self._log.exists() else ""

    @property
    def tunnels(self) -> list[str]:
        """The targets of the CONNECT requests, in order."""
        marked = (line.partition("): CONNECT ") for line in self.log.splitlines())
        return [target.split()[0] for _, mark, target in marked if mark]

    def __enter__(self) -> Self:
        """Start; again on another port if somebody was faster."""
        for _ in range(5):
            self._port = free_port()
            configuration = Path(self._folder.name, "configuration")
            configuration.write_text(
                CONFIGURATION.format(port=self._port, address=IPV4, log=self._log)
            )
            self._process = subprocess.Popen(
                ["tinyproxy", "-d", "-c", configuration], stdout=subprocess.DEVNULL
            )
            deadline = time.monotonic() + 20
            while self._process.poll() is None and time.monotonic() < deadline:
                try:
                    socket.create_connection((IPV4, self._port), 1).close()
                except OSError:
                    time.sleep(0.02)
                else:
                    return self
            self._stop()
        raise RuntimeError(f"tinyproxy does not start: {self.log}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, and its folder."""
        self._stop()
        self._folder.cleanup()

    def _stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)
