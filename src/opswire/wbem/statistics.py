"""How often each operation was called, how long it took, and how much was sent and received."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic, time

from opswire.public_names import public_in

__all__ = ["OperationStatistic", "Statistics"]


class _Figure:
    """The number, sum, least and most of some measurements."""

    __slots__ = ("least", "most", "number", "total")

    def __init__(self) -> None:
        self.number = 0
        self.total = 0.0
        self.least = float("inf")
        self.most = 0.0

    def add(self, value: float) -> None:
        self.number += 1
        self.total += value
        self.least = min(self.least, value)
        self.most = max(self.most, value)

    @property
    def average(self) -> float:
        return self.total / self.number if self.number else 0.0


@public_in("opswire.wbem")
class OperationStatistic:
    """The figures of one operation.

    Times are in seconds, lengths in octets. Threads may share it; ``start_timer()`` and
    ``stop_timer()`` belong together in one of them.
    """

    def __init__(self, container: Statistics, name: str) -> None:
        """Nothing has been measured."""
        self._container = container
        self._name = name
        self._started: float | None = None
        self.reset()

    def reset(self) -> None:
        """Forget what was measured."""
        self._exceptions = 0
        self._since: float | None = None
        self._time = _Figure()
        self._server = _Figure()
        self._request = _Figure()
        self._reply = _Figure()

    def start_timer(self) -> None:
        """Begin to measure an operation."""
        if self._container.enabled:
            self._started = monotonic()

    def stop_timer(
        self,
        request_len: int | None = None,
        reply_len: int | None = None,
        server_time: float | None = None,
        exception: bool = False,
    ) -> float | None:
        """End a measurement; return the seconds, or None where nothing is measured."""
        if not self._container.enabled or self._started is None:
            return None
        took = monotonic() - self._started
        self._started = None
        self.add(took, request_len, reply_len, server_time, exception)
        return took

    def add(
        self,
        took: float,
        request_len: int | None = None,
        reply_len: int | None = None,
        server_time: float | None = None,
        exception: bool = False,
    ) -> None:
        """Count an operation that was measured elsewhere."""
        if self._since is None:
            self._since = time()
        self._time.add(took)
        self._exceptions += exception
        for figure, value in (
            (self._server, server_time),
            (self._request, request_len),
            (self._reply, reply_len),
        ):
            if value is not None:
                figure.add(value)

    @property
    def name(self) -> str:
        """The operation's name."""
        return self._name

    @property
    def container(self) -> Statistics:
        """The Statistics that it is in."""
        return self._container

    @property
    def stat_start_time(self) -> float | None:
        """When the first operation was counted: seconds since the epoch, or None."""
        return self._since

    @property
    def count(self) -> int:
        """How many operations were measured."""
        return self._time.number

    @property
    def exception_count(self) -> int:
        """How many of them raised an exception."""
        return self._exceptions

    @property
    def avg_time(self) -> float:
        """The average of the times."""
        return self._time.average

    @property
    def min_time(self) -> float:
        """The least of the times."""
        return self._time.least

    @property
    def max_time(self) -> float:
        """The most of the times."""
        return self._time.most

    @property
    def avg_server_time(self) -> float:
        """The average of what the server says that it took."""
        return self._server.average

    @property
    def min_server_time(self) -> float:
        """The least of what the server says that it took."""
        return self._server.least

    @property
    def max_server_time(self) -> float:
        """The most of what the server says that it took."""
        return self._server.most

    @property
    def avg_request_len(self) -> float:
        """The average length of requests."""
        return self._request.average

    @property
    def min_request_len(self) -> float:
        """The least length of requests."""
        return self._request.least

    @property
    def max_request_len(self) -> float:
        """The most length of requests."""
        return self._request.most

    @property
    def avg_reply_len(self) -> float:
        """The average length of answers."""
        return self._reply.average

    @property
    def min_reply_len(self) -> float:
        """The least length of answers."""
        return self._reply.least

    @property
    def max_reply_len(self) -> float:
        """The most length of answers."""
        return self._reply.most

    def _columns(self, include_server_time: bool, include_lengths: bool) -> Iterator[_Figure]:
        yield self._time
        if include_server_time:
            yield self._server
        if include_lengths:
            yield self._request
            yield self._reply

    def formatted_header(self, include_server_time: bool, include_lengths: bool) -> str:
        """Return two lines that say what ``formatted()`` has below."""
        titles = ["Time [s]"]
        titles += ["Server time [s]"] * include_server_time
        titles += ["Request length [B]", "Reply length [B]"] * include_lengths
        first = "".join(f"{title:<33}" for title in titles)
        second = f"{'Avg':>10} {'Min':>10} {'Max':>10} " * len(titles)
        return f"{'Count':>7} {'Excep':>7} {first}Operation\n{'':>7} {'Count':>7} {second}".rstrip()

    def formatted(self, include_server_time: bool, include_lengths: bool) -> str:
        """Return a line of figures."""
        cells = [f"{self.count:>7} {self.exception_count:>7}"]
        for figure in self._columns(include_server_time, include_lengths):
            least = figure.least if figure.number else 0.0
            cells.append(f"{figure.average:>10.3f} {least:>10.3f} {figure.most:>10.3f}")
        return " ".join([*cells, self._name])

    def __repr__(self) -> str:
        """Tell name, count and average."""
        return (
            f"OperationStatistic({self._name!r}, count={self.count}, avg_time={self.avg_time:.3f})"
        )


@public_in("opswire.wbem")
class Statistics:
    """The figures of all operations of a connection.

    Args:
        enable: whether operations are measured.
    """

    def __init__(self, enable: bool = False) -> None:
        """Nothing has been measured."""
        self._enabled = bool(enable)
        self._operations: dict[str, OperationStatistic] = {}

    @property
    def enabled(self) -> bool:
        """Whether operations are measured."""
        return self._enabled

    def enable(self) -> None:
        """Measure operations."""
        self._enabled = True

    def disable(self) -> None:
        """Measure nothing; what was measured stays."""
        self._enabled = False

    def start_timer(self, name: str) -> OperationStatistic:
        """Begin to measure an operation; return its figures."""
        statistic = self.get_op_statistic(name)
        statistic.start_timer()
        return statistic

    def get_op_statistic(self, name: str) -> OperationStatistic:
        """Return the figures of an operation; they are kept only while measuring is enabled."""
        if not self._enabled:
            return self._operations.get(name) or OperationStatistic(self, name)
        return self._operations.setdefault(name, OperationStatistic(self, name))

    def snapshot(self) -> list[tuple[str, OperationStatistic]]:
        """Return names and figures."""
        return list(self._operations.items())

    def reset(self) -> None:
        """Forget what was measured."""
        self._operations.clear()

    def formatted(self) -> str:
        """Return a table of the figures; the slowest operation is first."""
        slowest = sorted(self._operations.values(), key=lambda each: -each.avg_time)
        server = any(each.avg_server_time for each in slowest)
        lengths = any(each.avg_reply_len or each.avg_request_len for each in slowest)
        state = "" if self._enabled else ", disabled"
        lines = [f"Statistics (times in seconds, lengths in octets){state}:"]
        if slowest:
            lines.append(slowest[0].formatted_header(server, lengths))
        lines += [each.formatted(server, lengths) for each in slowest]
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Tell whether it is enabled, and the names."""
        return f"Statistics(enabled={self._enabled}, {', '.join(self._operations)})"
