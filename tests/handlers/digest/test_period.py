"""Which days a period has, in the service's zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.digest.period import Kind, Period


@pytest.mark.parametrize(
    ("kind", "on", "first", "last"),
    [
        ("day", "2026-11-22", "2026-11-22", "2026-11-22"),
        ("week", "2026-11-22", "2026-11-16", "2026-11-22"),  # a Sunday ends its week
        ("week", "2026-12-31", "2026-12-28", "2027-01-03"),
        ("month", "2028-02-29", "2028-02-01", "2028-02-29"),
        ("month", "2026-12-31", "2026-12-01", "2026-12-31"),
        ("quarter", "2026-11-22", "2026-10-01", "2026-12-31"),
        ("quarter", "2026-01-01", "2026-01-01", "2026-03-31"),
    ],
)
def test_a_period_is_the_one_the_day_lies_in(kind: str, on: str, first: str, last: str) -> None:
    period = Period.of(Kind(kind), date.fromisoformat(on))
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("day", "2026-12-31", "2026-12-31"),
        ("week", "2026-12-21", "2026-12-27"),
        ("month", "2026-12-01", "2026-12-31"),
        ("quarter", "2026-10-01", "2026-12-31"),
    ],
)
def test_what_is_over_on_new_year_s_day_lies_in_the_old_year(kind: str, first: str, last: str) -> None:
    period = Period.before(Kind(kind), date(2027, 1, 1))
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


def test_a_day_is_a_day_of_the_service_s_zone() -> None:
    period = Period.of(Kind.DAY, date(2026, 11, 22))
    assert period.since(ZoneInfo("Asia/Shanghai")) == datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert period.until(ZoneInfo("Asia/Urumqi")) == datetime(2026, 11, 22, 18, tzinfo=UTC)
