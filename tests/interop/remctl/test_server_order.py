"""The order in which the targets of SRV records are tried: RFC 2782, page 4."""

from collections import Counter

from dns.rdata import from_text
from dns.rdtypes.IN.SRV import SRV

from opswire.remctl.connecting.service_location import MAX_LOCATIONS, Location, in_order

TRIES = 100


def record(target: str, weight: int = 0, priority: int = 0) -> SRV:
    """A record whose port does not matter."""
    made = from_text("IN", "SRV", f"{priority} {weight} 4373 {target}.")
    assert isinstance(made, SRV)
    return made


def targets(records: list[SRV]) -> str:
    """The targets, of one letter each, in order."""
    return "".join(each.host for each in in_order(records))


def test_no_records_have_an_order_too() -> None:
    assert in_order([]) == []


def test_a_location_is_the_target_without_its_last_dot_and_the_port() -> None:
    assert in_order([record("web1.example.com")]) == [Location("web1.example.com", 4373)]


def test_the_root_says_that_there_is_no_service() -> None:
    """The only name that keeps its dot."""
    assert [each.host for each in in_order([record("")])] == ["."]


def test_priorities_come_from_low_to_high_whatever_the_weights() -> None:
    records = [record("c", 65535, 9), record("a", 0, 0), record("b", 7, 5)]
    assert {targets(records) for _ in range(TRIES)} == {"abc"}


def test_the_first_place_goes_by_the_weights() -> None:
    """Of 4000 with weights 1 and 3, three quarters and no more than six deviations beside them."""
    records = [record("a", 100), record("b", 300)]
    counts = Counter(targets(records)[0] for _ in range(4000))
    assert abs(counts["b"] - 3000) < 6 * (4000 * 0.75 * 0.25) ** 0.5


def test_every_record_is_there_once() -> None:
    records = [record("a", 1), record("b", 1), record("c"), record("d", 65535)]
    for _ in range(TRIES):
        assert sorted(targets(records)) == list("abcd")


def test_of_too_many_those_are_looked_at_that_are_to_be_tried_first() -> None:
    """Those of a high priority or without a weight may go."""
    records = [
        *(record(f"x{number}", 9, 2) for number in range(9)),
        *(record(f"w{number}", 0, 1) for number in range(9)),
        *(record(f"a{number}", 9, 1) for number in range(MAX_LOCATIONS)),
    ]
    assert {each.host[0] for each in in_order(records)} == {"a"}
    assert len(in_order(records)) == MAX_LOCATIONS


def test_chance_differs_from_one_call_to_the_next() -> None:
    """That 100 calls agree happens once in 2**99."""
    records = [record("a", 65535), record("b", 65535)]
    assert {targets(records)[0] for _ in range(TRIES)} == {"a", "b"}
