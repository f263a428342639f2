"""Who looks at the operations of a connection: its statistics and its recorders."""

from __future__ import annotations

import _thread
from collections.abc import Callable, Generator, Mapping
from time import monotonic
from typing import Any, TypeVar

from opswire.wbem.client.exchange import Objects, Read, Send, Step, Steps
from opswire.wbem.client.last_exchange import without_credentials
from opswire.wbem.recorders import BaseOperationRecorder
from opswire.wbem.statistics import Statistics

__all__ = ["Observers"]

Value = TypeVar("Value")

HTTP_1_1 = 11
"""As http.client and pywbem write the version."""

future_recorders: list[Callable[[str], BaseOperationRecorder]] = []
"""What makes recorders for connections that are made later, of the connection's identifier."""


class Observers:
    """Nothing is done for them unless there are some."""

    def __init__(self, stats_enabled: bool, conn_id: str) -> None:
        """Begin with the recorders that every connection has."""
        self.statistics = Statistics(stats_enabled)
        self.recorders = [make(conn_id) for make in future_recorders]
        self._lock = _thread.allocate_lock()

    @property
    def want_replies(self) -> bool:
        """Whether somebody wants the octets of answers."""
        return any(each.enabled for each in self.recorders)

    @property
    def are_there(self) -> bool:
        """Whether anybody looks."""
        return self.statistics.enabled or self.want_replies

    def add(self, recorder: BaseOperationRecorder) -> None:
        """Add a recorder.

        Raises:
            ValueError: it is None, or there is one of its class.
        """
        if recorder is None:
            raise ValueError("operation_recorder must not be None")
        if any(type(each) is type(recorder) for each in self.recorders):
            raise ValueError(f"there is a recorder of the class {type(recorder).__name__} already")
        self.recorders.append(recorder)

    def observe(
        self,
        client: Any,
        operation: str,
        arguments: Callable[[], Mapping[str, Any]],
        steps: Steps[Value],
    ) -> Steps[Value]:
        """Pass the steps of an operation on, and tell what happened at its end."""
        seen = _Seen(self.want_replies)
        result: Any = None
        problem: BaseException | None = None
        began = monotonic()
        try:
            result = yield from seen.watch(steps)
        except BaseException as error:
            problem = error
            raise
        finally:
            took = monotonic() - began - seen.paused
            self._tell(client, operation, arguments, seen, result, problem, took)
            problem = None  # or it and this frame would keep each other
        returned: Value = result
        return returned

    def _tell(
        self,
        client: Any,
        operation: str,
        arguments: Callable[[], Mapping[str, Any]],
        seen: _Seen,
        result: Any,
        problem: BaseException | None,
        took: float,
    ) -> None:
        with self._lock:
            if self.statistics.enabled:
                client._last.operation_time = took
                self.statistics.get_op_statistic(operation).add(
                    took,
                    len(seen.send.body) if seen.send else None,
                    seen.reply_length,
                    client._last.server_time,
                    problem is not None,
                )
            for recorder in self.recorders:
                if recorder.enabled:
                    self._stage(client, recorder, operation, arguments(), seen)
                    returned = seen.objects if seen.objects is not None else result
                    recorder.stage_pywbem_result(returned, problem)
                    recorder.record_staged()

    def _stage(
        self,
        client: Any,
        recorder: BaseOperationRecorder,
        operation: str,
        arguments: Mapping[str, Any],
        seen: _Seen,
    ) -> None:
        def clean(octets: bytes) -> str:
            return without_credentials(octets.decode("utf-8", "replace"), client.creds)

        recorder.reset(operation.startswith(("Open", "Pull", "CloseE")))
        recorder.stage_pywbem_args(operation, **arguments)
        if seen.send is not None:
            headers = {
                name: value for name, value in seen.send.headers.items() if name != "Authorization"
            }
            body = clean(seen.send.body)
            recorder.stage_http_request(
                client.conn_id, HTTP_1_1, client.url, seen.send.path, "POST", headers, body
            )
        if seen.head is not None:
            headers = {
                name: without_credentials(text, client.creds)
                for name, text in seen.head.headers.items()
            }
            recorder.stage_http_response1(
                client.conn_id, HTTP_1_1, seen.head.status, seen.head.reason, headers
            )
            recorder.stage_http_response2(clean(b"".join(seen.reply)))


class _Seen:
    """What went by in the steps of an operation."""

    def __init__(self, keeps: bool) -> None:
        self.send: Send | None = None
        self.head: Any = None
        self.reply: list[bytes] = []
        self.reply_length = 0
        self.objects: list[Any] | None = None
        self.paused = 0.0
        self._keeps = keeps

    def watch(self, steps: Steps[Value]) -> Generator[Step, Any, Value]:
        try:
            step = next(steps)
            while True:
                if isinstance(step, Send):
                    self.send, self.head = step, None
                    self.reply, self.reply_length = [], 0
                before = monotonic()
                try:
                    answer = yield step
                except GeneratorExit:
                    steps.close()
                    raise
                except BaseException as error:
                    step = steps.throw(error)
                else:
                    self._note(step, answer, monotonic() - before)
                    step = steps.send(answer)
        except StopIteration as end:
            value: Value = end.value
            return value

    def _note(self, step: Step, answer: Any, took: float) -> None:
        if isinstance(step, Read):
            self.reply_length += len(answer)
            if self._keeps:
                self.reply.append(answer)
        elif isinstance(step, Send):
            self.head = answer
        elif isinstance(step, Objects):
            self.paused += took
            if self._keeps:
                self.objects = [*(self.objects or ()), *step.objects]
