"""A throw-away Kerberos realm: an MIT KDC with its database in a temporary folder."""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from tests.servers.daemon import Daemon, DaemonFailed, program
from tests.servers.kerberos_configuration import kdc_conf, krb5_conf
from tests.servers.ports import IPV4, free_port

START_ATTEMPTS = 5

T = TypeVar("T")


class Realm:
    """A running KDC, for root and ordinary users alike.

    Inside the `with` block there is a user "tester" with a ticket in the default credential
    cache, and a keytab with "host/localhost"; `environment` makes any process use them.

    >>> with Realm() as realm:                                              # doctest: +SKIP
    ...     subprocess.run(["klist"], env={**os.environ, **realm.environment})
    """

    def __init__(self, name: str = "OPSWIRE.TEST", *, user: str = "tester") -> None:
        self.name = name
        self.user = user
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._folder = Path()
        self._kdc: Daemon | None = None

    def __enter__(self) -> Self:
        self._temporary = tempfile.TemporaryDirectory(prefix="opswire-realm-")
        self._folder = Path(self._temporary.name)
        try:
            self._create()
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
        """Stop the KDC and delete everything; may be called again."""
        if self._kdc is not None:
            self._kdc.stop()
            self._kdc = None
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    @property
    def folder(self) -> Path:
        """The temporary folder; gone after the `with` block."""
        return self._folder

    @property
    def configuration(self) -> Path:
        """The realm's krb5.conf."""
        return self._folder / "krb5.conf"

    @property
    def keytab(self) -> Path:
        """The keys of all services."""
        return self._folder / "services.keytab"

    @property
    def ccache(self) -> Path:
        """The default credential cache, with a ticket of the user `user`."""
        return self._folder / "ccache"

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to live in this realm."""
        return {
            "KRB5_CONFIG": str(self.configuration),
            "KRB5_KDC_PROFILE": str(self._folder / "kdc.conf"),
            "KRB5CCNAME": f"FILE:{self.ccache}",
            "KRB5_KTNAME": f"FILE:{self.keytab}",
        }

    def add_service(self, principal: str) -> Path:
        """Create a service ("host/localhost") and return the keytab that has its key."""
        self._add_principal(principal, self.keytab)
        return self.keytab

    def add_user(self, user: str) -> None:
        """Create a user; `kinit` gets tickets for it."""
        self._add_principal(user, self._user_keytab(user))

    def kinit(
        self, user: str | None = None, ccache: Path | None = None, lifetime: int | None = None
    ) -> Path:
        """Get a ticket-granting ticket and return the credential cache that holds it.

        `user` is the realm's own user by default, `ccache` a file named after the user (the
        default cache for the realm's own), `lifetime` the seconds that the ticket is valid.
        """
        user = user or self.user
        if ccache is None:
            ccache = self.ccache if user == self.user else self._folder / f"ccache_{user}"
        command = [program("kinit", "krb5-user"), "-k", "-t", f"FILE:{self._user_keytab(user)}"]
        if lifetime is not None:
            command += ["-l", f"{lifetime}s"]
        self._run([*command, "-c", f"FILE:{ccache}", user])
        return ccache

    def used_until_expired(self, user: str, ccache: Path, use: Callable[[Path], T]) -> T:
        """Get a ticket that is valid for seconds, use it, and come back when it has expired.

        `use` gets the cache; it is called again, with a ticket that lives longer, when the first
        one's life was too short for a busy machine.
        """
        for lifetime in (2, 8, 32):
            self.kinit(user, ccache, lifetime=lifetime)
            used = use(ccache)
            if self._is_valid(ccache):
                while self._is_valid(ccache):
                    time.sleep(0.1)
                time.sleep(1)  # to the library its last second counts, to klist it does not
                return used
        raise AssertionError("tickets expired before they could be used")

    def _is_valid(self, ccache: Path) -> bool:
        command = [program("klist", "krb5-user"), "-s", "-c", f"FILE:{ccache}"]
        environment = {**os.environ, **self.environment}
        return subprocess.run(command, env=environment, check=False).returncode == 0

    def log(self) -> str:
        """The KDC's log."""
        path = self._folder / "krb5kdc.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _create(self) -> None:
        self._configure()
        self._run([program("kdb5_util", "krb5-kdc"), "create", "-s", "-P", "throw-away"])
        self.add_user(self.user)
        self.add_service("host/localhost")
        self._start()

    def _configure(self) -> None:
        listen = f"{IPV4}:{free_port()}"
        self.configuration.write_text(krb5_conf(self.name, listen, self._folder))
        (self._folder / "kdc.conf").write_text(kdc_conf(self.name, listen, self._folder))

    def _start(self) -> None:
        for attempt in range(START_ATTEMPTS):
            if attempt:
                self._configure()  # another process took the port between choice and bind
            command = [program("krb5kdc", "krb5-kdc"), "-n", "-P", str(self._folder / "kdc.pid")]
            self._kdc = Daemon(command, self.environment, self._folder / "krb5kdc.out")
            try:
                self._kdc.wait_until(self._gives_tickets)
            except DaemonFailed as failure:
                self._kdc.stop()
                reason = failure
            else:
                return
        raise DaemonFailed(f"{reason}\n{self.log()}")

    def _gives_tickets(self) -> bool:
        try:
            self.kinit()
        except DaemonFailed:
            return False
        return True

    def _user_keytab(self, user: str) -> Path:
        return self._folder / f"{user.replace('/', '_')}.keytab"

    def _add_principal(self, principal: str, keytab: Path) -> None:
        kadmin = program("kadmin.local", "krb5-admin-server")
        self._run([kadmin, "-r", self.name, "-q", f"addprinc -randkey {principal}"])
        self._run([kadmin, "-r", self.name, "-q", f"ktadd -norandkey -k {keytab} {principal}"])
        if not keytab.exists():
            raise DaemonFailed(f"kadmin.local made no key for {principal}")

    def _run(self, command: list[str]) -> None:
        result = subprocess.run(
            command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if result.returncode:
            output = f"{result.stdout}{result.stderr}"
            raise DaemonFailed(f"{' '.join(command)} ended with {result.returncode}:\n{output}")
