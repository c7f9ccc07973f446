"""Whose hour it is: digests made once, at eight on working days, told to the supervisors; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from sqlmodel import col, select

from bot.wording import Chinese
from handlers.digest.compose import differs, window_of
from handlers.lanes import Satisfaction
from handlers.petition import work
from models import checkpoint
from models.digest import Digest
from models.letter import Letter, fields_of
from models.officer import Officer, officers
from models.petition import Petition, overdue
from models.verification import verify
from models.wording import Wording
from scheduler import digest, ledger
from tests.matters import DOLE, LAMP, WATER, Matters
from tests.world import SHANGHAI

SUPERVISORS = ["lubaichuan", "shenwangshu"]


def at(day: str, hour: int = 8, minute: int = 0) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), SHANGHAI) + timedelta(
        hours=hour, minutes=minute
    )


def publish(matters: Matters, day: str, hour: int = 8, minute: int = 0) -> dict[str, int]:
    matters.at = at(day, hour, minute)
    return digest.publish(matters.station, matters.at)


def stored(matters: Matters) -> list[tuple[str, str, str]]:
    with matters.reading() as (session, _):
        rows = session.exec(select(Digest).order_by(col(Digest.id))).all()
        return [(row.period, row.first.isoformat(), row.last.isoformat()) for row in rows]


def letters(matters: Matters) -> list[tuple[str, str, dict[str, Any], datetime]]:
    with matters.reading() as (session, county):
        found = session.exec(
            select(Letter).where(col(Letter.wording).startswith("digest")).order_by(col(Letter.id))
        )
        return [
            (one.to, one.wording, fields_of(session, county.keys, one) or {}, one.not_before) for one in found
        ]


def words(matters: Matters) -> list[str]:
    chinese = Chinese.load(SHANGHAI)
    return [chinese.say(Wording(wording), fields) for _, wording, fields, _ in letters(matters)]


def verifies(matters: Matters) -> bool:
    with matters.reading() as (session, county):
        return verify(session, county.keys, window_of, differs)[0] is None


def test_every_supervisor_gets_the_day_s_digest_at_eight_and_monday_s_covers_the_weekend(
    matters: Matters,
) -> None:
    matters.at = at("2026-11-26", 10)
    matters.told()
    assert publish(matters, "2026-11-27", 7, 59) == {}
    assert publish(matters, "2026-11-27") == {"day": 1}
    assert publish(matters, "2026-11-28") == publish(matters, "2026-11-29") == {}, "the weekend is free"
    assert publish(matters, "2026-11-30", 8, 1) == {"day": 1, "week": 1}
    assert stored(matters) == [
        ("day", "2026-11-26", "2026-11-26"),
        ("day", "2026-11-27", "2026-11-29"),
        ("week", "2026-11-23", "2026-11-29"),
    ]
    assert [to for to, *_ in letters(matters)] == SUPERVISORS * 3
    assert verifies(matters)


def test_the_same_instant_again_and_an_earlier_one_do_nothing_more(matters: Matters) -> None:
    matters.told()
    assert publish(matters, "2026-11-24") == {"day": 1}
    assert publish(matters, "2026-11-24") == publish(matters, "2026-11-24", 17) == {}
    assert publish(matters, "2026-11-23") == {}
    assert len(letters(matters)) == 2


def test_two_schedulers_make_one_digest(matters: Matters) -> None:
    matters.told()
    matters.at = at("2026-12-01")
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: digest.publish(matters.station, matters.at), range(4)))
    assert sum(one.get("day", 0) for one in done) == 1
    assert not any("failed" in one for one in done)
    assert len(stored(matters)) == len({period for period, *_ in stored(matters)}) == 3
    assert verifies(matters)


def test_weeks_months_and_quarters_come_on_the_first_working_day_after_a_holiday(matters: Matters) -> None:
    matters.at = at("2026-12-30", 10)
    matters.told()
    assert publish(matters, "2026-12-31") == {"day": 1}
    assert publish(matters, "2027-01-01") == {}, "New Year's day is free"
    assert publish(matters, "2027-01-04") == {"day": 1, "week": 1, "month": 1, "quarter": 1}
    assert stored(matters)[1:] == [
        ("day", "2026-12-31", "2027-01-03"),
        ("week", "2026-12-28", "2027-01-03"),
        ("month", "2026-12-01", "2026-12-31"),
        ("quarter", "2026-10-01", "2026-12-31"),
    ]
    assert [said.split()[0] for said in words(matters)][2::2] == ["日报", "周报", "月报", "季报"]
    assert verifies(matters)


def test_after_days_without_service_one_digest_tells_of_all_of_them_and_does_not_come_in_the_night(
    matters: Matters,
) -> None:
    matters.told()
    publish(matters, "2026-11-24")
    assert publish(matters, "2026-11-26", 22) == {"day": 1}
    assert stored(matters)[-1] == ("day", "2026-11-24", "2026-11-25")
    assert letters(matters)[-1][3] == at("2026-11-27")


def test_before_the_first_petition_there_is_nothing_to_tell(matters: Matters) -> None:
    assert publish(matters, "2026-11-24") == {}
    matters.told()
    assert publish(matters, "2026-11-24", 18) == {}


def test_a_rehearsal_does_not_take_the_place_of_the_real_day(matters: Matters) -> None:
    matters.database._wall_clock = lambda: at("2026-11-23", 9)
    matters.told()
    assert publish(matters, "2026-11-24") == {"day": 1}
    assert publish(matters, "2026-11-24") == {}
    matters.database._wall_clock = lambda: matters.at
    assert publish(matters, "2026-11-24") == {"day": 1}
    assert len(letters(matters)) == 4
    assert verifies(matters)


def test_the_card_fits_one_screen_and_names_nobody(matters: Matters) -> None:
    for who, leaf in enumerate((WATER, LAMP, DOLE, WATER, WATER)):
        matters.told(leaf, who=str(who))
    matters.told("1108", who="x")  # conduct of a village's officers: a number and no more
    matters.told(WATER, lane="protection", who="y")
    matters.closed(matters.told(who="z"), Satisfaction.HALF)
    publish(matters, "2026-11-26")
    [card, _] = words(matters)
    assert card.startswith("日报 11月23日至11月25日\n新增 8 件（8 人）：微信 8\n敏感 2（只报数）\n")
    assert len(card.splitlines()) <= 12
    with matters.reading() as (session, county):
        assert f"已超期 {len(overdue(session, at('2026-11-26', 0)))}\n" in card
        told = {one["number"] for one in letters(matters)[0][2]["watch"]}
        assert len(told) == 3
        hidden = [
            one for one in overdue(session, matters.at) if one.lane == "protection" or one.leaf == "1108"
        ]
        assert hidden
        assert not told & {one.number for one in hidden}
        assert not any(officer.name in card for officer in officers(session))
        assert not any(county.category_name("1108") in line for line in card.splitlines() if "编号" in line)


def test_an_excluded_supervisor_sees_no_line_of_the_matter(matters: Matters) -> None:
    number = matters.told()
    matters.do(number, lambda session, county, one: setattr(one, "excluded", ["lubaichuan"]))
    publish(matters, "2026-11-25")
    watched = {to: len(fields["watch"]) for to, _, fields, _ in letters(matters)}
    assert watched == {"lubaichuan": 0, "shenwangshu": 1}


def test_a_digest_that_fails_does_not_hold_up_the_hour(
    matters: Matters, monkeypatch: pytest.MonkeyPatch
) -> None:
    matters.told()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no figures")

    monkeypatch.setattr(digest, "compose", broken)
    assert publish(matters, "2026-11-24") == {"failed": 1}
    monkeypatch.undo()
    assert publish(matters, "2026-11-24", 9) == {"day": 1}


def test_a_supervisor_who_left_gets_nothing(matters: Matters) -> None:
    matters.told()
    with matters.database.transaction() as session:
        session.get_one(Officer, "shenwangshu").left_at = matters.at
    publish(matters, "2026-11-24")
    assert [to for to, *_ in letters(matters)] == ["lubaichuan"]


@pytest.mark.parametrize("matters", ["postgresql"], indirect=True)  # SQLite has one writer
def test_a_checkpoint_waits_for_events_with_a_lower_id_that_are_not_committed_yet(matters: Matters) -> None:
    """On PostgreSQL an id is taken before it can be seen: a checkpoint in between would never cover it."""
    matters.told()
    written, go_on = Event(), Event()

    def slow() -> None:
        with matters.database.transaction() as session:
            county = matters.knowledge.county(session, matters.at)
            petition = session.get_one(Petition, 1)
            work.sign(session, county, petition, petition.owner or "", matters.at)
            session.flush()
            written.set()
            assert go_on.wait(10)

    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(slow)
        assert written.wait(10)
        matters.told(who="b")
        pinned = pool.submit(ledger.pin, matters.station, matters.at)
        with pytest.raises(TimeoutError):
            pinned.result(0.5)
        go_on.set()
        writing.result(10)
        assert pinned.result(10) is not None
    assert verifies(matters)
    with matters.reading() as (session, _):
        latest = checkpoint.latest(session)
        assert latest is not None
        assert latest.count == latest.up_to == 5
