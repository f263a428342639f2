"""Four at a time between connect() and the first answer, first come, first served."""

import threading
import time

import pytest

from opswire.remctl import pacing
from opswire.remctl.pacing import MAX_CONNECTING, Slot

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
