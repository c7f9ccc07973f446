"""What a directory that is right may still lack: said as notes, so that the operator can mend it in time."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from handlers.directory.draft import Draft
from handlers.directory.form import label
from handlers.directory.standing import Standing, was_written_here
from models.duty import ANY, EMERGENCY, PROTECTION
from models.member import SPARED, Way
from models.officer import Role
from models.place import Level

SATURDAY = 5
SHOWN = 10  # codes named in one note


def note_gaps(draft: Draft, standing: Standing, categories: frozenset[str], today: date) -> None:
    """Adds to the draft's notes: roles nobody has, matters nobody owns, people nobody can reach, days with nobody."""
    officers = standing.by_key(draft, "officer")
    if officers:
        for role in (Role.DISPATCHER, Role.SUPERVISOR, Role.DISCIPLINE, Role.OPERATOR):
            if not any(role in person.get("roles", ()) for person in officers.values()):
                draft.note("no_role", role=label("officer", "roles", role))
    duties = standing.values(draft, "duty")
    if duties:
        _note_duties(draft, standing, duties, categories)
    _note_members(draft, standing, officers)
    _note_advice(draft, standing, today)
    _note_rosters(draft, standing)


def _note_duties(
    draft: Draft, standing: Standing, duties: list[dict[str, Any]], categories: frozenset[str]
) -> None:
    places, officers = standing.by_key(draft, "place"), standing.by_key(draft, "officer")
    offices = standing.by_key(draft, "office")
    county = {code for code, place in places.items() if place.get("level") == Level.COUNTY}
    owned = {duty["category"]: duty for duty in duties if duty["place"] in county}
    for lane in (EMERGENCY, PROTECTION):
        if lane not in owned:
            draft.note("no_receivers", category=label("duty", "category", lane))
    tops = sorted(category for category in categories if len(category) == 2)
    missing = [top for top in tops if top not in owned and ANY not in owned]
    if missing:
        draft.note("no_owner", categories=" ".join(missing))
    protection = owned.get(PROTECTION)
    for account in [protection["lead"], *protection["support"]] if protection else []:
        office = offices.get(officers.get(account, {}).get("office"), {})
        if office and office.get("place") not in county:
            draft.note("protection_local", account=account)
    if not draft.has("duty"):
        named = {account for duty in duties for account in [duty["lead"], *duty["support"]]}
        if left := named - officers.keys():
            draft.note("duty_left", accounts=_some(left))


def _note_members(draft: Draft, standing: Standing, officers: dict[Any, dict[str, Any]]) -> None:
    members = standing.values(draft, "member")
    lists = {
        "contact_left": (one for one in members if one["contact"] and one["contact"] not in officers),
        "contact_missing": (one for one in members if one["kind"] in SPARED and not one["contact"]),
        "unreachable": (
            one for one in members if {Way.SMS, Way.PHONE} & set(one["ways"]) and not one["phone"]
        ),
    }
    for code, found in lists.items():
        if codes := [one["code"] for one in found]:
            draft.note(code, count=len(codes), members=_some(codes))


def _note_advice(draft: Draft, standing: Standing, today: date) -> None:
    over = [one["code"] for one in standing.values(draft, "advice") if one["valid_until"] < today]
    if over:
        draft.note("advice_over", codes=_some(over))
    given = {record.values.get("code") for record in draft.of("advice")}
    here = [
        code for (code,), row in standing.rows["advice"].items() if code in given and was_written_here(row)
    ]
    if here:
        draft.note("advice_here", codes=_some(here))


def _note_rosters(draft: Draft, standing: Standing) -> None:
    """Weekdays between a roster's first and last day that it lacks, and days with too few people."""
    rooms = standing.by_key(draft, "room")
    rows = sorted(draft.of("roster"), key=lambda record: (record.values["place"], record.values["day"]))
    for place, records in groupby(rows, key=lambda record: record.values["place"]):
        people = {record.values["day"]: len(record.values["people"]) for record in records}
        first, last = min(people), max(people)
        days = [first + timedelta(days=step) for step in range((last - first).days)]
        if gaps := [day.isoformat() for day in days if day not in people and day.weekday() < SATURDAY]:
            draft.note("roster_gap", place=place, days=_some(gaps))
        heads = rooms.get(place, {}).get("heads") or 1
        if few := [day.isoformat() for day, count in people.items() if count < heads]:
            draft.note("roster_heads", place=place, days=_some(few), heads=heads)


def _some(codes: Iterable[str]) -> str:
    ordered = sorted(codes)
    return " ".join(ordered[:SHOWN]) + (" …" if len(ordered) > SHOWN else "")
