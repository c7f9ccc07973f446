"""The public board of a village: who is responsible, when it is open, what is answered, what was done; no persons.

Figures are those of the last month's digest that was sent, so that everybody reads the same and anybody can count them
again; what is fewer than five is told as that.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from handlers.advice.telling import leading
from handlers.county import County
from handlers.digest.period import Kind
from handlers.notices import office_name
from handlers.officer.mask import masked
from handlers.presence import Day, ahead, held
from models import digest
from models.advice import advices
from models.base import Session
from models.directory import loaded_at
from models.errors import Refused
from models.officer import day_of
from models.place import Level, Place, place_chain, places
from models.posting import Posting, posted_at
from models.refusal import Refusal
from models.room import on_duty, room_at

SMALL = 5  # fewer than this could be one household
SHOWN = 20  # postings and answers on one page
FIGURES = ("new", "confirmed", "open", "late")
LONGEST = 200


@dataclass(frozen=True)
class Figure:
    """A count as the public may know it; `count` none: fewer than SMALL, but some."""

    name: str
    count: int | None


@dataclass(frozen=True)
class Board:
    """Everything a village's page shows."""

    place: str
    above: str
    people: list[dict[str, str]]
    updated: str | None  # when the list of people was last changed
    room: dict[str, str] | None
    today: list[str]
    figures: list[Figure]
    month: dict[str, str] | None  # the digest the figures are of: its first and last day, its checkpoint
    postings: list[dict[str, str]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    ahead: list[Day] = field(default_factory=list)  # who will be in the village this week
    held: list[Day] = field(default_factory=list)  # what was done there in the last month


def villages_of(session: Session) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every township with its villages: names, and codes to go to."""
    known = places(session)
    townships = [place for place in known if place.level == Level.TOWNSHIP]
    return [
        (
            above.name,
            [
                (one.code, one.name)
                for one in known
                if one.parent == above.code and one.level == Level.VILLAGE
            ],
        )
        for above in townships
    ]


def board_of(session: Session, county: County, place: Place, at: datetime) -> Board:
    """The board of a village or township."""
    chain = place_chain(session, place.code)
    room = room_at(session, place.code)
    updated = loaded_at(session)
    month, figures = _figures(session, county, place.code, at)
    return Board(
        place=place.name,
        above=chain[1].name if len(chain) > 1 else "",
        people=[
            {"name": one.name, "post": one.post, "office": office_name(session, one)}
            for one in leading(session, place)
        ],
        updated=updated.isoformat() if updated else None,
        room={"address": room.address, "phone": room.phone, "hours": room.hours} if room else None,
        today=[one.name for one in on_duty(session, place.code, day_of(at))],
        figures=figures,
        month=month,
        postings=[
            {"text": one.text, "day": one.approved_at.isoformat()}
            for one in posted_at(session, [step.code for step in chain], SHOWN)
            if one.approved_at
        ],
        answers=_answers(session, {step.code for step in chain}, at),
        ahead=ahead(session, place.code, at),
        held=held(session, place.code, at)[:SHOWN],
    )


def write(session: Session, county: County, place: str, text: str, by: str | None, at: datetime) -> Posting:
    """A line for the board; it waits for somebody else. Refused: nothing written, or something of a person in it."""
    words = " ".join(text.split())
    if by is None:
        raise Refused(Refusal.NEEDS_A_PERSON)
    if not words or len(words) > LONGEST or session.get(Place, place) is None:
        raise Refused(Refusal.POSTING_LENGTH, most=LONGEST)
    if masked(words, []) != words:
        raise Refused(Refusal.POSTING_PERSONAL)
    posting = Posting(county=county.code, place=place, text=words, by=by, made_at=at)
    session.add(posting)
    session.flush()
    return posting


def approve(session: Session, posting: Posting, by: str | None, at: datetime) -> None:
    """Public from now on. Refused: nobody approves what he wrote himself."""
    if by is None:
        raise Refused(Refusal.NEEDS_A_PERSON)
    if posting.by == by:
        raise Refused(Refusal.SECOND_PERSON_ELSEWHERE)
    if posting.approved_at is None:
        posting.approved_by, posting.approved_at = by, at
        session.add(posting)


def take_down(session: Session, posting: Posting, at: datetime) -> None:
    """Gone from the board; the row stays."""
    posting.ended_at = at
    session.add(posting)


def _figures(
    session: Session, county: County, place: str, at: datetime
) -> tuple[dict[str, str] | None, list[Figure]]:
    known = digest.latest_before(session, Kind.MONTH.value, day_of(at) + timedelta(days=1), at)
    if known is None:
        return None, []
    content = known.content
    row = next((one for one in content["by_place"] if one["code"] == place), None)
    counts = row["counts"] if row else {}
    figures = [Figure(name, _public(counts.get(name, 0))) for name in FIGURES]
    told = {"first": content["from"], "last": content["to"], "checkpoint": content["checkpoint"][:16]}
    return told, figures


def _public(count: int) -> int | None:
    return count if count == 0 or count >= SMALL else None


def _answers(session: Session, here: set[str], at: datetime) -> list[dict[str, Any]]:
    today = day_of(at)
    return [
        {
            "question": row.questions[0],
            "text": row.text,
            "source": row.source,
            "until": row.valid_until.isoformat(),
        }
        for row in advices(session)
        if row.valid_until >= today and (row.place is None or row.place in here)
    ]
