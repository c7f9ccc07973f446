"""The bulletin and the quarter's grading: they add up, say why, hide what is sensitive, and decide nothing."""

from datetime import timedelta

import pytest

from handlers.digest.book import book
from handlers.digest.bulletin import bulletin
from handlers.digest.grading import decide, grade, grading, state
from handlers.digest.measures import measures
from handlers.digest.period import Kind, Period
from handlers.lanes import Satisfaction
from handlers.petition import handing, work
from models.appraisal import Decision
from models.errors import Refused
from models.officer import Officer
from models.petition import Petition
from models.scope import Scope
from tests.handlers.digest.figures import MONDAY
from tests.matters import DOLE, LAMP, WATER, Matters

MONTH = Period.of(Kind.MONTH, MONDAY)
QUARTER = Period.of(Kind.QUARTER, MONDAY)
COUNTY = Scope("shenwangshu", desk=True, area=None)


@pytest.fixture
def lived(matters: Matters) -> Matters:
    for who in "abc":
        matters.told(who=who)
    matters.told("1108", who="x")
    matters.told(WATER, lane="protection", who="y")
    matters.closed(matters.told(LAMP, who="d"))
    matters.closed(matters.told(DOLE, who="e"), Satisfaction.HALF)
    matters.declined(matters.told(who="f"))
    matters.later(days=6)
    return matters


def test_every_part_of_the_bulletin_adds_up_to_the_digest(lived: Matters) -> None:
    with lived.reading() as (session, county):
        told = bulletin(session, county, MONTH, lived.at, COUNTY)
    counts = told["counts"]
    assert sum(new for _, new, _ in told["days"]) == counts["new"] == 8
    assert sum(ended for _, _, ended in told["days"]) == counts["closed"]
    assert sum(told["ages"]) == counts["open"]
    assert sum(row["counts"]["late"] for row in told["offices"]) == counts["late"] > 0
    assert sum(told["law"]["kinds"].values()) == counts["new"]
    assert sum(told["law"]["declined"].values()) == counts["declined"] == 1


def test_nothing_sensitive_stands_in_a_row_on_the_board_or_in_a_list(lived: Matters) -> None:
    with lived.reading() as (session, county):
        told = bulletin(session, county, MONTH, lived.at, COUNTY)
        kept = book(session, county, COUNTY, MONTH, lived.at)
        name = county.category_name("1108")
    assert [row["code"] for row in told["offices"]][-1] == "*"
    assert name not in str(told)
    assert name not in str(kept)
    assert len(kept["rows"]) + kept["left_out"] == 8


def test_an_office_late_for_days_gets_a_colour_with_its_reason_and_no_more(lived: Matters) -> None:
    lived.later(days=5)
    with lived.reading() as (session, county):
        [warned] = [
            row for row in bulletin(session, county, MONTH, lived.at, COUNTY)["offices"] if row["level"]
        ][:1]
    assert warned["level"] in ("yellow", "red")
    assert warned["reasons"][0]["why"] == "late"
    assert warned["reasons"][0]["days"] > 3


def test_what_is_late_is_listed_with_what_holds_it_up(matters: Matters) -> None:
    """As its owner said last, to the villager or his superior; or that nobody took it on, or he waits for an answer."""
    said = {"a": "管子要换，等县里拨款", "b": "两家地界没分清，权属要先定", "c": "正在排队", "d": "", "e": ""}
    told = {who: matters.told(who=who) for who in said}
    for who in "abcd":
        matters.signed(told[who])
    with matters.database.transaction() as session:
        county = matters.knowledge.county(session, matters.at)
        for who in "abc":
            work.progress(session, county, session.get_one(Petition, told[who]), said[who], matters.at)
    matters.do(told["d"], lambda s, c, one: handing.ask_extension(s, c, one, 1, "对方不同意", matters.at))
    matters.later(days=8)
    with matters.reading() as (session, county):
        numbers = {session.get_one(Petition, one).number: who for who, one in told.items()}
        rows = bulletin(session, county, MONTH, matters.at, COUNTY)["unsolved"]["rows"]
    assert {numbers[row["number"]]: row["why"] for row in rows} == {
        "a": "funds",
        "b": "title",
        "c": "unsaid",
        "d": "parties",
        "e": "unsigned",
    }


def test_a_grade_is_made_of_three_scores_and_few_matters_have_none() -> None:
    many = {
        "contact_due": 20,
        "contacted": 20,
        "worked": 20,
        "worked_in_time": 19,
        "answered": 20,
        "solved": 19,
    }
    many |= {"satisfied": 18, "mostly": 1, "confirmed_once": 20}
    graded = grade(many, 0.6, 90)
    assert graded["grade"] == measures().grading["grades"][0]["name"]
    assert graded["scores"]["villagers"] == 93.0
    assert grade({"answered": 4, "satisfied": 0}, 0.6, None)["grade"] == ""
    assert grade({}, 0.6, 100)["grade"] == "", "an office's own opinion alone is no grade"
    assert grade(many | {"worked_in_time": 0, "satisfied": 0, "mostly": 0, "solved": 0}, 0.6, None)["below"]


def test_figures_propose_a_named_person_of_another_office_decides_once(lived: Matters) -> None:
    with lived.reading() as (session, _):
        office = session.get_one(Officer, "shiyangeng").office
    with lived.database.transaction() as session:
        county, own = lived.knowledge.county(session, lived.at), session.get_one(Officer, "shiyangeng")
        state(session, county, QUARTER, office, own, "pipes are old", 80, lived.at)
        with pytest.raises(Refused):
            decide(session, county, QUARTER, office, own, Decision.NONE, lived.at)
        with pytest.raises(Refused):
            decide(session, county, QUARTER, office, None, Decision.NONE, lived.at)
        decide(
            session,
            county,
            QUARTER,
            office,
            session.get_one(Officer, "shenwangshu"),
            Decision.REMIND,
            lived.at,
        )
        with pytest.raises(Refused):
            decide(
                session,
                county,
                QUARTER,
                office,
                session.get_one(Officer, "lubaichuan"),
                Decision.TALK,
                lived.at,
            )
        with pytest.raises(Refused):
            state(session, county, QUARTER, office, own, "too late", 90, lived.at + timedelta(hours=1))
    with lived.reading() as (session, county):
        [row] = [one for one in grading(session, county, QUARTER, lived.at)["rows"] if one["code"] == office]
    assert (row["decision"], row["statement"], row["scores"]["self"]) == ("remind", "pipes are old", 80)
