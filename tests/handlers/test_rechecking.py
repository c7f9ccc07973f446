"""A tenth of what a month closed is looked at once more: drawn by nobody, by others, opened where untrue."""

import hashlib
from datetime import date, datetime

import pytest

from handlers import rechecking
from handlers.digest.bulletin import bulletin
from handlers.digest.period import Kind as Span
from handlers.digest.period import Period
from handlers.officer.scope import scope_of
from models import checkpoint, eyes
from models.errors import Refused
from models.officer import Officer, Role
from models.petition import Petition, State
from models.recheck import Kind, Outcome, Recheck, RecheckDraw, draws, unchecked
from models.scope import Scope
from models.view import views_of
from tests.matters import Matters
from tests.world import SHANGHAI

DECEMBER = Period.of(Span.MONTH, date(2026, 12, 1))


def closed_in_november(matters: Matters, count: int) -> list[int]:
    made = []
    for who in range(count):
        made.append(matters.told(who=f"v{who}", place=f"YX010{1 + who % 2}"))
        matters.closed(made[-1])
    return made


def drawn_in_december(matters: Matters, kind: Kind) -> tuple[RecheckDraw, list[tuple[Recheck, Petition]]]:
    matters.at = datetime(2026, 12, 2, 9, tzinfo=SHANGHAI) if kind is Kind.TENTH else matters.at
    if kind is Kind.VISIT:
        matters.at = datetime(2027, 1, 2, 9, tzinfo=SHANGHAI)
    with matters.database.transaction() as session:
        county = matters.knowledge.county(session, matters.at)
        checkpoint.take(session, county.code, matters.at)
        rechecking.draw(session, county, kind, matters.at)
        assert rechecking.draw(session, county, kind, matters.at) == 0, "once a period"
    with matters.database.reading() as session:
        [draw] = draws(session, 5)
        return draw, unchecked(session, draw.id or 0, None, 0, 1000)


def test_a_tenth_is_drawn_that_anybody_can_draw_again(matters: Matters):
    made = closed_in_november(matters, 11)
    matters.told(who="open")
    draw, taken = drawn_in_december(matters, Kind.TENTH)
    assert (draw.population, len(taken), draw.period) == (11, 2, 202611)
    assert draw.seed == hashlib.sha256(f"tenth:202611:{draw.checkpoint}".encode()).hexdigest()
    with matters.reading() as (session, _):
        numbers = [session.get_one(Petition, one).number or "" for one in made]
    again = sorted(numbers, key=lambda number: hashlib.sha256(f"{draw.seed}:{number}".encode()).hexdigest())[
        :2
    ]
    assert {petition.number for _, petition in taken} == set(again)
    assert all(row.township not in (None, "YX01") for row, _ in taken), "never its own township"


def test_nothing_is_drawn_before_the_seed_is_beyond_anybodys_reach(matters: Matters):
    closed_in_november(matters, 3)
    with matters.database.transaction() as session:
        county = matters.knowledge.county(session, matters.at)
        checkpoint.take(session, county.code, matters.at)
        december = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
        assert rechecking.draw(session, county, Kind.TENTH, december) == 0


def test_a_quarter_is_visited_village_by_village(matters: Matters):
    closed_in_november(matters, 7)
    _, taken = drawn_in_december(matters, Kind.VISIT)
    places = [petition.place or "" for _, petition in taken]
    assert sorted(places) == ["YX0101", "YX0101", "YX0102", "YX0102"]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_is_not_so_is_open_again_whatever_time_has_passed(matters: Matters, outcome: Outcome):
    closed_in_november(matters, 1)
    _, [(row, petition)] = drawn_in_december(matters, Kind.TENTH)
    matters.later(days=60)
    with matters.database.transaction() as session:
        county = matters.knowledge.county(session, matters.at)
        officer = session.get_one(Officer, "heruoping")
        one, found = session.get_one(Recheck, row.id), session.get_one(Petition, petition.id)
        rechecking.record(session, county, officer, one, found, outcome, "asked the neighbours", matters.at)
    with matters.database.transaction() as session:
        found = session.get_one(Petition, petition.id)
        assert found.state is (State.CONFIRMED if outcome is Outcome.TRUE else State.ACCEPTED)
        assert found.rung == (outcome is not Outcome.TRUE)
        officer, one = session.get_one(Officer, "heruoping"), session.get_one(Recheck, row.id)
        with pytest.raises(Refused):
            rechecking.record(session, county, officer, one, found, outcome, "once more", matters.at)


@pytest.mark.parametrize(
    ("outcome", "red"), [(Outcome.UNSOLVED, True), (Outcome.REBOUND, False), (Outcome.TRUE, False)]
)
def test_said_to_be_done_and_found_not_to_be_is_a_red_warning_with_its_reason(
    matters: Matters, outcome: Outcome, red: bool
):
    """Of the office that had it, in the month it was found; what was true then and broke again is no untruth."""
    closed_in_november(matters, 1)
    _, [(row, petition)] = drawn_in_december(matters, Kind.TENTH)
    with matters.database.transaction() as session:
        county = matters.knowledge.county(session, matters.at)
        officer = session.get_one(Officer, "heruoping")
        one, found = session.get_one(Recheck, row.id), session.get_one(Petition, petition.id)
        rechecking.record(session, county, officer, one, found, outcome, "asked the neighbours", matters.at)
        office = session.get_one(Officer, petition.owner).office
    matters.later(hours=1)
    with matters.reading() as (session, county):
        told = bulletin(session, county, DECEMBER, matters.at, Scope("shenwangshu", desk=True, area=None))
    warned = [one["code"] for one in told["offices"] if one["level"] == "red"]
    assert warned == [office] * red
    reasons = [reason for one in told["offices"] for reason in one["reasons"] if reason["why"] == "untrue"]
    assert reasons == [{"why": "untrue", "untrue": 1}] * red


def test_who_worked_on_it_or_must_not_know_does_not_look(matters: Matters):
    [made] = closed_in_november(matters, 1)
    _, [(row, petition)] = drawn_in_december(matters, Kind.TENTH)

    def may(session, account: str) -> bool:
        officer = session.get_one(Officer, account)
        scope = scope_of(session, Role.DISPATCHER, officer)
        return rechecking.may_check(session, scope, officer, row, session.get_one(Petition, made))

    with matters.database.transaction() as session:
        assert may(session, "heruoping")
        assert not may(session, petition.owner or "")
        session.get_one(Petition, made).excluded = ["heruoping"]
        session.flush()
        assert not may(session, "heruoping")


def test_the_number_of_who_is_asked_is_opened_for_a_reason_and_leaves_its_trace(matters: Matters):
    [made] = closed_in_november(matters, 1)
    with matters.database.transaction() as session:
        county = matters.knowledge.county(session, matters.at)
        officer, found = session.get_one(Officer, "heruoping"), session.get_one(Petition, made)
        rechecking.telephone(session, county, officer, found, "looked at once more", matters.at)
        [view] = views_of(session, [made])
        assert (view.account, view.what) == ("heruoping", "identity")


def test_what_waits_is_told_page_by_page_and_nobody_checks_his_own_work(matters: Matters):
    closed_in_november(matters, 41)
    draw, taken = drawn_in_december(matters, Kind.TENTH)
    everybody = {petition.owner for _, petition in taken} | {"bochuan", "tangxiaoyu"}
    with matters.database.reading() as session:
        first = unchecked(session, draw.id or 0, None, 0, 3)
        rest = unchecked(session, draw.id or 0, None, first[-1][0].id or 0, 3)
        assert [row.id for row, _ in (*first, *rest)] == [row.id for row, _ in taken]
        one_by_one = {
            (petition.id, account): eyes.closed_to(session, petition, eyes.CALLER, account, {})
            for _, petition in taken
            for account in everybody
        }
    with matters.database.reading() as session:
        rows = [petition for _, petition in unchecked(session, draw.id or 0, None, 0, 100)]
        eyes.lay_ready(session, rows)
        together = {
            (petition.id, account): eyes.closed_to(session, petition, eyes.CALLER, account, {})
            for petition in rows
            for account in everybody
        }
    assert together == one_by_one
    assert any(together.values()), "whoever had it in hand is closed out"
