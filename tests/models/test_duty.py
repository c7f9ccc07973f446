"""Who answers, who hears instead, and who must never hear."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import SQLModel

from models.base import Session
from models.database import Database
from models.duty import (
    Assignment,
    Duty,
    Why,
    avoid_of,
    duty_desk,
    owner_for,
    receivers,
    reports_of,
    sealed_officers,
    stand_in_of,
    superior_of,
    superiors_of,
    supervision,
)
from models.office import Office, office_chain
from models.officer import Officer, end_leave, is_away, take_leave
from models.place import Place, place_chain

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)  # 12:00 in the county

PLACES = [
    Place(code="C", name="县", level="county"),
    Place(code="T", name="镇", level="township", parent="C"),
    Place(code="V", name="村", level="village", parent="T"),
    Place(code="G", name="组", level="group", parent="V"),
    Place(code="U", name="乡", level="township", parent="C"),
]
OFFICES = [
    Office(code="county", name="局", place="C"),
    Office(code="town", name="镇政府", place="T", parent="county"),
    Office(code="village", name="村委会", place="V", parent="town"),
    Office(code="other", name="乡政府", place="U", parent="county"),
]


def person(account: str, office: str, *roles: str, **more: Any) -> Officer:
    return Officer(
        account=account, name=f"{account}氏", office=office, roles=list(roles or ["cadre"]), **more
    )


PEOPLE = [
    person("magistrate", "county", "supervisor", superior="mayor"),  # a circle at the top
    person("director", "county", superior="magistrate", stand_in="deputy"),
    person("deputy", "county", superior="director"),
    person("desk", "county", "dispatcher", superior="magistrate"),
    person("seal", "county", "discipline"),
    person("keys", "county", "operator"),
    person("mayor", "town", superior="magistrate", stand_in="clerk"),
    person("clerk", "town", "cadre", "dispatcher", superior="mayor"),
    person("secretary", "village", superior="mayor", stand_in="clerk", avoid=["clerk氏"]),
    person("helper", "village", superior="secretary"),
    person("stranger", "other", "dispatcher"),
]
DUTIES = [
    ("V", "0301", "secretary", ["clerk", "helper"]),
    ("V", "*", "helper", []),
    ("T", "0301", "mayor", []),
    ("T", "12", "secretary", []),
    ("T", "06", "mayor", []),
    ("C", "0301", "director", []),
    ("C", "03", "deputy", []),
    ("C", "12", "director", []),
    ("C", "*", "desk", []),
    ("C", "emergency", "director", ["mayor", "deputy"]),
    ("C", "protection", "mayor", ["deputy", "director"]),
]


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    database = Database("sqlite://")
    SQLModel.metadata.create_all(database.engine)
    with database.transaction() as session:
        for row in [*PLACES, *OFFICES, *PEOPLE]:
            session.add(type(row)(**row.model_dump()))
        for place, category, lead, support in DUTIES:
            session.add(Duty(place=place, category=category, lead=lead, support=support))
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.reading() as session:
        yield session


def change(session: Session, account: str, **fields: object) -> None:
    officer = session.get_one(Officer, account)
    for name, value in fields.items():
        setattr(officer, name, value)
    session.flush()


def owner(session: Session, place: str | None, leaf: str, **more: Any) -> Assignment:
    found = owner_for(session, place, leaf, NOON, **more)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("place", "leaf", "expected"),
    [
        ("V", "0301", ("secretary", "V", Why.LEAF)),
        ("G", "0301", ("secretary", "V", Why.LEAF)),
        ("V", "0302", ("helper", "V", Why.ANY)),
        ("T", "0301", ("mayor", "T", Why.LEAF)),
        ("T", "0302", ("deputy", "C", Why.TOP)),
        ("U", "0301", ("director", "C", Why.LEAF)),
        ("U", "0901", ("desk", "C", Why.ANY)),
        (None, "0301", ("director", "C", Why.LEAF)),
        ("no such place", "0301", ("director", "C", Why.LEAF)),
    ],
)
def test_the_nearest_and_narrowest_rule_names_the_owner(
    session: Session, place: str | None, leaf: str, expected: tuple[str, str, Why]
) -> None:
    found = owner(session, place, leaf)
    assert (found.lead.account, found.place.code, found.why) == expected
    assert found.stands_in_for is None


def test_support_is_told_without_those_who_are_away(session: Session) -> None:
    take_leave(session, "helper", date(2026, 11, 20), date(2026, 11, 30), NOON)
    assert [officer.account for officer in owner(session, "V", "0301").support] == ["clerk"]


def test_a_village_matter_about_the_village_starts_at_the_township_and_names_nobody_of_the_village(
    session: Session,
) -> None:
    assert owner(session, "V", "0301", above_village=True).lead.account == "mayor"
    # the township gave 12 to the village's secretary: his stand-in sits in the township, and takes it
    moved = owner(session, "G", "1205", above_village=True)
    assert (moved.lead.account, moved.stands_in_for) == ("clerk", "secretary")


@pytest.mark.parametrize("cause", ["away", "left", "excluded"])
def test_who_cannot_answer_passes_it_to_his_stand_in_and_then_up(session: Session, cause: str) -> None:
    def strike(account: str) -> set[str]:
        if cause == "away":
            take_leave(session, account, date(2026, 11, 23), date(2026, 11, 23), NOON)
        if cause == "left":
            change(session, account, left_at=NOON)
        return {account} if cause == "excluded" else set()

    excluded = strike("mayor")
    first = owner(session, "T", "0301", excluded=excluded)
    assert (first.lead.account, first.stands_in_for) == ("clerk", "mayor")
    excluded |= strike("clerk")
    second = owner(session, "T", "0301", excluded=excluded)
    assert (second.lead.account, second.place.code) == ("director", "C")
    assert stand_in_of(session, "mayor", NOON, excluded) is None


@given(
    excluded=st.frozensets(st.sampled_from([one.account for one in PEOPLE])),
    place=st.sampled_from(["C", "T", "V", "G", "U", None]),
    leaf=st.sampled_from(["0301", "0302", "0601", "1205", "0901"]),
    above=st.booleans(),
)
def test_nobody_excluded_is_ever_named(
    database: Database, excluded: frozenset[str], place: str | None, leaf: str, above: bool
) -> None:
    with database.reading() as session:
        assignment = owner_for(session, place, leaf, NOON, above_village=above, excluded=excluded)
        named = (
            {assignment.lead.account, *(one.account for one in assignment.support)} if assignment else set()
        )
        for lane in ("emergency", "protection"):
            named |= {one.account for one in receivers(session, place, lane, NOON, excluded).officers}
        named |= {one.account for one in duty_desk(session, place, NOON, excluded).officers}
        above_all = superior_of(session, "helper", NOON, excluded)
        assert not named & excluded
        assert above_all is None or above_all.account not in excluded
        if above and place in {"V", "G"} and assignment:
            assert assignment.lead.office != "village"


def test_superiors_end_where_a_circle_begins_and_pass_over_who_left(session: Session) -> None:
    assert [one.account for one in superiors_of(session, "helper")] == ["secretary", "mayor", "magistrate"]
    change(session, "secretary", left_at=NOON)
    assert "helper" in reports_of(session, "mayor")
    take_leave(session, "mayor", date(2026, 11, 1), date(2026, 12, 1), NOON)
    assert superior_of(session, "helper", NOON) == session.get(Officer, "magistrate")
    assert superior_of(session, "seal", NOON) is None


def test_everybody_below_is_found_at_any_depth_and_a_circle_does_no_harm(session: Session) -> None:
    assert reports_of(session, "mayor") >= {"clerk", "secretary", "helper", "magistrate"}
    assert "mayor" not in reports_of(session, "mayor")
    assert reports_of(session, "helper") == set()


def test_recusal_counts_both_ways_by_account_or_name(session: Session) -> None:
    assert avoid_of(session, "secretary") == {"clerk"}
    assert avoid_of(session, "clerk") == {"secretary"}
    change(session, "deputy", avoid=["secretary"])
    assert avoid_of(session, "secretary") == {"clerk", "deputy"}


def test_the_desk_is_the_nearest_dispatcher_then_supervision_then_operators_with_an_alarm(
    session: Session,
) -> None:
    def desk(excluded: Collection[str] = ()) -> tuple[list[str], bool]:
        found = duty_desk(session, "V", NOON, excluded)
        return [one.account for one in found.officers], found.alarm

    assert desk() == (["clerk", "desk"], False)
    assert [one.account for one in duty_desk(session, None, NOON).officers] == ["desk"]
    assert desk({"clerk", "desk"}) == (["magistrate"], False)
    change(session, "magistrate", left_at=NOON)
    assert desk({"clerk", "desk"}) == (["keys"], True)
    take_leave(session, "keys", date(2026, 11, 1), date(2026, 12, 1), NOON)
    assert desk({"clerk", "desk"}) == (["keys"], True)
    assert desk({"clerk", "desk", "keys"}) == ([], True)


def test_an_emergency_goes_to_lead_support_and_desk_each_once(session: Session) -> None:
    told = receivers(session, "V", "emergency", NOON)
    assert [one.account for one in told.officers] == ["director", "mayor", "deputy", "clerk", "desk"]
    quiet = receivers(session, "V", "emergency", NOON, county_only=True)
    assert [one.account for one in quiet.officers] == ["director", "deputy", "desk"]


def test_protection_never_reaches_village_or_township(session: Session) -> None:
    told = receivers(session, "V", "protection", NOON)
    assert [one.account for one in told.officers] == ["deputy", "director", "desk"]


def test_who_watches_and_who_keeps_the_seal(session: Session) -> None:
    assert [one.account for one in supervision(session, NOON)] == ["magistrate"]
    assert [one.account for one in sealed_officers(session, NOON)] == ["seal"]
    assert sealed_officers(session, NOON, {"seal"}) == []


def test_the_way_up_from_a_place_and_from_an_office(session: Session) -> None:
    assert [place.code for place in place_chain(session, "G")] == ["G", "V", "T", "C"]
    assert [office.code for office in office_chain(session, "village")] == ["village", "town", "county"]


@pytest.mark.parametrize(
    ("leaves", "day", "away"),
    [
        (["11-20..11-23"], date(2026, 11, 23), True),
        (["11-20..11-23"], date(2026, 11, 24), False),
        (["12-28..01-05"], date(2027, 1, 5), True),
        (["12-28..01-05"], date(2026, 12, 28), True),
        (["12-28..01-05"], date(2027, 1, 6), False),
        (["02-29..02-29"], date(2027, 3, 1), False),
    ],
)
def test_a_leave_of_the_sheet_holds_each_year_its_days_included(
    session: Session, leaves: list[str], day: date, away: bool
) -> None:
    change(session, "deputy", leaves=leaves)
    at = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    assert is_away(session, session.get_one(Officer, "deputy"), at) is away


def test_the_days_are_the_countys_not_greenwichs(session: Session) -> None:
    change(session, "deputy", leaves=["11-24..11-24"])
    evening = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # 00:30 on the 24th in the county
    assert is_away(session, session.get_one(Officer, "deputy"), evening)


def test_who_comes_back_early_is_here_until_he_says_otherwise(session: Session) -> None:
    change(session, "deputy", leaves=["11-20..11-30"])
    deputy = session.get_one(Officer, "deputy")
    assert end_leave(session, deputy, NOON)
    assert not end_leave(session, deputy, NOON)
    assert not is_away(session, deputy, NOON.replace(day=29))
    take_leave(session, "deputy", date(2026, 11, 25), date(2026, 11, 26), NOON)
    assert is_away(session, deputy, NOON.replace(day=25))
    assert not is_away(session, deputy, NOON.replace(day=27))
