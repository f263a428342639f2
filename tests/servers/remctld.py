"""The real remctld of the remctl project, on a loopback port of its own."""

import socket
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.daemon import Daemon, DaemonFailed, program
from tests.servers.ports import IPV4, family_of, free_port
from tests.servers.realm import Realm
from tests.servers.remctld_commands import write_configuration

START_ATTEMPTS = 5


class Remctld:
    """A running remctld with the commands of remctld_commands.py; many may run at once.

    `address` is the literal that it binds; `port` is a free one unless given; `service` is
    passed as -s, without it the server accepts every key of the keytab; `rules` are further
    configuration lines.
    """

    def __init__(
        self,
        realm: Realm,
        *,
        address: str = IPV4,
        port: int | None = None,
        service: str | None = None,
        rules: str = "",
    ) -> None:
        self._realm = realm
        self._wanted_port = port
        self._service = service
        self._rules = rules
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._daemon: Daemon | None = None
        self.address = address
        self.port = 0
        self.principal = service or "host/localhost"

    def __enter__(self) -> Self:
        self._temporary = tempfile.TemporaryDirectory(prefix="opswire-remctld-")
        folder = Path(self._temporary.name)
        # Commands may run as another user (user=), who must reach the scripts.
        folder.chmod(0o755)
        try:
            configuration = write_configuration(folder, self._realm.name, self._rules)
            self._start(folder, configuration)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the server, its connections and its commands; may be called again."""
        if self._daemon is not None:
            self._daemon.stop()
            self._daemon = None
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    @property
    def pid(self) -> int:
        """The process id of the listening server."""
        assert self._daemon is not None, "the server has not been started"
        return self._daemon.pid

    def log(self) -> str:
        """What the server has logged so far."""
        assert self._daemon is not None, "the server has not been started"
        return self._daemon.log()

    def _start(self, folder: Path, configuration: Path) -> None:
        for _ in range(START_ATTEMPTS):
            self.port = self._wanted_port or free_port(self.address)
            self._daemon = Daemon(
                self._command(folder, configuration),
                self._realm.environment,
                folder / "remctld.log",
            )
            try:
                self._daemon.wait_until(self._accepts)
            except DaemonFailed as failure:
                self._daemon.stop()
                reason = failure
            else:
                return
        raise reason

    def _command(self, folder: Path, configuration: Path) -> list[str]:
        command = [program("remctld", "remctl-server"), "-m", "-F", "-S"]
        command += ["-k", str(self._realm.keytab), "-f", str(configuration)]
        command += ["-p", str(self.port), "-b", self.address, "-P", str(folder / "remctld.pid")]
        return [*command, "-s", self._service] if self._service else command

    def _accepts(self) -> bool:
        with socket.socket(family_of(self.address), socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            try:
                probe.connect((self.address, self.port))
            except OSError:
                return False
        # Whoever took the port first also answers; the server itself has then ended.
        return self._daemon is not None and self._daemon.running
