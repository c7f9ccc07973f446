"""Deadlines on working time: whatever the spans, the zone and the calendar, the sums have to hold."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.working_time import NoWorkday, Span, WorkingTime, parse_spans

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Besides ours: clocks that change at two, at one minute past midnight (until 2011), by half an hour, and a
# zone that once left out a whole day (Apia, 2011-12-30).
ZONES = ["Asia/Shanghai", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"]
OFFICE = parse_spans(["08:30-12:00", "14:00-17:30"])
MICROSECOND = timedelta(microseconds=1)

quick = settings(max_examples=200, deadline=None)


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def shanghai(text: str) -> datetime:
    return wall(text).replace(tzinfo=SHANGHAI)


@st.composite
def some_spans(draw: st.DrawFn) -> tuple[Span, ...]:
    cuts = draw(st.lists(st.integers(0, 24 * 60), min_size=2, max_size=6, unique=True).map(sorted))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return tuple(Span(timedelta(minutes=start), timedelta(minutes=end)) for start, end in pairs)


@st.composite
def some_working_time(draw: st.DrawFn, zones: list[str] = ZONES) -> WorkingTime:
    pattern = draw(st.lists(st.booleans(), min_size=1, max_size=16).filter(any))
    shut = draw(st.integers(0, 40))  # and once a year a long holiday

    def is_workday(day: date) -> bool:
        return pattern[day.toordinal() % len(pattern)] and not 0 <= day.timetuple().tm_yday - 20 < shut

    return WorkingTime(draw(some_spans()), ZoneInfo(draw(st.sampled_from(zones))), is_workday)


# The years 2007-2013 hold the odd changes of clock, 2024-2028 leap days and ours.
instants = st.datetimes(wall("2007-01-01"), wall("2013-01-01"), timezones=st.just(UTC)) | st.datetimes(
    wall("2023-12-01"), wall("2028-04-01"), timezones=st.just(UTC)
)
durations = st.timedeltas(timedelta(0), timedelta(days=12))
anything = some_working_time()


@quick
@given(anything, instants, durations, durations)
def test_two_durations_one_after_the_other_are_their_sum(
    office: WorkingTime, at: datetime, one: timedelta, other: timedelta
) -> None:
    assert office.add(office.add(at, one), other) == office.add(at, one + other)


@quick
@given(anything, instants, durations)
def test_the_working_time_up_to_a_deadline_is_its_duration(
    office: WorkingTime, at: datetime, duration: timedelta
) -> None:
    due = office.add(at, duration)
    assert due >= at
    assert office.between(at, due) == duration
    # It is the first such instant.
    assert duration == timedelta(0) or office.between(at, due - MICROSECOND) == duration - MICROSECOND


@quick
@given(anything, instants, durations)
def test_nothing_falls_into_closed_time(office: WorkingTime, at: datetime, duration: timedelta) -> None:
    due = office.add(at, duration)
    assert office.open_at(due) or office.open_at(due - MICROSECOND)
    opening = office.next_open(at)
    assert office.open_at(opening)
    assert office.between(at, opening) == timedelta(0)
    assert opening == at or not office.open_at(at)


@quick
@given(anything, instants, st.timedeltas(timedelta(0), timedelta(60)), durations, durations)
def test_who_comes_later_or_asks_for_more_is_never_due_earlier(
    office: WorkingTime, early: datetime, delay: timedelta, short: timedelta, more: timedelta
) -> None:
    late = early + delay
    assert office.add(early, short) <= office.add(late, short)
    assert office.add(early, short) <= office.add(early, short + more)
    assert office.next_open(early) <= office.next_open(late)
    assert office.add_workdays(early, 5) <= office.add_workdays(late, 5)
    assert office.calendar_days(early, 15) <= office.calendar_days(late, 15)


@quick
@given(
    anything,
    instants,
    st.timedeltas(timedelta(-90), timedelta(90)),
    st.timedeltas(timedelta(-90), timedelta(90)),
)
def test_working_time_adds_up_over_any_three_instants(
    office: WorkingTime, one: datetime, step: timedelta, further: timedelta
) -> None:
    two, three = one + step, one + step + further
    assert office.between(one, two) + office.between(two, three) == office.between(one, three)
    assert timedelta(0) <= office.between(min(one, two), max(one, two)) <= abs(step)


@quick
@given(
    some_working_time(["Asia/Shanghai"]),
    st.datetimes(wall("2023-12-25"), wall("2024-03-05")),
    st.integers(0, 3 * 24 * 60),
)
def test_the_sums_agree_with_a_clerk_who_counts_every_minute(
    office: WorkingTime, received: datetime, minutes: int
) -> None:
    at = received.replace(second=0, microsecond=0, tzinfo=SHANGHAI)

    def counted(minute: datetime) -> bool:
        midnight = minute.replace(hour=0, minute=0)
        open_now = any(span.start <= minute - midnight < span.end for span in office.spans)
        return open_now and office.is_workday(minute.date())

    walked = [at + timedelta(minutes=count) for count in range(minutes)]
    worked = timedelta(minutes=sum(counted(minute) for minute in walked))
    assert office.between(at, at + timedelta(minutes=minutes)) == worked
    assert office.open_at(at) == counted(at)


@quick
@given(anything, instants, st.integers(1, 30))
def test_working_days_are_counted_from_the_day_after_receipt(
    office: WorkingTime, at: datetime, days: int
) -> None:
    due = office.add_workdays(at, days)
    received, last = (moment.astimezone(office.zone).date() for moment in (at, due - MICROSECOND))
    after = [received + timedelta(days=count) for count in range(1, (last - received).days + 1)]
    worked = [day for day in after if office.between(midnight(day, office), midnight(day, office, 1))]
    assert len(worked) == days
    assert worked[-1] == last
    assert not office.between(due, midnight(last, office, 1))


@quick
@given(anything, instants, st.integers(1, 90))
def test_calendar_days_end_on_the_day_itself_or_the_next_working_day(
    office: WorkingTime, at: datetime, days: int
) -> None:
    due = office.calendar_days(at, days)
    last = (due - MICROSECOND).astimezone(office.zone).date()
    planned = at.astimezone(office.zone).date() + timedelta(days=days)
    assert planned <= last
    assert office.open_at(due - MICROSECOND)
    assert not office.between(midnight(planned, office), midnight(last, office))
    assert not office.between(due, midnight(last, office, 1))


def midnight(day: date, office: WorkingTime, later: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=later), time(), office.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("received", "hours", "due"),
    [
        ("2026-11-20 09:00", 2, "2026-11-20 11:00"),
        ("2026-11-20 11:00", 2, "2026-11-20 15:00"),  # over the noon break
        ("2026-11-20 10:00", 2, "2026-11-20 12:00"),  # the end of a span, not the next opening
        ("2026-11-20 17:00", 2, "2026-11-23 10:00"),  # over a weekend
        ("2026-11-21 03:00", 2, "2026-11-23 10:30"),  # received at night, in a weekend
        ("2026-11-20 12:00", 0, "2026-11-20 12:00"),
        ("2026-11-20 12:30", 0, "2026-11-20 14:00"),
        ("2024-02-28 17:30", 7, "2024-02-29 17:30"),  # the leap day
        ("2027-12-31 16:30", 2, "2028-01-03 09:30"),  # a year's end
    ],
)
def test_a_two_hour_clock_runs_only_while_the_office_is_open(received: str, hours: int, due: str) -> None:
    office = WorkingTime(OFFICE, SHANGHAI, is_weekday)
    assert office.add(shanghai(received), timedelta(hours=hours)) == shanghai(due)


@pytest.mark.parametrize(
    ("received", "five_working_days", "fifteen_days"),
    [
        ("2026-11-16 00:00", "2026-11-23 17:30", "2026-12-01 17:30"),
        ("2026-11-16 23:59", "2026-11-23 17:30", "2026-12-01 17:30"),  # the hour of receipt does not matter
        ("2026-11-20 18:00", "2026-11-27 17:30", "2026-12-07 17:30"),  # the fifteenth day is a Saturday
        ("2026-11-21 09:00", "2026-11-27 17:30", "2026-12-07 17:30"),  # received on a Saturday
    ],
)
def test_a_deadline_in_days_ends_with_office_hours(
    received: str, five_working_days: str, fifteen_days: str
) -> None:
    office = WorkingTime(OFFICE, SHANGHAI, is_weekday)
    assert office.add_workdays(shanghai(received), 5) == shanghai(five_working_days)
    assert office.calendar_days(shanghai(received), 15) == shanghai(fifteen_days)


def test_an_office_open_until_midnight_closes_at_the_end_of_the_day() -> None:
    evening = WorkingTime(parse_spans(["20:00-24:00"]), SHANGHAI, lambda _: True)
    end = shanghai("2027-01-01 00:00")
    assert evening.open_at(end - MICROSECOND)
    assert not evening.open_at(end)
    assert evening.add(shanghai("2026-12-31 22:00"), timedelta(hours=2)) == end
    assert evening.add(end, timedelta(0)) == end
    assert evening.add_workdays(shanghai("2026-12-30 22:00"), 1) == end

    always = WorkingTime(parse_spans(["00:00-24:00"]), SHANGHAI, lambda _: True)
    at = shanghai("2028-02-28 23:00")
    assert (
        always.add(at, timedelta(days=400))
        == at + timedelta(days=400)
        == always.wall(at, timedelta(days=400))
    )


@pytest.mark.parametrize(
    ("zone", "noon"),
    [
        ("America/New_York", "2026-03-08 16:00"),
        ("America/New_York", "2026-11-01 17:00"),
        ("America/St_Johns", "2009-11-01 15:30"),  # the clocks went back over midnight into the month before
        ("Pacific/Apia", "2011-12-30 22:00"),  # the 30th never was
        ("Asia/Shanghai", "1991-09-15 04:00"),  # the last summer time of China
    ],
)
def test_an_office_that_never_closes_works_every_hour_there_is(zone: str, noon: str) -> None:
    always = WorkingTime(parse_spans(["00:00-01:15", "01:15-24:00"]), ZoneInfo(zone), lambda _: True)
    start = wall(noon).replace(tzinfo=UTC) - timedelta(days=2)
    for quarter in range(4 * 24 * 4):
        later = start + timedelta(minutes=15 * quarter)
        assert always.open_at(later)
        assert always.between(start, later) == later - start
        assert always.add(start, later - start) == later


@pytest.mark.parametrize(
    ("spans", "spring", "autumn"), [("01:30-03:30", 1, 3), ("00:30-01:30", 1, 2), ("08:30-12:00", 3.5, 3.5)]
)
def test_a_day_with_changed_clocks_has_the_hours_it_has(spans: str, spring: float, autumn: float) -> None:
    office = WorkingTime(parse_spans([spans]), ZoneInfo("America/New_York"), lambda _: True)
    for day, hours in ((date(2026, 3, 8), spring), (date(2026, 11, 1), autumn)):
        worked = office.between(midnight(day, office), midnight(day, office, 1))
        assert worked == timedelta(hours=hours)


def test_a_second_deadline_of_the_month_asks_the_calendar_nothing() -> None:
    asked: list[date] = []

    def is_workday(day: date) -> bool:
        asked.append(day)
        return is_weekday(day)

    office = WorkingTime(OFFICE, SHANGHAI, is_workday)
    office.add(shanghai("2026-11-02 09:00"), timedelta(hours=2))
    assert len(asked) <= 31
    asked.clear()
    office.add(shanghai("2026-11-03 09:00"), timedelta(hours=28))
    office.between(shanghai("2026-11-03 09:00"), shanghai("2026-11-29 09:00"))
    assert asked == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda office, at: office.next_open(at),
        lambda office, at: office.add(at, timedelta(0)),
        lambda office, at: office.add(at, timedelta(hours=2)),
        lambda office, at: office.add_workdays(at, 5),
        lambda office, at: office.calendar_days(at, 15),
    ],
)
def test_a_calendar_without_a_working_day_is_said_to_be_one(
    ask: Callable[[WorkingTime, datetime], object],
) -> None:
    shut = WorkingTime(OFFICE, SHANGHAI, lambda day: day.year < 2026)
    with pytest.raises(NoWorkday, match="look at the calendar"):
        ask(shut, shanghai("2025-12-31 18:00"))


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (["08:30-12:00", "14:00"], r"entry 2 \('14:00'\): no span of time; write HH:MM-HH:MM"),
        (["12:00-08:30"], r"entry 1 .*: ends before it starts; write two spans for a night"),
        (["22:00-06:00"], "until 24:00, from 00:00"),
        (["08:30-24:30"], "no such time of day"),
        (["24:00-24:00"], "no such time of day"),
        (
            ["14:00-17:30", "08:30-12:00"],
            r"entry 2 .*: starts before 14:00-17:30 is over; put the spans in order",
        ),
        (["08:30-12:00", "11:00-17:30"], "none over another"),
        ([830], "entry 1 .*: no text"),
        ([], "at least one span is needed"),
        ("08:30-12:00", "at least one span is needed"),
    ],
)
def test_wrong_opening_hours_are_named_with_what_would_be_right(entries: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_spans(entries)


def test_opening_hours_read_as_they_were_written() -> None:
    written = ["08:30-12:00", "14:00-17:30", "19:00-24:00"]
    assert [str(span) for span in parse_spans(written)] == written


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda office: office.open_at(wall("2026-11-21 09:00")), "needs its zone"),
        (
            lambda office: office.wall(datetime.max.replace(tzinfo=UTC), timedelta(1)),
            "no time to reckon with",
        ),
        (
            lambda office: office.add(shanghai("2026-11-20 09:00"), timedelta(-1)),
            "between none and ten years",
        ),
        (
            lambda office: office.add(shanghai("2026-11-20 09:00"), timedelta.max),
            "between none and ten years",
        ),
        (lambda office: office.add_workdays(shanghai("2026-11-20 09:00"), 0), "from 1 to 3660"),
        (lambda office: office.calendar_days(shanghai("2026-11-20 09:00"), 10**9), "from 1 to 3660"),
    ],
)
def test_a_question_without_sense_is_refused(ask: Callable[[WorkingTime], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ask(WorkingTime(OFFICE, SHANGHAI, is_weekday))


def test_spans_over_one_another_make_no_office() -> None:
    overlapping = (
        Span(timedelta(hours=8), timedelta(hours=12)),
        Span(timedelta(hours=11), timedelta(hours=14)),
    )
    for spans in (overlapping, ()):
        with pytest.raises(ValueError, match="span"):
            WorkingTime(spans, SHANGHAI, is_weekday)
