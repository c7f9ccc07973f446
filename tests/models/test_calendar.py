"""The calendar the clocks run on: make-up workdays, years nobody knows yet, and their arrival."""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from sqlmodel import SQLModel, select

from models import calendar, holiday
from models.base import Session
from models.calendar import Calendar, CalendarDay, CalendarYear, Source, replace_year, seed
from models.database import Database
from models.holiday import SpecialDay, announced, estimated
from models.working_time import WorkingTime, parse_spans

TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = Database(f"sqlite:///{tmp_path}/calendar.db")
    tables = [SQLModel.metadata.tables[name] for name in ("calendar_year", "calendar_day")]
    SQLModel.metadata.create_all(database.engine, tables=tables)
    with database.transaction() as opened:
        yield opened
    database.close()


@pytest.fixture
def nobody_knows_2027(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on the day this was written, however new the installed packages are."""
    know(monkeypatch, until=2026)


def know(monkeypatch: pytest.MonkeyPatch, until: int, plus: tuple[SpecialDay, ...] = ()) -> None:
    def known(year: int) -> tuple[SpecialDay, ...] | None:
        own = tuple(special for special in plus if special.day.year == year)
        return own or (announced(year) if year <= until else None)

    monkeypatch.setattr(calendar, "announced", known)
    monkeypatch.setattr(calendar, "_unseeded", lru_cache(calendar._unseeded.__wrapped__))


NOTICE_2027 = (
    SpecialDay(date(2027, 1, 1), is_workday=False, note="notice"),
    SpecialDay(date(2027, 2, 8), is_workday=False, note="notice"),
    SpecialDay(date(2027, 2, 20), is_workday=True, note="notice"),
    SpecialDay(date(2026, 12, 26), is_workday=True, note="notice"),
)


def test_the_saturdays_and_sundays_made_up_in_2026_are_worked(session: Session) -> None:
    seed(session, TODAY)
    known = Calendar.load(session)
    made_up = [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]
    weekends = [day for day in days_of(2026) if day.weekday() >= 5]
    assert [day for day in weekends if known.is_workday(day)] == made_up
    off = [day for day in days_of(2026) if day.weekday() < 5 and not known.is_workday(day)]
    assert {date(2026, 2, 16), date(2026, 2, 23), date(2026, 10, 7)} <= set(off)
    assert date(2026, 2, 24) not in off


def test_five_working_days_over_a_spring_festival_count_its_made_up_saturday(session: Session) -> None:
    seed(session, TODAY)
    office = WorkingTime(
        parse_spans(["08:30-12:00", "14:00-17:30"]), SHANGHAI, Calendar.load(session).is_workday
    )
    received = datetime(
        2026, 2, 14, 17, tzinfo=SHANGHAI
    )  # a Saturday that is worked, the last before the holiday
    assert office.open_at(received)
    assert office.add(received, timedelta(hours=2)) == datetime(2026, 2, 24, 10, tzinfo=SHANGHAI)
    assert office.add_workdays(received, 5) == datetime(2026, 2, 28, 17, 30, tzinfo=SHANGHAI)
    assert office.calendar_days(received, 5) == datetime(2026, 2, 24, 17, 30, tzinfo=SHANGHAI)


@pytest.mark.usefixtures("nobody_knows_2027")
def test_a_deadline_into_a_year_nobody_knows_is_an_estimate_not_a_crash(session: Session) -> None:
    seed(session, TODAY)
    known = Calendar.load(session)
    assert known.confirmed(date(2026, 12, 31))
    assert not known.confirmed(date(2027, 1, 1))
    assert known.sources[2027] is Source.ESTIMATED
    office = WorkingTime(parse_spans(["08:30-17:30"]), SHANGHAI, known.is_workday)
    received = datetime(2026, 12, 28, 9, tzinfo=SHANGHAI)
    assert office.add_workdays(received, 5) == datetime(2027, 1, 5, 17, 30, tzinfo=SHANGHAI)  # New Year off


@pytest.mark.parametrize("year", [1, 1900, 2003, 2040, 2100, 2101, 2500, 9999])
def test_every_year_has_an_answer_with_the_holidays_the_law_fixes(session: Session, year: int) -> None:
    known = Calendar.load(session)
    for month, day in ((1, 1), (5, 1), (10, 1)):
        assert not known.is_workday(date(year, month, day))
    assert 230 <= sum(known.is_workday(day) for day in days_of(year)) <= 262


def test_an_estimate_gives_no_more_days_off_than_the_notices_did() -> None:
    for year in range(2014, 2027):
        off = {special.day for special in estimated(year) if not special.is_workday}
        notice = announced(year)
        assert notice is not None
        assert len(off - {special.day for special in notice}) <= 3, year


@pytest.mark.usefixtures("nobody_knows_2027")
def test_seeding_twice_writes_nothing_the_second_time(session: Session) -> None:
    first = seed(session, TODAY)
    assert first.years == {2025, 2026, 2027}
    assert first.days == frozenset()  # an empty table answered the same
    written: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *call: written.append(call[2]))
    second = seed(session, TODAY)
    assert (second.years, second.days, second.version) == (frozenset(), frozenset(), first.version)
    assert {statement.split()[0] for statement in written} == {"SELECT"}


def test_when_the_confirmed_year_arrives_the_days_that_differ_are_named(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, until=2026)
    estimate = seed(session, TODAY)
    know(monkeypatch, until=2026, plus=NOTICE_2027[:3])  # a newer package
    change = seed(session, TODAY)
    assert change.years == {2027}
    assert date(2027, 2, 20) in change.days  # worked now
    assert date(2027, 10, 1) in change.days  # this invented notice forgot it
    assert date(2027, 1, 1) not in change.days  # off before and after
    assert change.version != estimate.version
    assert Calendar.load(session).confirmed(date(2027, 6, 1))
    know(monkeypatch, until=2026)  # an older package again: what was confirmed stays
    assert seed(session, TODAY).version == change.version


@pytest.mark.usefixtures("nobody_knows_2027")
def test_a_countys_own_notice_outlives_every_seeding(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(session, TODAY)
    change = replace_year(session, 2027, NOTICE_2027, "notice", AT)
    assert change.years == {2026, 2027}
    assert date(2026, 12, 26) in change.days  # a Saturday of the year before, made up for New Year
    again = replace_year(session, 2027, NOTICE_2027, "notice", AT + timedelta(days=1))
    assert (again.years, again.days) == (frozenset(), frozenset())
    assert session.get_one(CalendarYear, 2027).read_at == AT

    other = (SpecialDay(date(2027, 3, 1), is_workday=False, note=""),)
    know(monkeypatch, until=2026, plus=other)
    assert seed(session, TODAY + timedelta(days=30)).days == frozenset()
    known = Calendar.load(session)
    assert known.is_workday(date(2026, 12, 26))
    assert known.is_workday(date(2027, 3, 1))


@pytest.mark.usefixtures("nobody_knows_2027")
def test_a_corrected_notice_takes_its_december_days_back(session: Session) -> None:
    seed(session, TODAY)
    replace_year(
        session, 2027, [*NOTICE_2027, SpecialDay(date(2026, 12, 31), is_workday=False, note="")], "a", AT
    )
    assert not Calendar.load(session).is_workday(date(2026, 12, 31))
    change = replace_year(session, 2027, NOTICE_2027[:3], "b", AT)
    assert change.days == {date(2026, 12, 26), date(2026, 12, 31)}
    assert {row.year for row in session.exec(select(CalendarDay)) if row.day >= date(2026, 11, 1)} == {2027}


@pytest.mark.usefixtures("nobody_knows_2027")
@pytest.mark.parametrize(
    ("day", "left"),
    [(date(2026, 11, 1), 60), (date(2026, 11, 2), 59), (date(2026, 12, 31), 0), (date(2027, 5, 1), 0)],
)
def test_confirmed_days_run_out_at_the_end_of_the_last_announced_year(
    session: Session, day: date, left: int
) -> None:
    assert Calendar.load(session).confirmed_days_after(day) == left  # also before anything was seeded
    seed(session, TODAY)
    assert Calendar.load(session).confirmed_days_after(day) == left


def test_the_calendar_is_read_with_two_queries_and_asks_no_package(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(session, TODAY)
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *call: asked.append(call[2]))
    monkeypatch.setattr(holiday, "chinese_calendar", None)
    monkeypatch.setitem(sys.modules, "holidays", None)
    known = Calendar.load(session)
    assert len(asked) == 2
    assert sum(known.is_workday(day) for day in [*days_of(2025), *days_of(2026), *days_of(2027)]) > 700
    assert known == Calendar.load(session)


def days_of(year: int) -> list[date]:
    return [
        date.fromordinal(number)
        for number in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    ]
