"""What the figures of a period say of what people did, and which tricks do not move them; on both databases."""

from datetime import date, timedelta

import pytest

from handlers.digest.compose import basis, figured
from handlers.digest.period import Kind, NotYet, Period
from handlers.lanes import Satisfaction
from handlers.petition import work
from models.counting import count
from models.message import remember
from models.move import Actor, Capacity, Verb, move
from models.tally import Tally
from tests.handlers.digest.figures import MONDAY, made, rate
from tests.matters import LAMP, Matters
from tests.world import MONDAY_MORNING

WHOLE = ("confirmed", "unanswered", "withdrawn", "declined", "redirected", "merged")


def test_every_kind_of_end_is_counted_by_itself(matters: Matters) -> None:
    matters.closed(matters.told(who="a"))
    silent = matters.told(who="b")
    matters.signed(silent)
    matters.proposed(silent)
    matters.unanswered(silent)
    matters.withdrawn(matters.told(who="c"))
    matters.declined(matters.told(who="d"))
    service = Actor(Capacity.SERVICE)
    turned = matters.told(who="e")
    matters.do(
        turned, lambda session, _, one: move(session, one, Verb.REDIRECT, service, matters.at, why="other")
    )
    desk = Actor(Capacity.DISPATCHER, "heruoping")
    twice = matters.told(who="a")
    matters.do(twice, lambda session, _, one: move(session, one, Verb.MERGE, desk, matters.at, into="100237"))
    joined = matters.told(who="f")
    matters.do(
        joined, lambda session, _, one: move(session, one, Verb.JOIN, desk, matters.at, **{"with": "1"})
    )

    counts = made(matters)["counts"]

    assert [counts[name] for name in WHOLE] == [1] * 6
    assert counts["closed"] == 6
    assert (counts["new"], counts["people"], counts["joined"], counts["open"]) == (7, 6, 1, 1)
    assert counts["accusations"] is None


def test_close_reopen_close_is_one_matter_closed_once_and_solved_once(matters: Matters) -> None:
    number = matters.told()
    matters.closed(number)
    for _ in range(3):
        matters.later(hours=1)
        matters.reopened(number)
        matters.proposed(number)
        matters.answered(number, Satisfaction.SATISFIED)

    content = made(matters)

    assert [content["counts"][name] for name in ("new", "closed", "confirmed", "reopened", "open")] == [
        1,
        1,
        1,
        1,
        0,
    ]
    assert rate(content, "solved")[:2] == (1, 1)
    assert rate(content, "rebounded")[:2] == (1, 1)


def test_the_last_end_in_the_window_is_the_one_that_counts(matters: Matters) -> None:
    number = matters.told()
    matters.closed(number)
    matters.reopened(number)
    matters.proposed(number)
    matters.unanswered(number)
    counts = made(matters)["counts"]
    assert (counts["closed"], counts["confirmed"], counts["unanswered"]) == (1, 0, 1)


def test_a_matter_brought_back_is_open_and_its_last_word_is_no_solution(matters: Matters) -> None:
    number = matters.told()
    matters.closed(number)
    matters.reopened(number)
    content = made(matters)
    assert (content["counts"]["open"], content["counts"]["reopened"]) == (1, 1)
    assert rate(content, "solved")[:2] == (0, 1)
    assert rate(content, "satisfied")[:2] == (0, 1)


def test_half_and_disputed_are_answers_and_such_matters_are_open(matters: Matters) -> None:
    number = matters.told()
    matters.closed(number, Satisfaction.HALF)
    matters.proposed(number)
    matters.answered(number, Satisfaction.UNSOLVED)
    matters.proposed(number)
    matters.answered(number, Satisfaction.DISSATISFIED)
    counts = made(matters)["counts"]
    assert [counts[name] for name in ("half", "disputed", "closed", "open")] == [1, 2, 0, 1]


def test_late_is_what_is_late_at_the_end_of_the_period_and_due_what_the_next_working_day_brings(
    matters: Matters,
) -> None:
    friday = MONDAY_MORNING + timedelta(days=4)
    matters.at = friday
    late, due, solved = (matters.told(who=who) for who in "abc")  # T2: a day of the wall clock
    matters.at = friday + timedelta(hours=2)
    matters.closed(solved)
    extended = matters.told(who="d")
    matters.signed(extended)

    day = made(matters, "day", friday.date())["counts"]
    assert (day["open"], day["due"], day["late"]) == (3, 3, 0), "due until Monday's end"

    matters.at = friday + timedelta(days=1, hours=1)
    saturday = made(matters, "day", matters.at.date())["counts"]
    assert (saturday["open"], saturday["late"], saturday["due"]) == (3, 2, 1)
    assert made(matters, "day", friday.date())["counts"] == day, "a day that is over says the same for ever"
    assert late != due


def test_the_clock_stands_still_while_the_villager_is_asked(matters: Matters) -> None:
    number = matters.told()
    matters.signed(number)
    matters.do(
        number, lambda session, county, one: work.ask(session, county, one, "which house?", matters.at)
    )
    matters.later(days=2)
    assert made(matters)["counts"]["late"] == 0
    villager = Actor(Capacity.VILLAGER)
    matters.do(
        number,
        lambda session, county, one: work.resume(session, county, one, Verb.ANSWER, villager, matters.at),
    )
    assert made(matters)["counts"]["late"] == 0
    matters.later(days=2)
    assert made(matters)["counts"]["late"] == 1


def test_the_parts_add_up_to_the_whole_and_carry_today_s_names(matters: Matters) -> None:
    matters.told(place="YX0101", who="a")
    matters.told(LAMP, place="YX0102", who="b")
    matters.closed(matters.told(LAMP, place="YX0101", who="c"))
    content = made(matters)
    for rows in ("by_place", "by_office", "by_category"):
        for name in ("new", "open", *WHOLE):
            assert sum(row["counts"][name] for row in content[rows]) == content["counts"][name], (rows, name)
    with matters.reading() as (_, county):
        assert {row["name"] for row in content["by_category"]} == {
            county.category_name(leaf) for leaf in ("0301", LAMP)
        }
    assert "accusations" not in content["by_place"][0]["counts"]


@pytest.mark.parametrize("lane", ["protection", "accusation"])
def test_what_is_sensitive_is_a_number_without_place_office_or_category(matters: Matters, lane: str) -> None:
    matters.told(who="a")
    if lane == "protection":
        matters.told(lane=lane, who="b")
    else:
        service = Actor(Capacity.SERVICE)
        turned = matters.told(who="b")
        matters.do(
            turned, lambda session, _, one: move(session, one, Verb.REDIRECT, service, matters.at, why=lane)
        )
    for rows in ("by_place", "by_office", "by_category"):
        assert [(row["code"], row["counts"]["new"]) for row in made(matters)[rows]][-1] == ("*", 1)


def test_accusations_are_a_number_in_a_quarter_s_digest_only(matters: Matters) -> None:
    with matters.database.transaction() as session:
        for key in "ab":
            remember(session, key, "YX", "wechat", "text", matters.at).lane = "accusation"
    assert made(matters, "quarter")["counts"]["accusations"] == 2
    assert made(matters, "month")["counts"]["accusations"] is None
    assert made(matters, "quarter", date(2026, 9, 30))["counts"]["accusations"] == 0


def test_a_period_in_the_future_is_refused_and_one_before_the_first_petition_is_empty(
    matters: Matters,
) -> None:
    matters.told()
    with pytest.raises(NotYet):
        made(matters, "day", MONDAY + timedelta(days=1))
    empty = made(matters, "month", date(2020, 1, 1))
    assert not any(value for name, value in empty["counts"].items())
    assert empty["by_place"] == empty["by_office"] == empty["by_category"] == []
    assert {one["value"] for one in empty["rates"]} == {None}


def test_what_came_later_does_not_change_what_a_digest_was_counted_from(matters: Matters) -> None:
    number = matters.told()
    matters.later(days=1)
    with matters.reading() as (session, county):
        found = basis(session, county, Period.of(Kind.DAY, MONDAY), matters.at)
        before = figured(session, Kind.DAY, found, count(session, found.window))
    matters.at = MONDAY_MORNING + timedelta(hours=1)  # a rehearsal of yesterday
    matters.closed(number)
    matters.told(who="b")
    with matters.reading() as (session, _):
        assert figured(session, Kind.DAY, found, count(session, found.window)) == before


def test_an_empty_tally_is_all_noughts(matters: Matters) -> None:
    with matters.reading() as (session, county):
        window = basis(session, county, Period.of(Kind.DAY, MONDAY), matters.at).window
    assert not any(Tally(window).counts().values())
