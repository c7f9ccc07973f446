"""A county reads in the year's notice: every slip of the pen is named, and nothing is half done."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from handlers.calendar import ENOUGH_DAYS, BadNotice, apply_notice, days_left, read_notice
from models.base import Session
from models.calendar import Calendar, CalendarDay, Source, seed
from models.database import Database

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)

# Invented for these tests; no notice for 2027 is known here.
NOTICE = """
year = 2027
source = "an invented notice"
off = ["2027-01-01..2027-01-03", "2027-02-05..2027-02-11", 2027-04-05, "2027-05-01..2027-05-05",
       "2027-06-09", "2027-09-15", "2027-10-01..2027-10-07"]
work = ["2027-02-20", "2027-10-09", "2026-12-26"]
"""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = Database(f"sqlite:///{tmp_path}/calendar.db")
    tables = [SQLModel.metadata.tables[name] for name in ("calendar_year", "calendar_day")]
    SQLModel.metadata.create_all(database.engine, tables=tables)
    with database.transaction() as opened:
        yield opened
    database.close()


def test_a_notice_read_in_confirms_its_year(session: Session) -> None:
    seed(session, AT.date())
    change = apply_notice(session, read_notice("\ufeff" + NOTICE), AT)
    assert 2027 in change.years
    assert {date(2027, 2, 20), date(2026, 12, 26), date(2027, 10, 6)} <= change.days
    known = Calendar.load(session)
    assert change.version == known.version
    assert known.sources[2027] is Source.NOTICE
    assert not known.is_workday(date(2027, 10, 7))
    assert known.is_workday(date(2027, 10, 8))
    assert known.is_workday(date(2027, 10, 9))
    assert days_left(session, AT) == 404
    again = apply_notice(session, read_notice(NOTICE), AT)
    assert (again.years, again.days) == (frozenset(), frozenset())


def test_the_office_is_warned_in_time_for_the_longest_clock(session: Session) -> None:
    apply_notice(session, read_notice(NOTICE), AT)
    assert days_left(session, datetime(2027, 11, 1, 15, 59, tzinfo=UTC)) == ENOUGH_DAYS
    assert days_left(session, datetime(2027, 11, 1, 16, 0, tzinfo=UTC)) < ENOUGH_DAYS  # midnight in China


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('"2027-06-09"', '"2027-06-31"', r"off, entry 5 \(2027-06-31\): there is no day '2027-06-31'; write"),
        ('"2027-06-09"', '"2027-02-29"', "there is no day '2027-02-29'"),
        ('"2027-06-09"', '"9 June"', "there is no day '9 June'; write"),
        ('"2027-06-09"', '"20270609"', "there is no day '20270609'; write"),
        ('"2027-06-09"', "20270609", "off, entry 5 .*: no day; write"),
        ('"2027-06-09"', "2027-06-09T08:00:00", "off, entry 5 .*: no day; write"),
        ('"2027-06-09"', '"2026-06-09"', "2026-06-09 is not of 2027; only that year and the December before"),
        ('"2027-06-09"', '"2027-01-02"', r"2027-01-02 is in off, entry 1 \(.*\) already; name each day once"),
        ('"2027-06-09"', '"2027-06-11..2027-06-09"', "ends before it begins; write 2027-06-09..2027-06-11"),
        ('"2027-06-09"', '"2027-06-09..2027-08-09"', "62 days; no holiday is longer than 16"),
        (
            '"2027-10-01..2027-10-07"',
            '"2027-10-02..2027-10-07"',
            "off: 2027-10-01 is missing, a holiday by law",
        ),
        ('"2027-02-20"', '"2027-02-22"', "work, entry 1 .*: 2027-02-22 is a Monday and worked anyway"),
        ('"2027-02-20"', '"2027-01-02"', "work, entry 1 .*: 2027-01-02 is also in off, entry 1"),
        ("year = 2027", "year = 27", "year: 27 is no year; write year = 2027"),
        ("year = 2027", "", "year: None is no year"),
        ("an invented notice", " ", "source: missing"),
        ("work = [", "worked = [", "worked: no such key; there are year, source, off, work"),
        ("off = [", 'off = "2027-01-01"\nrest = [', "off: a list of days is needed"),
        ('"2027-06-09",', '"2027-06-09', "no TOML: .* line 5"),
    ],
)
def test_a_wrong_date_is_named_with_what_would_be_right(right: str, wrong: str, said: str) -> None:
    assert right in NOTICE
    with pytest.raises(BadNotice, match=said):
        read_notice(NOTICE.replace(right, wrong))


def test_every_fault_is_named_at_once_and_nothing_is_changed(session: Session) -> None:
    seed(session, AT.date())
    before = Calendar.load(session)
    text = NOTICE.replace("2027-06-09", "2027-06-31").replace("2027-02-20", "2027-02-22")
    with pytest.raises(BadNotice) as refused:
        apply_notice(session, read_notice(text), AT)
    assert [fault.split(" (")[0] for fault in refused.value.faults] == ["off, entry 5", "work, entry 1"]
    assert Calendar.load(session) == before
    assert not session.exec(select(CalendarDay).where(CalendarDay.source == Source.NOTICE.value)).all()
