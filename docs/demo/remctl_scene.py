"""Real commands on a real remctld, authenticated by a real KDC, through the three tiers.

`./demo` runs this. Both servers are started on loopback in temporary folders and are gone at the
end; nothing of this machine's own Kerberos configuration is used or changed.
"""

import os
import time

from opswire import remctl
from opswire.remctl import _remctl
from tests.servers.realm import Realm
from tests.servers.remctld import Remctld

HOST = "localhost"


def simple(port: int) -> None:
    """One function call: connect, authenticate, run, close."""
    show('remctl.remctl("localhost", port, command=("test", "echo", "hello", "world"))')
    answer = remctl.remctl(HOST, port, command=("test", "echo", "hello", "world"))
    tell(f"stdout={answer.stdout!r} stderr={answer.stderr!r} status={answer.status}")


def full(port: int) -> None:
    """One object, one connection, many commands."""
    show("with remctl.Remctl(host, port) as connection:")
    with remctl.Remctl(HOST, port) as connection:
        show('    connection.run(("test", "stdin"), stdin=b"typed in by opswire")')
        result = connection.run(("test", "stdin"), stdin=b"typed in by opswire")
        tell(f"    {result}")

        show('    connection.command(("test", "both")), then connection.output() until the status')
        connection.command(("test", "both"))
        while (token := connection.output()).type == "output":
            tell(f"    stream {token.stream}: {token.output!r}")
        tell(f"    status {token.status}")

        show("    1000 times connection.noop()")
        started = time.perf_counter()
        for _ in range(1000):
            connection.noop()
        tell(f"    {(time.perf_counter() - started) * 1000:.1f} microseconds each")


def low_level(port: int) -> None:
    """The calls of the C library's own interface, one by one."""
    show("_remctl.remctl_new, remctl_open, remctl_commandv, remctl_output, remctl_close")
    handle = _remctl.remctl_new()
    if not _remctl.remctl_open(handle, HOST, port, None):
        raise SystemExit(_remctl.remctl_error(handle))
    _remctl.remctl_commandv(handle, [b"test", b"status", b"7"])
    tell(str(_remctl.remctl_output(handle)))
    _remctl.remctl_close(handle)


def refusals(port: int) -> None:
    """What the server refuses is an exception with the server's words."""
    for command in (("test", "denied"), ("no", "such", "command")):
        show(f'remctl.remctl("localhost", port, command={command})')
        try:
            remctl.remctl(HOST, port, command=command)
        except remctl.RemctlProtocolError as error:
            tell(f"{type(error).__name__}: {error}")


def show(code: str) -> None:
    """Print what is about to happen."""
    print(f">>> {code}")


def tell(text: str) -> None:
    """Print what came of it."""
    print(f"    {text}")


def main() -> None:
    """Start the servers, play the four scenes, stop the servers."""
    started = time.perf_counter()
    with Realm() as realm, Remctld(realm) as server:
        os.environ.update(realm.environment)
        print(f"A KDC for {realm.name} and a remctld run on 127.0.0.1; remctld's port is")
        print(f"{server.port}, and {realm.user}@{realm.name} has a ticket.")
        for scene in (simple, full, low_level, refusals):
            print(f"\n{scene.__doc__}")
            scene(server.port)
    print(f"\nDone in {time.perf_counter() - started:.1f} s; both servers are stopped.")


if __name__ == "__main__":
    main()
