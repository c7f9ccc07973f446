"""The same number has the same address for ever."""

from datetime import date

from bot.digest.address import address
from handlers.digest.period import Kind, Period

MONDAY = date(2026, 11, 23)


def test_an_address_names_its_period_its_figure_and_its_row() -> None:
    assert address(Period.of(Kind.MONTH, MONDAY), "late", "office", "YX01") == (
        "/console/petitions?measure=late&period=month&on=2026-11-01&office=YX01"
    )


def test_a_day_after_a_holiday_names_all_its_days() -> None:
    told = address(Period(Kind.DAY, MONDAY, MONDAY.replace(day=25)), "new")
    assert told.endswith("period=day&on=2026-11-23&to=2026-11-25")
