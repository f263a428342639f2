"""Which texts are a datetime of DSP0004, section 5.2.4: days that exist, times of a day."""

from datetime import timedelta

import pytest

from opswire import wbem


@pytest.mark.parametrize(
    "text",
    [
        *(f"2026{month:02}31000000.000000+000" for month in (1, 3, 5, 7, 8, 10, 12)),
        *(f"2026{month:02}30000000.000000+000" for month in (4, 6, 9, 11)),
        "20260228000000.000000+000",
        "20240229000000.000000+000",
        "20000229000000.000000+000",
        "20261128235959.999999+000",
        "99999999235959.999999:000",
    ],
)
def test_a_moment_that_exists_is_read(text: str) -> None:
    assert str(wbem.CIMDateTime(text)) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *((f"2026{month:02}32000000.000000+000", "no such day") for month in range(1, 13)),
        *((f"2026{month:02}31000000.000000+000", "no such day") for month in (4, 6, 9, 11)),
        *((f"2026{month:02}00000000.000000+000", "no such day") for month in (4, 12)),
        ("20260229000000.000000+000", "no such day"),
        ("19000229000000.000000+000", "no such day"),
        ("20260001000000.000000+000", "not in 01..12"),
        ("20261301000000.000000+000", "not in 01..12"),
        ("20261128240000.000000+000", "no such time"),
        ("20261128006000.000000+000", "no such time"),
        ("20261128000060.000000+000", "no such time"),
        ("00000000000000.000000:001", "ends with :000"),
        ("99999999240000.000000:000", "below 100000000 days"),
    ],
)
def test_a_moment_that_does_not_exist_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        wbem.CIMDateTime(text)


@pytest.mark.parametrize(("text", "minutes"), [("+060", 60), ("-300", -300), ("+000", 0)])
def test_the_distance_from_utc_has_its_sign(text: str, minutes: int) -> None:
    assert wbem.CIMDateTime(f"20261128120000.000000{text}").minutes_from_utc == minutes


@pytest.mark.parametrize("minutes", [-1439, 0, 1439])
def test_a_zone_is_less_than_a_day_from_utc(minutes: int) -> None:
    assert wbem.MinutesFromUTC(minutes).utcoffset(None) == timedelta(minutes=minutes)


@pytest.mark.parametrize("minutes", [-1440, 1440])
def test_a_zone_of_a_day_is_none(minutes: int) -> None:
    with pytest.raises(ValueError, match="a day or more"):
        wbem.MinutesFromUTC(minutes)


def test_an_interval_is_not_negative_and_below_100000000_days() -> None:
    longest = timedelta(days=100_000_000) - timedelta(microseconds=1)
    assert str(wbem.CIMDateTime(longest)) == "99999999235959.999999:000"
    assert str(wbem.CIMDateTime(timedelta(0))) == "00000000000000.000000:000"
    for wrong in (longest + timedelta(microseconds=1), timedelta(microseconds=-1)):
        with pytest.raises(ValueError, match="is no CIM interval"):
            wbem.CIMDateTime(wrong)
