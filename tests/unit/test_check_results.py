"""Results of active checks: states, thresholds, and text that cannot pass for metrics."""

import io
import itertools
import pickle
import subprocess
import sys

import pytest

from opswire.agents.output.check_results import BROKEN_BAR, Metric, Result, State
from opswire.errors import PerformanceDataError


def test_states_are_the_exit_codes_of_plugins() -> None:
    """Nagios plugin guidelines, section 2.4."""
    assert [(state.name, int(state)) for state in State] == [
        ("OK", 0),
        ("WARN", 1),
        ("CRIT", 2),
        ("UNKNOWN", 3),
    ]


def test_the_worst_state_is_the_most_severe() -> None:
    """OK < WARN < UNKNOWN < CRIT, in any order, of any number of states."""
    order = [State.OK, State.WARN, State.UNKNOWN, State.CRIT]
    for states in itertools.product(order, repeat=3):
        assert State.worst(*states) is order[max(order.index(state) for state in states)]
    assert State.worst() is State.OK
    assert State.worst(0, 1) is State.WARN


@pytest.mark.parametrize(
    ("threshold", "fine", "alert"),
    [
        (10, [0, 5, 10], [-1, 10.1]),
        ("10", [0, 10], [-0.5, 11]),
        ("10:", [10, 1e9], [9.9, -1]),
        ("~:10", [-1e9, 10], [10.1]),
        ("10:20", [10, 20], [9, 21]),
        ("@10:20", [9, 21], [10, 15, 20]),
    ],
)
def test_thresholds_are_the_ranges_of_the_guidelines(
    threshold: float | str, fine: list[float], alert: list[float]
) -> None:
    """Section 2.5, table 2."""
    for value in fine:
        assert Metric("m", value, warning=threshold, critical=threshold).state() is State.OK
    for value in alert:
        assert Metric("m", value, critical=threshold).state() is State.CRIT
        assert Metric("m", value, warning=threshold).state() is State.WARN
        assert Metric("m", value, warning=threshold, critical="~:").state() is State.WARN


def test_a_value_that_is_not_known_is_unknown() -> None:
    """The letter U."""
    metric = Metric("m", None, warning=1, critical=2)
    assert (metric.state(), str(metric)) == (State.UNKNOWN, "m=U;1;2")


def test_a_metric_is_a_value() -> None:
    """Its fields come back as they were given."""
    metric = Metric("it's a=b", 0.1, "s", warning="1:2", critical=3, minimum=0, maximum=9)
    assert (metric.name, metric.value, metric.unit) == ("it's a=b", 0.1, "s")
    assert (metric.warning, metric.critical) == ("1:2", 3.0)
    assert (metric.minimum, metric.maximum) == (0.0, 9.0)
    assert str(metric) == "'it''s a=b'=0.1s;1:2;3;0;9"
    assert repr(metric) == "<Metric 'it''s a=b'=0.1s;1:2;3;0;9>"
    same = Metric("it's a=b", 0.1, "s", warning="1:2", critical=3, minimum=0, maximum=9)
    assert (metric, hash(metric)) == (same, hash(same))
    assert pickle.loads(pickle.dumps(metric)) == metric  # noqa: S301 - our own octets
    assert metric != "m"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "a|b"},
        {"name": "a\nb"},
        {"value": float("nan")},
        {"value": float("inf")},
        {"unit": "m2"},
        {"unit": "a b"},
        {"warning": "5:1"},
        {"critical": "x"},
        {"minimum": float("-inf")},
    ],
)
def test_a_metric_that_cannot_be_written_is_not_made(fields: dict[str, object]) -> None:
    """It fails where it is made, not where it is printed."""
    with pytest.raises(PerformanceDataError):
        Metric(**{"name": "m", "value": 1, **fields})  # type: ignore[arg-type]  # of several types


def test_the_output_has_its_parts_in_the_order_of_the_guidelines() -> None:
    """State, summary, bar, metrics; then the long text."""
    metrics = [Metric("a", 1), Metric("b c", 2.5, "%")]
    result = Result(State.WARN, "summary", "line 1\nline 2\n", metrics)
    assert str(result) == "WARN - summary | a=1 'b c'=2.5%\nline 1\nline 2"
    assert str(Result(State.OK, "fine")) == "OK - fine"
    assert str(Result(3, "")) == "UNKNOWN"
    assert repr(result) == "<Result WARN - summary | a=1 'b c'=2.5%>"


def test_no_text_can_pass_for_metrics_or_lines() -> None:
    """Bars, line breaks of all kinds, control characters."""
    result = Result(State.OK, "a|b=1\r\nrest\x00\x1b[1m", "more|x=1\rand\tmore", [Metric("m", 1)])
    first, *rest = str(result).split("\n")
    assert first == f"OK - a{BROKEN_BAR}b=1 | m=1"
    assert rest == ["rest  [1m", f"more{BROKEN_BAR}x=1", "and\tmore"]


@pytest.mark.parametrize("code", [*range(0x20), 0x7F])
def test_no_control_character_is_left_in_a_text(code: int) -> None:
    """Tabs stay, and what ends a line does; the rest is somebody's terminal codes."""
    shown = {0x09: "\t", 0x0A: "\n", 0x0D: "\n"}.get(code, " ")
    assert str(Result(State.OK, f"a{chr(code)}b")) == f"OK - a{shown}b"


def test_results_are_combined() -> None:
    """The worst state, all texts and metrics, and a mark at each problem."""
    result = Result.combined(
        [
            Result(State.OK, "one", "details of one", [Metric("a", 1)]),
            Result(State.WARN, "two"),
            Result(State.UNKNOWN, "three", "details of three", [Metric("b", 2)]),
            Result(State.CRIT, "four"),
        ]
    )
    assert str(result) == (
        "CRIT - one, two(!), three(?), four(!!) | a=1 b=2\ndetails of one\ndetails of three"
    )
    assert str(Result.combined([])) == "OK"


def test_what_an_encoding_lacks_is_no_reason_to_fail() -> None:
    """A monitoring core runs plugins in the C locale."""
    octets = io.BytesIO()
    stream = io.TextIOWrapper(octets, encoding="ascii")
    assert Result(State.CRIT, "größer | x").write(stream) == 2
    assert octets.getvalue() == b"CRIT - gr??er ? x\n"
    text = io.StringIO()
    assert Result(State.OK, "größer").write(text) == 0
    assert text.getvalue() == "OK - größer\n"


def test_a_program_ends_with_the_state() -> None:
    """As a monitoring core sees it."""
    program = (
        "from opswire.agents.output.check_results import Result, State\n"
        "Result(State.UNKNOWN, 'no answer').exit()"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout, result.stderr) == (3, "UNKNOWN - no answer\n", "")
