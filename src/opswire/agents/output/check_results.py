"""What an active check says: a state, one line for people, metrics, and more lines.

The text follows the Nagios plugin development guidelines, sections 2 and 2.6.

>>> from opswire.agents import Metric, Result, State
>>> used = Metric("used", 91.5, "%", warning=80, critical=90, minimum=0, maximum=100)
>>> result = Result(used.state(), "Root is 91.5% full", "91.5 of 100 GB", [used])
>>> print(result)
CRIT - Root is 91.5% full | used=91.5%;80;90;0;100
91.5 of 100 GB
>>> result.exit_code
2
"""

from __future__ import annotations

import sys
from enum import IntEnum

from opswire._core.performance_data import Item, format, parse_range
from opswire.public_names import public_in

TYPE_CHECKING = False  # typing's own costs a short process too much
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import IO, NoReturn, Self

__all__ = ["Metric", "Result", "State"]

# The bar divides text from metrics, wherever it stands; this one only looks like it.
BROKEN_BAR = "\N{BROKEN BAR}"
# A monitoring core reads lines; other control characters are somebody's terminal codes.
_TO_SPACE = {code: " " for code in (*range(0x20), 0x7F) if code not in (0x09, 0x0A)}
_SAFE = str.maketrans({**{chr(code): text for code, text in _TO_SPACE.items()}, "|": BROKEN_BAR})


@public_in("opswire.agents")
class State(IntEnum):
    """The state of a service; the number is the exit code of a plugin."""

    OK = 0
    WARN = 1
    CRIT = 2
    UNKNOWN = 3

    @classmethod
    def worst(cls, *states: Self | int) -> State:
        """Return the most severe of ``states``, OK if there is none.

        OK < WARN < UNKNOWN < CRIT: the severity by which Nagios sorts its services.  It is not the
        order of the numbers: what is known to be broken is worse than what is not known.
        """
        order = (cls.OK, cls.WARN, cls.UNKNOWN, cls.CRIT)
        return max((cls(state) for state in states), key=order.index, default=cls.OK)


@public_in("opswire.agents")
class Metric:
    """One value with its thresholds; immutable.

    ``name`` is free text without control characters and ``|``; ``value`` is None when it could not
    be determined; ``unit`` has no digits.  ``warning`` and ``critical`` are a number, or the text
    of a range ``[@][start:][end]``: the number 10 is the range 0..10, and what lies outside of a
    range is a problem, with ``@`` what lies inside.  ``minimum`` and ``maximum`` are the least and
    the greatest value that are possible.

    PerformanceDataError (a ValueError) says what the guidelines do not allow.
    """

    __slots__ = ("_item",)

    def __init__(
        self,
        name: str,
        value: float | None,
        unit: str = "",
        *,
        warning: float | str | None = None,
        critical: float | str | None = None,
        minimum: float | None = None,
        maximum: float | None = None,
    ) -> None:
        """Check everything, so that the result can be written."""
        item = Item(
            name,
            value,
            unit,
            None if isinstance(warning, str) else warning,
            None if isinstance(critical, str) else critical,
            minimum,
            maximum,
            warning if isinstance(warning, str) else "",
            critical if isinstance(critical, str) else "",
        )
        format([item], strict=True)
        self._item = item

    @property
    def item(self) -> Item:
        """The metric as the experts' tier has it."""
        return self._item

    @property
    def name(self) -> str:
        """The label."""
        return self._item.label

    @property
    def value(self) -> float | None:
        """The value; None when it could not be determined."""
        return self._item.value

    @property
    def unit(self) -> str:
        """The unit of measurement."""
        return self._item.unit

    @property
    def warning(self) -> float | str | None:
        """The warning threshold as it was given."""
        return self._item.warning_range or self._item.warning

    @property
    def critical(self) -> float | str | None:
        """The critical threshold as it was given."""
        return self._item.critical_range or self._item.critical

    @property
    def minimum(self) -> float | None:
        """The least value that is possible."""
        return self._item.minimum

    @property
    def maximum(self) -> float | None:
        """The greatest value that is possible."""
        return self._item.maximum

    def state(self) -> State:
        """Return what the thresholds say of the value; UNKNOWN when there is none."""
        if self.value is None:
            return State.UNKNOWN
        if _is_alert(self.value, self.critical):
            return State.CRIT
        return State.WARN if _is_alert(self.value, self.warning) else State.OK

    def __eq__(self, other: object) -> bool:
        """Compare all fields."""
        return self._item == other._item if isinstance(other, Metric) else NotImplemented

    def __hash__(self) -> int:
        """Hash all fields."""
        return hash(self._item)

    def __repr__(self) -> str:
        """Show what would be written."""
        return f"<Metric {self}>"

    def __str__(self) -> str:
        """Return the performance data."""
        return format([self._item], strict=True)


def _is_alert(value: float, threshold: float | str | None) -> bool:
    if threshold is None:
        return False
    if not isinstance(threshold, str):
        return not 0 <= value <= threshold
    start, end, inside = parse_range(threshold)
    return (start <= value <= end) == inside


@public_in("opswire.agents")
class Result:
    """The result of an active check; immutable.

    ``summary`` is the line that users see; what follows a newline in it goes before ``details``,
    the long text.  In both, ``|`` becomes a broken bar and control characters become spaces, so
    that no text can pass for metrics.  ``metrics`` all stand in the first line.
    """

    __slots__ = ("details", "metrics", "state", "summary")

    def __init__(
        self,
        state: State | int,
        summary: str,
        details: str = "",
        metrics: Iterable[Metric] = (),
    ) -> None:
        """Make the texts safe."""
        first, _, rest = _safe(summary).partition("\n")
        self.state = State(state)
        self.summary = first.strip()
        self.details = "\n".join(part for part in (rest.strip(), _safe(details).rstrip()) if part)
        self.metrics = tuple(metrics)
        for each in self.metrics:
            if not isinstance(each, Metric):
                raise TypeError(f"a metric is a Metric, not {type(each).__name__}")

    @classmethod
    def combined(cls, results: Iterable[Result]) -> Result:
        """Return one result for several: the worst state, and every text and metric in order."""
        every = list(results)
        for each in every:
            if not isinstance(each, Result):
                raise TypeError(f"a result is a Result, not {type(each).__name__}")
        return cls(
            State.worst(*(each.state for each in every)),
            ", ".join(_marked(each) for each in every),
            "\n".join(each.details for each in every if each.details),
            [metric for each in every for metric in each.metrics],
        )

    @property
    def exit_code(self) -> int:
        """What the program returns to the monitoring core, 0..3."""
        return int(self.state)

    def __str__(self) -> str:
        """Return the whole output, without a newline at its end."""
        line = f"{self.state.name} - {self.summary}" if self.summary else self.state.name
        if self.metrics:
            line += " | " + format((metric.item for metric in self.metrics), strict=True)
        return f"{line}\n{self.details}" if self.details else line

    def __repr__(self) -> str:
        """Show the first line."""
        return f"<Result {str(self).partition(chr(10))[0]}>"

    def write(self, stream: IO[str] | None = None) -> int:
        """Write the output and a newline to ``stream`` (standard output) and return the exit code.

        What the stream's encoding lacks is written as ``?``: a result is never lost for a letter.
        """
        target = sys.stdout if stream is None else stream
        if not hasattr(target, "write"):
            raise TypeError(f"a stream is needed, not {type(target).__name__}")
        text = f"{self}\n"
        encoding = getattr(target, "encoding", None)
        if encoding:
            text = text.encode(encoding, "replace").decode(encoding)
        target.write(text)
        target.flush()
        return self.exit_code

    def exit(self) -> NoReturn:
        """Write to standard output and end the program with the exit code."""
        raise SystemExit(self.write())


def _safe(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"the texts of a result must be str, not {type(text).__name__}")
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_SAFE)


def _marked(result: Result) -> str:
    """A summary among others, with the marks that say which of them is a problem."""
    mark = {State.WARN: "(!)", State.CRIT: "(!!)", State.UNKNOWN: "(?)"}.get(result.state, "")
    return f"{result.summary}{mark}"
