"""A real DNS server with a zone of its own: dnsmasq, on loopback.

``python -m tests.servers.dns FOLDER RECORDS COMMAND…`` runs inside a namespace, where `reachable`
puts it: there it is the server of the whole machine.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from tests.servers.daemon import Daemon, DaemonFailed, program
from tests.servers.dead_dns import replace_files
from tests.servers.namespace import bring_loopback_up, isolated
from tests.servers.ports import IPV4, free_port

ZONE = "opswire.test"
PORT = 53
START_ATTEMPTS = 5


class Target(NamedTuple):
    """What an SRV record says; the host "" stands for "." in the answer: no such service."""

    host: str
    port: int = 0
    priority: int = 0
    weight: int = 0


class NameServer:
    """Answers for `ZONE` inside the `with` block, and refuses every other question.

    `services` are the SRV records of _remctl._tcp, `addresses` the A records and `notes` the TXT
    records, by name.
    """

    def __init__(
        self,
        services: Mapping[str, Sequence[Target]],
        *,
        addresses: Mapping[str, str] | None = None,
        notes: Mapping[str, str] | None = None,
        port: int | None = None,
    ) -> None:
        self._wanted_port = port
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._daemon: Daemon | None = None
        self._records = [
            f"--srv-host=_remctl._tcp.{name}" + (f",{','.join(map(str, target))}" * bool(target[0]))
            for name, targets in services.items()
            for target in targets
        ]
        self._records += [f"--host-record={name},{at}" for name, at in (addresses or {}).items()]
        self._records += [f"--txt-record={name},{text}" for name, text in (notes or {}).items()]
        self.address = IPV4
        self.port = 0

    def __enter__(self) -> Self:
        self._temporary = tempfile.TemporaryDirectory(prefix="opswire-dns-")
        try:
            self._start(Path(self._temporary.name) / "dnsmasq.log")
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
        """Stop the server; may be called again."""
        if self._daemon is not None:
            self._daemon.stop()
            self._daemon = None
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    @property
    def questions(self) -> list[str]:
        """The types and names that it was asked for, as in "SRV _remctl._tcp.web.opswire.test"."""
        assert self._daemon is not None, "the server has not been started"
        words = (line.partition(": query[")[2].split() for line in self._daemon.log().splitlines())
        return [f"{found[0].rstrip(']')} {found[1]}" for found in words if found]

    def _start(self, log: Path) -> None:
        for _ in range(START_ATTEMPTS):
            self.port = self._wanted_port or free_port(self.address)
            self._daemon = Daemon(self._command(), {}, log)
            try:
                self._daemon.wait_until(lambda: "started, version" in log.read_text())
            except DaemonFailed as failure:
                self._daemon.stop()
                reason = failure
            else:
                return
        raise reason

    def _command(self) -> list[str]:
        # In the foreground, and without becoming another user, which only root can.
        command = [program("dnsmasq", "dnsmasq-base"), "--no-daemon"]
        command += ["--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--no-poll"]
        command += ["--log-queries", "--log-facility=-"]
        command += [f"--port={self.port}", f"--listen-address={self.address}"]
        command += ["--bind-interfaces", f"--local=/{ZONE}/", *self._records]
        return command


def reachable(
    command: Sequence[str],
    folder: Path,
    services: Mapping[str, Sequence[Target]],
    addresses: Mapping[str, str],
) -> list[str]:
    """The command line that runs `command` where the whole machine asks such a server.

    `folder` is an empty one for a moment's files. Loopback is the only network there.
    """
    records = json.dumps([services, addresses])
    return isolated([str(folder), records, *command], module="tests.servers.dns", mounts=True)


def _serve(folder: Path, records: str, command: Sequence[str]) -> int:
    services, addresses = json.loads(records)
    targets = {name: [Target(*each) for each in found] for name, found in services.items()}
    bring_loopback_up()
    replace_files(folder, 5)
    with NameServer(targets, addresses=addresses, port=PORT):
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(_serve(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
