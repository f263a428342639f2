"""include/opswire/remctl_transitions.h: every cell of the table against tests/cases."""

from pathlib import Path

import pytest

from opswire._core.ffi import lib
from tests.c.machine import STATES, STEPS

FORBIDDEN = lib.OPSWIRE_REMCTL_FORBIDDEN
STATE_COUNT = lib.OPSWIRE_REMCTL_STATE_COUNT
STEP_COUNT = lib.OPSWIRE_REMCTL_STEP_COUNT


def load_allowed() -> dict[tuple[str, str], str]:
    """(State, step) to the next state."""
    allowed: dict[tuple[str, str], str] = {}
    step = ""
    text = (Path(__file__).parents[1] / "cases/remctl_transitions.txt").read_text()
    for line in text.splitlines():
        match line.partition("#")[0].split():
            case [step]:
                pass
            case [state, following]:
                assert (state, step) not in allowed
                allowed[state, step] = following
    return allowed


ALLOWED = load_allowed()
ALL_STATES = sorted(set(STATES) - {"STATE_COUNT"})
ALL_STEPS = sorted(set(STEPS) - {"STEP_COUNT"})


def test_the_cases_speak_of_states_and_steps_that_exist() -> None:
    """A misspelt line would test nothing."""
    assert {state for state, _ in ALLOWED} | set(ALLOWED.values()) <= set(ALL_STATES)
    assert {step for _, step in ALLOWED} <= set(ALL_STEPS)


@pytest.mark.parametrize("state", ALL_STATES)
def test_every_step_from_a_state_leads_where_the_protocol_says(state: str) -> None:
    """A step that is not in the cases is forbidden."""
    expected = {step: STATES[ALLOWED.get((state, step), "FORBIDDEN")] for step in ALL_STEPS}
    found = {step: lib.opswire_remctl_transition(STATES[state], STEPS[step]) for step in ALL_STEPS}
    assert found == expected


def test_the_walk_covers_the_whole_table() -> None:
    """The numbers are dense: names and counts agree."""
    assert sorted(STATES[name] for name in ALL_STATES) == list(range(STATE_COUNT))
    assert sorted(STEPS[name] for name in ALL_STEPS) == list(range(STEP_COUNT))


@pytest.mark.parametrize("state", ["FORBIDDEN", "CLOSED"])
def test_nothing_leads_out_of(state: str) -> None:
    """One is no state, the other is the last."""
    assert not [pair for pair in ALLOWED if pair[0] == state]


def test_every_state_but_the_first_ones_can_be_reached() -> None:
    """A state that no step leads to would be dead."""
    begun = {"FORBIDDEN", "CLIENT_START", "CLIENT_START_1", "SERVER_START"}
    assert set(ALL_STATES) - set(ALLOWED.values()) == begun


@pytest.mark.parametrize("number", [STATE_COUNT, STATE_COUNT + 1, 255, 256, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_state_out_of_range_allows_nothing(number: int) -> None:
    """Whatever the step."""
    for step in range(STEP_COUNT):
        assert lib.opswire_remctl_transition(number, step) == FORBIDDEN


@pytest.mark.parametrize("number", [STEP_COUNT, STEP_COUNT + 1, 255, 256, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_step_out_of_range_is_forbidden(number: int) -> None:
    """Whatever the state."""
    for state in range(STATE_COUNT):
        assert lib.opswire_remctl_transition(state, number) == FORBIDDEN
