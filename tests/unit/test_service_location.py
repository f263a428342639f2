"""The order in which the targets of SRV records are tried: RFC 2782, page 4."""

import random
from collections import Counter

import pytest

from opswire.remctl.connecting.service_location import Record, in_order

CHANCES = [random.Random(seed) for seed in range(100)]  # noqa: S311 - the same in every run


class Chance(random.Random):
    """Chooses these numbers, one after the other, and knows between which it was to choose."""

    def __init__(self, *numbers: int) -> None:
        super().__init__()
        self._numbers = list(numbers)
        self.limits: list[tuple[int, int]] = []

    def randint(self, a: int, b: int) -> int:
        """The next number."""
        self.limits.append((a, b))
        return self._numbers.pop(0)


def record(target: str, weight: int = 0, priority: int = 0) -> Record:
    """A record whose port does not matter."""
    return Record(priority, weight, 4373, target)


def targets(records: list[Record], chance: random.Random) -> str:
    """The targets, of one letter each, in the order that chance gives them."""
    return "".join(each.target for each in in_order(records, chance))


def test_no_records_have_an_order_too() -> None:
    assert in_order([]) == []


def test_priorities_come_from_low_to_high_whatever_the_weights() -> None:
    records = [record("c", 65535, 9), record("a", 0, 0), record("b", 7, 5)]
    for chance in CHANCES:
        assert targets(records, chance) == "abc"


# Running sums in the order of the weights: a 1, b 3, c 6.
@pytest.mark.parametrize(
    ("number", "first"), [(0, "a"), (1, "a"), (2, "b"), (3, "b"), (4, "c"), (5, "c"), (6, "c")]
)
def test_the_first_running_sum_that_reaches_the_number_is_chosen(number: int, first: str) -> None:
    chance = Chance(number, 0, 0)
    assert targets([record("c", 3), record("a", 1), record("b", 2)], chance)[0] == first
    assert chance.limits[0] == (0, 6), "both ends included"


def test_what_was_chosen_counts_no_more() -> None:
    chance = Chance(4, 3, 1)
    assert targets([record("a", 1), record("b", 2), record("c", 3)], chance) == "cba"
    assert chance.limits == [(0, 6), (0, 3), (0, 1)]


def test_weights_of_another_priority_do_not_count() -> None:
    chance = Chance(1, 0, 7, 0)
    records = [record("c", 7, 2), record("a", 1, 1), record("b", 0, 1), record("d", 0, 2)]
    assert targets(records, chance) == "abcd"
    assert chance.limits == [(0, 1), (0, 0), (0, 7), (0, 0)]


def test_a_weight_of_zero_is_chosen_by_the_number_zero_only() -> None:
    records = [record("b", 5), record("z", 0)]
    assert targets(records, Chance(0, 0)) == "zb"
    for number in range(1, 6):
        assert targets(records, Chance(number, 0)) == "bz"


def test_the_first_place_goes_by_the_weights() -> None:
    """Of 4000 with weights 1 and 3, three quarters and no more than six deviations beside them."""
    records = [record("a", 100), record("b", 300)]
    counts = Counter(targets(records, CHANCES[0])[0] for _ in range(4000))
    assert abs(counts["b"] - 3000) < 6 * (4000 * 0.75 * 0.25) ** 0.5


def test_every_record_is_there_once_even_when_some_are_alike() -> None:
    records = [record("a", 1), record("a", 1), record("a", 0), record("b", 65535)]
    for chance in CHANCES:
        assert sorted(in_order(records, chance)) == sorted(records)


def test_chance_differs_from_one_call_to_the_next() -> None:
    """That 100 calls agree happens once in 2**99."""
    records = [record("a", 65535), record("b", 65535)]
    assert {each[0].target for each in (in_order(records) for _ in range(100))} == {"a", "b"}
