"""Asks WBEM servers for classes, and answers scrapes; one question at a time, for all who ask."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from time import monotonic
from typing import NamedTuple

from opswire.errors.wbem import CIMError, Error
from opswire.http import Request, Response
from opswire.wbem.connection import WBEMConnection
from opswire.wbem.metrics.families import Families
from opswire.wbem.objects import CIMInstance
from opswire.wbem.value_names import ValueNames

__all__ = ["Exporter"]

logger = logging.getLogger("opswire.wbem")

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
GRACE = 0.5
"""Seconds beyond the timeout in which what was late at the last moment may still come."""


class Exporter:
    """Each server has threads of its own: one that hangs costs the others nothing.

    Args:
        connections: the servers; whoever made them closes them, when the exporter is closed.
        classes: names of the classes whose instances are wanted.
        namespaces: where; None is a connection's default.
        timeout: seconds for a scrape, whatever the servers do.
        concurrency: how many classes a server is asked for at once.
    """

    def __init__(
        self,
        connections: Iterable[WBEMConnection],
        classes: Sequence[str],
        *,
        namespaces: Sequence[str | None] = (None,),
        timeout: float = 8.0,
        concurrency: int = 2,
    ) -> None:
        """Ask for nothing yet."""
        asked = [(name, place) for place in namespaces for name in classes]
        self._targets = [_Target(each, asked, concurrency) for each in connections]
        self._timeout = timeout
        self._scrape: asyncio.Task[str] | None = None

    async def answer(self, request: Request) -> Response:
        """Handle a request to an ``opswire.http.Server``."""
        if request.method not in ("GET", "HEAD"):
            return Response(405, {"Allow": "GET, HEAD"})
        if request.path != "/metrics":
            return Response(404, {"Content-Type": "text/plain"}, b"See /metrics.\n")
        if self._scrape is None or self._scrape.done():
            self._scrape = asyncio.create_task(asyncio.to_thread(self.text))
        # Who goes away takes nothing from those who wait for the same.
        text = await asyncio.shield(self._scrape)
        return Response(200, {"Content-Type": CONTENT_TYPE}, text.encode())

    def text(self) -> str:
        """Ask all servers, and return the metrics; not for two threads at once."""
        deadline = monotonic() + self._timeout
        for each in self._targets:
            each.begin(deadline)
        wait_for([one for each in self._targets for one in each.waiting], self._timeout + GRACE)
        families = Families()
        for each in self._targets:
            each.tell(families)
        return families.text()

    def close(self) -> None:
        """Ask for nothing more; what hangs is not waited for."""
        for each in self._targets:
            each.close()


class _Found(NamedTuple):
    instances: list[CIMInstance]
    error: Error | None


class _Target:
    """One server."""

    def __init__(
        self,
        connection: WBEMConnection,
        asked: Sequence[tuple[str, str | None]],
        concurrency: int,
    ) -> None:
        self._connection = connection
        self._asked = asked
        self._names = ValueNames(connection)
        self._pool = ThreadPoolExecutor(concurrency, "opswire-export")
        self.waiting: list[Future[_Found]] = []

    def begin(self, deadline: float) -> None:
        """Ask for every class; not while questions of the last time are still under way."""
        if not all(each.done() for each in self.waiting):
            return
        self.waiting = [self._pool.submit(self._ask, *each, deadline) for each in self._asked]

    def _ask(self, name: str, namespace: str | None, deadline: float) -> _Found:
        left = deadline - monotonic()
        if left <= 0:
            return _Found([], Error(f"no time is left for {name}"))
        self._connection.timeout = left  # every thread sets the same moment
        try:
            found = self._connection.EnumerateInstances(name, namespace)
            for each in found:  # here, where there is a deadline, and not when they are told
                place = None if each.path is None else each.path.namespace
                for key, value in each.items():
                    if isinstance(value, (int, list)):
                        self._names.mapping(place, each.classname, key)
        except Error as error:
            logger.info("%s", error)
            return _Found([], error.with_traceback(None))
        return _Found(found, None)

    def tell(self, families: Families) -> None:
        """Add what has come."""
        server = self._connection.url
        is_up = False
        for (name, namespace), future in zip(self._asked, self.waiting, strict=True):
            found = future.result() if future.done() else _Found([], Error("no answer yet"))
            place = namespace or self._connection.default_namespace
            is_up = is_up or found.error is None or isinstance(found.error, CIMError)
            labels = {"server": server, "namespace": place, "class": name}
            families.add("opswire_wbem_class_up", labels, int(found.error is None))
            for each in found.instances:
                families.add_instance(server, name, each, self._names)
        families.add("opswire_wbem_up", {"server": server}, int(is_up))

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
