"""When a reminder may come: at the member's own hour, never at night, on a festival, or while the field calls."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from handlers.study.hours import StudyRules, is_festival

RULES = StudyRules(farm=(("05-25", "06-10"),), farm_hour=time(19, 30))
OFF = {date(2026, 10, day) for day in range(1, 8)}
MADE_UP = {date(2026, 9, 20)}  # a Sunday that is worked


def is_workday(day: date) -> bool:
    return day in MADE_UP or (day not in OFF and day.weekday() < 5)


CASES = [
    # zone, kind, wanted (local), comes (local)
    ("Asia/Shanghai", "ordinary", "2026-11-27 10:00", "2026-11-27 10:00"),
    ("Asia/Shanghai", "ordinary", "2026-11-27 21:00", "2026-11-28 07:30"),
    ("Asia/Shanghai", "ordinary", "2026-11-27 03:00", "2026-11-27 07:30"),
    ("Europe/Berlin", "away", "2026-11-27 22:15", "2026-11-28 07:30"),
    ("Asia/Shanghai", "ordinary", "2026-10-01 10:00", "2026-10-08 10:00"),  # the whole festival
    ("Asia/Shanghai", "ordinary", "2026-10-03 10:00", "2026-10-08 10:00"),  # its Saturday too
    ("Asia/Shanghai", "ordinary", "2026-11-28 10:00", "2026-11-28 10:00"),  # a plain Saturday is a good day
    ("Asia/Shanghai", "ordinary", "2026-06-01 10:00", "2026-06-01 19:30"),  # the harvest
    ("Asia/Shanghai", "away", "2026-06-01 10:00", "2026-06-01 10:00"),  # is not theirs
    ("Asia/Shanghai", "ordinary", "2026-09-30 22:00", "2026-10-08 07:30"),  # night, then festival
    ("Europe/Berlin", "away", "2026-03-29 02:30", "2026-03-29 07:30"),  # an hour that does not exist
]


@pytest.mark.parametrize(("zone", "kind", "wanted", "comes"), CASES)
def test_it_comes_at_an_hour_that_suits_the_member(zone: str, kind: str, wanted: str, comes: str):
    local = datetime.fromisoformat(wanted).replace(tzinfo=ZoneInfo(zone))
    found = RULES.fitting(local, zone, kind, is_workday).astimezone(ZoneInfo(zone))
    assert f"{found:%Y-%m-%d %H:%M}" == comes


def test_a_calendar_without_a_workday_holds_up_nothing_for_ever():
    local = datetime(2026, 11, 27, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert RULES.fitting(local, "Asia/Shanghai", "ordinary", lambda day: day.weekday() > 4) > local


def test_a_weekend_beside_a_festival_belongs_to_it_and_a_plain_one_does_not():
    assert is_festival(date(2026, 10, 4), is_workday)
    assert not is_festival(date(2026, 11, 29), is_workday)
    assert not is_festival(date(2026, 9, 20), is_workday)
