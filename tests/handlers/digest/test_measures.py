"""Rates: who is behind them, what is left out, and the one bulletin whose figures are known."""

from handlers.digest.measures import measures
from handlers.lanes import Satisfaction
from handlers.petition import handing
from tests.handlers.digest.figures import made, rate
from tests.matters import DOLE, Matters


def test_silence_is_no_answer_and_no_satisfaction(matters: Matters) -> None:
    for who in "abcdef":
        number = matters.told(who=who)
        matters.signed(number)
        matters.proposed(number)
        if who == "a":
            matters.answered(number, Satisfaction.MOSTLY)
        else:
            matters.unanswered(number)
    content = made(matters)
    assert rate(content, "satisfied") == (0.6, 1, None)
    assert rate(content, "on_time") == (6, 6, 1.0)


def test_an_extension_granted_in_time_is_not_late_and_is_told(matters: Matters) -> None:
    number = matters.told(DOLE)
    matters.signed(number)
    matters.do(
        number,
        lambda session, county, one: handing.ask_extension(session, county, one, 3, "parts", matters.at),
    )
    matters.do(
        number,
        lambda session, county, one: handing.extend(session, county, one, "lubaichuan", "", matters.at),
    )
    matters.later(days=8)
    content = made(matters, "quarter")
    assert content["counts"]["late"] == 0
    assert rate(content, "extended")[:2] == (1, 1)


def test_contact_within_a_day_is_a_response_and_before_the_day_is_over_nothing_is_due(
    matters: Matters,
) -> None:
    contacted, silent = matters.told(who="a"), matters.told(who="b")
    matters.later(hours=23)
    assert rate(made(matters), "response")[:2] == (0, 0)
    matters.contacted(contacted)
    matters.later(hours=1)
    assert rate(made(matters), "response")[:2] == (1, 2)
    matters.later(minutes=1)
    matters.contacted(silent)
    assert rate(made(matters), "response")[:2] == (1, 2), "a minute late is late"


def test_a_matter_sent_back_belongs_to_nobody_s_office(matters: Matters) -> None:
    matters.sent_back(matters.told())
    content = made(matters)
    assert rate(content, "sent_back")[:2] == (1, 1)
    assert [(row["code"], row["counts"]["new"]) for row in content["by_office"]] == [("", 1)]


def test_the_bulletin_of_xining_is_reproduced_to_the_digit() -> None:
    """domain.md B.3: 670 answers, 614 content, 34 mostly, 22 not: 94.69 %."""
    figures = {"answered": 670, "satisfied": 614, "mostly": 34, "solved": 663}
    found = {one["id"]: one for one in measures().of(figures, 0.6)}
    assert found["satisfied"]["value"] == 0.9469
    assert (found["satisfied"]["numerator"], found["satisfied"]["denominator"]) == (634.4, 670)
    assert "0.6×" in found["satisfied"]["formula"]
    assert found["solved"]["value"] == 0.9896
    assert [
        one["value"]
        for weight in (1.0, 0.5)
        for one in measures().of(figures, weight)
        if one["id"] == "satisfied"
    ] == [
        0.9672,
        0.9418,
    ]


def test_under_five_no_rate_is_told(matters: Matters) -> None:
    for answered in (4, 5):
        found = {
            one["id"]: one["value"] for one in measures().of({"answered": answered, "solved": answered}, 0.6)
        }
        assert found["solved"] == (None if answered < 5 else 1.0)
