"""Four at a time between connect() and the first answer, first come, first served."""

import asyncio
import threading
import time

import pytest

from opswire import pacing
from opswire.pacing import MAX_CONNECTING, Slot
from opswire.remctl.connecting import asyncio_dialing

NEVER = 0.0


@pytest.fixture
def taken() -> list[Slot]:
    """Every place of a destination, taken."""
    slots = [Slot(("192.0.2.1", 4373)) for _ in range(MAX_CONNECTING)]
    for slot in slots:
        slot.take(NEVER)
    return slots


@pytest.fixture(autouse=True)
def nobody_waits_at_the_end() -> object:
    """Whatever a test does, the queues are empty after it."""
    yield
    assert pacing._queues == {}


def give_back(slots: list[Slot]) -> None:
    for slot in slots:
        slot.release()


def test_the_fifth_waits_until_its_deadline(taken: list[Slot]) -> None:
    with pytest.raises(TimeoutError):
        Slot(("192.0.2.1", 4373)).take(time.monotonic() + 0.05)
    give_back(taken)


def test_another_destination_does_not_wait(taken: list[Slot]) -> None:
    other = Slot(("192.0.2.2", 4373))
    other.take(NEVER)
    give_back([*taken, other])


def test_a_place_passes_on_in_the_order_of_arrival(taken: list[Slot]) -> None:
    order: list[int] = []
    waiting = []
    for number in range(3):
        slot = Slot(("192.0.2.1", 4373))

        def wait(slot: Slot = slot, number: int = number) -> None:
            slot.take(NEVER)
            order.append(number)
            slot.release()

        thread = threading.Thread(target=wait)
        thread.start()
        while len(pacing._queues["192.0.2.1", 4373].waiting) <= number:
            time.sleep(0.001)
        waiting.append(thread)
    taken.pop().release()
    for thread in waiting:
        thread.join(30)
    assert order == [0, 1, 2]
    give_back(taken)


def test_cancelling_wakes_the_waiter_and_keeps_no_place(taken: list[Slot]) -> None:
    slot = Slot(("192.0.2.1", 4373))
    threading.Timer(0.05, slot.cancel).start()
    with pytest.raises(ConnectionAbortedError):
        slot.take(NEVER)
    give_back(taken)


def test_cancelling_a_slot_that_was_taken_changes_nothing(taken: list[Slot]) -> None:
    taken[0].cancel()
    give_back(taken)


def signal_of_a_closed_loop() -> asyncio_dialing._Signal:
    """What wakes a task that has died with its event loop."""

    async def made() -> asyncio_dialing._Signal:
        return asyncio_dialing._Signal()

    return asyncio.run(made())


def test_a_turn_that_nobody_can_take_passes_on(taken: list[Slot]) -> None:
    """Two event loops were closed while tasks stood in line; behind them somebody still waits."""
    order: list[str] = []
    for _ in range(2):
        assert not Slot(("192.0.2.1", 4373)).enter(signal_of_a_closed_loop().give)
    living = Slot(("192.0.2.1", 4373))
    assert not living.enter(lambda: order.append("turn"))
    taken.pop().release()
    assert order == ["turn"]
    give_back([*taken, living])


def test_a_turn_that_nobody_can_take_at_all_is_a_free_place(taken: list[Slot]) -> None:
    """The last one in line has died."""
    assert not Slot(("192.0.2.1", 4373)).enter(signal_of_a_closed_loop().give)
    taken.pop().release()
    free = Slot(("192.0.2.1", 4373))
    assert free.enter()
    give_back([*taken, free])


def test_whoever_leaves_the_line_gives_nobody_a_turn(taken: list[Slot]) -> None:
    """Nor itself: it has no place to give back."""
    turns: list[str] = []
    first = Slot(("192.0.2.1", 4373))
    assert not first.enter(lambda: turns.append("first"))
    with pytest.raises(TimeoutError):
        Slot(("192.0.2.1", 4373)).take(time.monotonic() - 1)
    assert turns == []
    taken.pop().release()
    assert turns == ["first"]
    give_back([*taken, first])


def test_a_backlog_of_five_holds_what_is_connecting() -> None:
    """remctld's, with a place for another process."""
    slots = [Slot(("192.0.2.1", 4373)) for _ in range(5)]
    entered = [slot for slot in slots if slot.enter()]
    assert entered == slots[:4]
    give_back(entered)
