"""AsyncWBEMConnection: the client of a WBEM server on an event loop."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from opswire.public_names import public_in
from opswire.steps import perform_awaiting
from opswire.wbem.client.exchange import Abandoned, Objects, Steps
from opswire.wbem.client.faces import AsyncioFace
from opswire.wbem.client.operations.classes import ClassOperations
from opswire.wbem.client.operations.instances import InstanceOperations
from opswire.wbem.client.operations.iterations import IterationOperations
from opswire.wbem.client.operations.methods import MethodOperations
from opswire.wbem.client.public_attributes import PublicAttributes
from opswire.wbem.client.settings import DEFAULT_TIMEOUT, Settings

if TYPE_CHECKING:
    import ssl

    from opswire.wbem.client.asyncio_driver import AsyncioDriver

__all__ = ["AsyncWBEMConnection"]

T = TypeVar("T")


@public_in("opswire.wbem")
class AsyncWBEMConnection(
    AsyncioFace,
    PublicAttributes,
    InstanceOperations,
    ClassOperations,
    IterationOperations,
    MethodOperations,
):
    """A WBEM server as an object, for asyncio; needs the package aiohttp, of the extra ``aio``.

        async with AsyncWBEMConnection("https://esx1", ("root", password)) as connection:
            async for disk in connection.IterEnumerateInstances("CIM_DiskDrive"):
                print(disk["DeviceID"])

    Arguments, operations and exceptions are those of WBEMConnection; the operations are coroutines,
    and the Iter... operations asynchronous iterators. Tasks of one event loop may share an object.
    An operation that is cancelled leaves no connection and no task behind.

    An iteration that is not read to its end is closed by ``aclose()``, or when it is collected.
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
        """Check the arguments.

        Raises:
            LibraryMissingError: aiohttp is not installed.
            FileNotFoundError: a file or a folder that is named is not there.
            TypeError, ValueError: an argument is wrong.
        """
        from opswire.wbem.client.asyncio_driver import AsyncioDriver

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
        self._driver: AsyncioDriver = AsyncioDriver(settings)

    async def __aenter__(self) -> Self:
        """Return the connection."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        self._is_closed = True
        await self._driver.close()

    async def close(self) -> None:
        """Close it, with all its connections.

        Raises:
            ConnectionError: it is closed already.
        """
        self._close_once()
        await self._driver.close()

    async def _perform(self, steps: Steps[T]) -> T:
        return await perform_awaiting(steps, self._driver.perform)

    async def _iterate(self, steps: Steps[None]) -> AsyncGenerator[Any, None]:
        try:
            step = next(steps)
            while True:
                answer = None
                try:
                    if isinstance(step, Objects):
                        for each in step.objects:
                            yield each
                    else:
                        answer = await self._driver.perform(step)
                except GeneratorExit:
                    # What is left to be done for an iteration that nobody reads any more.
                    await perform_awaiting(steps, self._driver.perform, steps.throw(Abandoned()))
                    return
                except BaseException as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration:
            return
