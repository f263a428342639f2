"""WBEMConnection: the client of a WBEM server, or of a listener, on the caller's thread."""

from __future__ import annotations

import copy
from collections.abc import Generator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from opswire.public_names import public_in
from opswire.steps import perform
from opswire.wbem.client.exchange import Abandoned, Objects, Steps
from opswire.wbem.client.faces import BlockingFace
from opswire.wbem.client.operations.classes import ClassOperations
from opswire.wbem.client.operations.instances import InstanceOperations
from opswire.wbem.client.operations.iterations import IterationOperations
from opswire.wbem.client.operations.methods import MethodOperations
from opswire.wbem.client.public_attributes import PublicAttributes
from opswire.wbem.client.settings import DEFAULT_TIMEOUT, Settings

if TYPE_CHECKING:
    import ssl

    from opswire.wbem.client.blocking_driver import BlockingDriver

__all__ = ["WBEMConnection"]

T = TypeVar("T")


@public_in("opswire.wbem")
class WBEMConnection(
    BlockingFace,
    PublicAttributes,
    InstanceOperations,
    ClassOperations,
    IterationOperations,
    MethodOperations,
):
    """A WBEM server as an object: its methods are the operations.

        with WBEMConnection("https://esx1", ("root", password), ca_certs="ca.pem") as connection:
            for disk in connection.EnumerateInstances("CIM_DiskDrive"):
                print(disk["DeviceID"], disk["OperationalStatus"])

    Nothing is connected before the first operation; connections are kept and used again. Threads
    may share an object: each operation has a connection of its own.

    Args:
        url: ``[scheme://]host[:port]``, http by default, ports 5988 and 5989; IPv6 in brackets, its
            zone after "-" or "%25".
        creds: user name and password, for HTTP Basic authentication.
        default_namespace: of operations that name none; None for root/cimv2.
        x509: ``cert_file`` and, perhaps, ``key_file``: the client's certificate.
        ca_certs: a file or a folder of certificates that are trusted; None for the system's.
        no_verification: whether anybody may claim to be the server.
        timeout: seconds for the whole of an operation, second attempts included; None for none. In
            an iteration it is for each request, and does not count what the caller takes.
        use_pull_operations: for the Iter... operations; see there.
        stats_enabled: whether ``statistics`` are kept.
        proxies: URLs of proxies, by scheme, and ``no_proxy``; None for what the environment says,
            an empty mapping for none.
        ssl_context: all of TLS; nothing else of it may be given then.
        tls_minimum: the oldest version, as ssl.TLSVersion or its name; None for TLS 1.2.
        ciphers: as OpenSSL writes them.

    Raises:
        FileNotFoundError: a file or a folder that is named is not there.
        TypeError, ValueError: an argument is wrong.
    """

    def __init__(
        self,
        url: str,
        creds: tuple[str, str] | None = None,
        default_namespace: str | None = None,
        x509: Mapping[str, str | None] | None = None,
        ca_certs: str | None = None,
        no_verification: bool = False,
        timeout: float | None = DEFAULT_TIMEOUT,
        use_pull_operations: bool | None = False,
        stats_enabled: bool = False,
        proxies: Mapping[str, str] | None = None,
        *,
        ssl_context: ssl.SSLContext | None = None,
        tls_minimum: ssl.TLSVersion | str | None = None,
        ciphers: str | None = None,
    ) -> None:
        """Check the arguments."""
        settings = Settings(
            url,
            creds,
            x509=x509,
            ca_certs=ca_certs,
            no_verification=no_verification,
            timeout=timeout,
            proxies=proxies,
            ssl_context=ssl_context,
            tls_minimum=tls_minimum,
            ciphers=ciphers,
        )
        self._begin(settings, default_namespace, use_pull_operations, stats_enabled)
        self._driver: BlockingDriver | None = None
        self._made: dict[str, BlockingDriver] = {}

    def __enter__(self) -> Self:
        """Return the connection."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        self._is_closed = True
        self._hang_up()

    def close(self) -> None:
        """Close it: idle connections now, others at the end of their operation.

        Raises:
            ConnectionError: it is closed already.
        """
        self._close_once()
        self._hang_up()

    def __del__(self) -> None:
        """Close what is idle."""
        if getattr(self, "_driver", None) is not None:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._driver is not None:
            self._driver.close()

    def _found_driver(self) -> BlockingDriver:
        if self._driver is None:
            from opswire.wbem.client.blocking_driver import BlockingDriver

            # Of two threads that begin at once one makes it, or the other's connections were lost.
            # No lock: in a forked child it could stay held.
            self._driver = self._made.setdefault("driver", BlockingDriver(self._settings))
        return self._driver

    def _perform(self, steps: Steps[T]) -> T:
        return perform(steps, self._found_driver().perform)

    def _iterate(self, steps: Steps[Any]) -> Generator[Any, None, None]:
        perform_one = self._found_driver().perform
        try:
            step = next(steps)
            while True:
                answer = None
                try:
                    if isinstance(step, Objects):
                        yield from step.objects
                    else:
                        answer = perform_one(step)
                except GeneratorExit:
                    # What is left to be done for an iteration that nobody reads any more.
                    perform(steps, perform_one, steps.throw(Abandoned()))
                    return
                except BaseException as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration:
            return

    def copy(self) -> WBEMConnection:
        """Return another connection with the same settings and recorders of the same kinds."""
        other = type(self).__new__(type(self))
        other._begin(
            copy.copy(self._settings),
            self._default_namespace,
            self._use_pull_operations,
            self.stats_enabled,
        )
        other._driver = None
        other._made = {}
        other._debug = self._debug
        for recorder in self._observers.recorders:
            other.add_operation_recorder(recorder.copy())
        return other

    def is_subclass(self, namespace: str, klass: Any, superclass: Any) -> bool:
        """Tell whether a class is another one, or below it.

        Args:
            namespace: where both are.
            klass: a CIMClass, or the name of a class.
            superclass: the same.

        Raises:
            CIMError: there is no such class.
        """
        wanted = _class_text(superclass)
        if isinstance(superclass, str):
            self.GetClass(superclass, namespace)
        current = klass if not isinstance(klass, str) else self.GetClass(klass, namespace)
        while current.classname.lower() != wanted.lower():
            if not current.superclass:
                return False
            current = self.GetClass(current.superclass, namespace)
        return True


def _class_text(value: Any) -> str:
    return value if isinstance(value, str) else str(value.classname)
