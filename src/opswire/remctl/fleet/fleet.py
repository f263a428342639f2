"""One command on many hosts at once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from concurrent.futures import Executor
from functools import partial
from uuid import uuid4

from opswire._core import gss
from opswire._core.remctl import Arguments
from opswire.errors import RemctlError, RemctlUsageError
from opswire.public_names import public_in
from opswire.remctl import arguments, failures
from opswire.remctl.client_settings import Credentials
from opswire.remctl.connecting import service_location
from opswire.remctl.connecting.credentials import tickets_of
from opswire.remctl.fleet.host_visit import Orders, Outcome, logger, run_alone, run_on_host
from opswire.remctl.fleet.hosts import FleetHost, checked
from opswire.visiting import Run, Visits, ask_before_sending

DEFAULT_CONCURRENCY = 64

DEFAULT_MAX_OUTPUT = 16 * 1024 * 1024
"""Octets of output that are collected of one host; with those of all that are visited at once, and
as many outcomes that wait to be taken, the memory that a run needs at most."""


@public_in("opswire.remctl")
class FleetRun(Run[FleetHost, Outcome]):
    """A command that is being run on a fleet: an iterator over the outcomes as they come.

    A context manager too: leaving it cancels what is left.  Ctrl-C comes out of the iteration;
    ``cancel()`` and iterating on then gives the outcomes that were there already, ``unfinished``
    the rest, and ``sent`` those of the rest to which the command was sent: there it may have run.
    The hosts are visited from a thread of its own, which ends with the run.  For one thread.
    """


@public_in("opswire.remctl")
class Fleet:
    r"""Hosts on which commands are run, many at once.

    >>> fleet = Fleet([f"{host}:{port}"] * 3, timeout=10)
    >>> for outcome in fleet.run(["test", "echo", "hello"]):
    ...     print(outcome.result.stdout)
    b'hello\n'
    b'hello\n'
    b'hello\n'

    One failing host never stops the others: what went wrong is in its outcome.  At most four
    connections are being made to one address and port at any time, whatever the concurrency.

    May be shared by threads; every run is on its own.

    Args:
        hosts: FleetHost objects, or text as ``FleetHost.parse()`` takes it; a host may come twice.
        port, principal: for hosts that have none of their own; as in ``Remctl``.
        concurrency: how many hosts are visited at once.  Each takes a file descriptor.
        timeout: inactivity timeout in seconds; None for none.
        deadline: seconds for one host, every attempt included; None for no limit.
        retries: attempts after the first, with growing pauses between them.  Only where no
            connection was made (RemctlConnectError): one that may have been sent is not repeated.
        credentials, source_ip, srv: as in ``Remctl``.
        max_output: octets of output that are collected of one host, both streams together.
        executor: where the hosts are visited from, one call of ``submit()`` each; None means this
            process.  Any PEP 3148 executor will do: a process pool, Dask's
            ``Client.get_executor()``.  The ticket cache must then be a file, under the same name
            wherever the executor runs.

    Raises:
        TypeError, ValueError: an argument of the wrong type or form.
        RemctlLimitError: a limit or port that is out of its range; also a ValueError.
        RemctlAuthenticationError: credentials that cannot be exported or imported.
    """

    def __init__(
        self,
        hosts: Iterable[str | FleetHost],
        *,
        port: int | str | None = None,
        principal: str | None = None,
        concurrency: int = DEFAULT_CONCURRENCY,
        timeout: float | None = None,
        deadline: float | None = None,
        retries: int = 0,
        credentials: Credentials = None,
        source_ip: str | None = None,
        srv: bool = False,
        max_output: int = DEFAULT_MAX_OUTPUT,
        executor: Executor | None = None,
    ) -> None:
        """See the class."""
        if isinstance(hosts, (str, bytes)):
            raise TypeError("hosts must be an iterable of hosts, not one text")
        self.hosts = tuple(checked(host) for host in hosts)
        for value, name in ((timeout, "timeout"), (deadline, "deadline")):
            if value is not None:
                arguments.seconds(value, name)
        if source_ip is not None and not isinstance(source_ip, str):
            raise TypeError(f"source_ip must be a str, not {type(source_ip).__name__}")
        if executor is not None and not callable(getattr(executor, "submit", None)):
            raise TypeError(f"executor must have submit(), which {type(executor).__name__} has not")
        self._concurrency = arguments.count(concurrency, "concurrency", 1)
        self._executor = executor
        ports = arguments.ports(port)
        self._orders = Orders(
            command=(),
            port=ports[0] if len(ports) == 1 else None,
            principal=arguments.principal_name(principal),
            timeout=timeout,
            deadline=deadline,
            retries=arguments.count(retries, "retries"),
            credentials=tickets_of(credentials),  # once, and not for every host
            source_ip=source_ip,
            srv=srv,
            max_output=arguments.count(max_output, "max_output"),
        )

    def run(
        self,
        command: Iterable[object],
        *,
        stdin: str | bytes | bytearray | memoryview | None = None,
    ) -> FleetRun:
        """Run a command on every host.

        Args:
            command: as in ``Remctl.command()``.
            stdin: as in ``Remctl.run()``.

        Returns:
            An iterator over the outcomes, in the order in which they come.

        Raises:
            TypeError, ValueError: a command of the wrong type or form.
            LibraryMissingError: no GSS-API library; ``srv`` without dnspython.
            RemctlUsageError: credentials that cannot travel with an executor.
        """
        return self.prepared(command, stdin=stdin).begin()

    def prepared(
        self,
        command: Iterable[object],
        *,
        stdin: str | bytes | bytearray | memoryview | None = None,
    ) -> FleetRun:
        """Do as ``run()`` does, but no host is visited before ``FleetRun.begin()``.

        For programs that handle signals: what a handler shall ``cancel()`` is there before anything
        has begun, and a run that was cancelled by then begins nothing.
        """
        visitor = self._visitor(command, stdin)
        return FleetRun(self.hosts, self._concurrency, visitor, thread="opswire fleet")

    async def stream(
        self,
        command: Iterable[object],
        *,
        stdin: str | bytes | bytearray | memoryview | None = None,
    ) -> AsyncGenerator[Outcome, None]:
        """Run a command on every host, on the running event loop.

        ``run()`` for programs on asyncio: use it in ``async for``, with contextlib.aclosing() where
        the loop may be left early.

        Args:
            command: as in ``Remctl.command()``.
            stdin: as in ``Remctl.run()``.
        """
        visits = Visits(self.hosts, self._concurrency, self._visitor(command, stdin))
        visits.start()
        try:
            while outcomes := await visits.take():
                for outcome in outcomes:
                    yield outcome
        finally:
            await visits.end()

    def _visitor(
        self, command: Iterable[object], stdin: str | bytes | bytearray | memoryview | None
    ) -> Callable[[FleetHost], Awaitable[Outcome]]:
        octets = Arguments(command, stdin).octets
        if self._executor is None:
            # Once, and not as the outcome of every host.
            gss.load()
            if self._orders.srv:
                service_location.check_installed()
            return partial(run_on_host, orders=self._orders._replace(command=octets))
        orders = self._orders._replace(
            command=[bytes(argument) for argument in octets],
            credentials=_travelling(self._orders.credentials),
        )
        return partial(_visit_from, self._executor, orders=orders)


def _travelling(credentials: Credentials) -> str:
    """Return the name of a ticket cache that means the same in another process.

    Raises:
        RemctlUsageError: there is none.
    """
    name = gss.default_ccache() if credentials is None else credentials
    if isinstance(name, str) and (name.startswith("FILE:/") or name.startswith("/")):
        return name
    what = f"{name!r} is none" if isinstance(name, str) else "an object in memory is none"
    if name is None:
        what = "KRB5CCNAME is not set"
    raise RemctlUsageError(
        f"an executor needs a ticket cache that is a file ({what}): "
        "give its name as credentials='FILE:/path'"
    )


async def _visit_from(executor: Executor, host: FleetHost, orders: Orders) -> Outcome:
    ask_before_sending()
    try:
        visiting = asyncio.wrap_future(executor.submit(run_alone, host, orders, uuid4().hex))
    except Exception as error:
        return _not_visited(host, error)
    try:
        # Not awaited itself: its KeyboardInterrupt, of a worker, would end our event loop, and its
        # cancellation, by a shutdown of the executor, this task.
        await asyncio.wait([visiting])
    finally:
        visiting.cancel()
    if visiting.cancelled():
        return _not_visited(host, asyncio.CancelledError("it is shutting down"))
    error_there = visiting.exception()
    return visiting.result() if error_there is None else _not_visited(host, error_there)


def _not_visited(host: FleetHost, error: BaseException) -> Outcome:
    logger.debug("%s: the executor failed", host, exc_info=error)
    failure = RemctlError(f"the executor failed: {type(error).__name__}: {error}".rstrip(": "))
    return Outcome(host, None, failures.because(failure, error), 0.0, 0)
