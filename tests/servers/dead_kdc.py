"""A KDC that takes every question and never answers."""

import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.kerberos_configuration import krb5_conf
from tests.servers.ports import IPV4
from tests.servers.realm import Realm

BIND_ATTEMPTS = 50


class DeadKDC:
    """Sockets that swallow everything, and a krb5.conf that sends clients of `realm` to them.

    A ticket-granting ticket from the living realm stays valid, so with `environment` the first
    thing a client does is to ask for a service ticket and wait.
    """

    def __init__(self, realm: Realm, folder: Path) -> None:
        self._realm = realm
        self._folder = folder
        self._datagram, self._stream = _bound_pair()

    def __enter__(self) -> Self:
        # The kernel completes connections up to the backlog; nobody ever accepts them.
        self._stream.listen(64)
        port = self._stream.getsockname()[1]
        text = krb5_conf(self._realm.name, f"{IPV4}:{port}", self._folder)
        self.configuration.write_text(text)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._datagram.close()
        self._stream.close()

    @property
    def configuration(self) -> Path:
        """The krb5.conf that points here."""
        return self._folder / "dead_kdc_krb5.conf"

    @property
    def environment(self) -> dict[str, str]:
        """The realm's environment with this KDC and a cache that has no service tickets yet."""
        ccache = self._realm.kinit(ccache=self._folder / "dead_kdc_ccache")
        return {
            **self._realm.environment,
            "KRB5_CONFIG": str(self.configuration),
            "KRB5CCNAME": f"FILE:{ccache}",
        }


def _bound_pair() -> tuple[socket.socket, socket.socket]:
    for _ in range(BIND_ATTEMPTS):
        datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        stream = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        stream.bind((IPV4, 0))
        try:
            datagram.bind(stream.getsockname())
        except OSError:
            datagram.close()
            stream.close()
            continue
        return datagram, stream
    raise RuntimeError("no port is free for both TCP and UDP")
