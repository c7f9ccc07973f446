"""A petition on one person's phone: what the page shows, the code in the chat, and the acts it opens.

Chat programs open links by themselves to show a preview, so looking shows nobody's identity and uses nothing up; an
act needs the four digits that only the person's own chat has.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from handlers.county import County
from handlers.lanes import Satisfaction
from handlers.notices import TO_OFFICER, TO_VILLAGER, may_know, office_name, place_name
from handlers.officer import acting
from handlers.petition import closing, review
from handlers.turn import Reply
from handlers.villager import matter, reviewing
from handlers.villager.rights import UNTOLD, is_hidden
from models import letter as outbox
from models.base import Session
from models.errors import Refused
from models.ledger import events_of
from models.move import Actor, Capacity, Verb
from models.officer import Officer
from models.petition import Petition, State
from models.refusal import Refusal
from models.slip import CODE_LASTS, Slip, burn_code, put_code
from models.villager import Villager
from models.wording import Wording

VILLAGER = Actor(Capacity.VILLAGER)
MARKS = {
    "satisfied": Satisfaction.SATISFIED,
    "mostly": Satisfaction.MOSTLY,
    "half": Satisfaction.HALF,
    "unsolved": Satisfaction.UNSOLVED,
}
ANSWERS = {Verb.CONFIRM: Wording.CONFIRMED, Verb.HALF: Wording.HALF_SOLVED, Verb.DISPUTE: Wording.DISPUTED}
OFFICERS_ACTS = ("sign", "progress", "propose")  # what one does on the way; everything else at the desk
LINES = 12


@dataclass(frozen=True)
class Looked:
    """What the page shows: no name, no number, no word of anybody's."""

    number: str
    category: str  # "" where somebody who looks over the shoulder must not read it
    place: str
    office: str
    state: str
    due: str | None
    lines: list[tuple[str, str]]  # instant, kind of event
    acts: list[str]
    is_officer: bool


def may_look(session: Session, slip: Slip, petition: Petition) -> bool:
    """Still the one it was made for: the petitioner, or somebody who works on it and may know of it."""
    if petition.forgotten_at is not None or is_hidden(petition):
        return False
    if slip.to_kind == "villager":
        return slip.to == str(petition.villager)
    officer = session.get(Officer, slip.to)
    here = officer is not None and officer.left_at is None
    works = slip.to in (petition.owner, petition.offered_to, *petition.support)
    return here and works and may_know(petition, slip.to)


def look(session: Session, county: County, slip: Slip, petition: Petition, at: datetime) -> Looked:
    """Reads, and leaves everything as it is."""
    owner = session.get(Officer, petition.owner) if petition.owner else None
    bare = bool(petition.excluded) or petition.anonymous
    events = [one for one in events_of(session, petition.identity) if Verb(one.kind) not in UNTOLD]
    return Looked(
        number=petition.number or "",
        category="" if bare else county.category_name(petition.leaf),
        place="" if bare else place_name(session, petition.place),
        office="" if bare else office_name(session, owner),
        state=petition.state.value,
        due=petition.finish_due.isoformat() if petition.finish_due and petition.is_open else None,
        lines=[(one.at.isoformat(), one.kind) for one in events[-LINES:]],
        acts=_acts(session, county, slip, petition, at),
        is_officer=slip.to_kind == "officer",
    )


def send_code(session: Session, county: County, slip: Slip, petition: Petition, at: datetime) -> bool:
    """Four digits to the person's own chat. False: there were too many today."""
    code = f"{secrets.randbelow(10_000):04}"
    if not put_code(slip, county.keys, code, at):
        return False
    channels: tuple[str, ...] = TO_OFFICER
    if slip.to_kind == "villager":
        person = session.get_one(Villager, petition.villager)
        channels = tuple(way for way in TO_VILLAGER[person.channel] if way != "template")
    outbox.post(
        session,
        county.keys,
        occasion=f"slip:{slip.code_hash}",
        to=(slip.to_kind, slip.to),
        channels=channels,
        wording=Wording.SLIP_CODE,
        fields={"number": petition.number, "code": code},
        county=county.code,
        at=at,
        petition=petition.id,
        key_id=petition.key_id,
        too_late_after=at + CODE_LASTS,
    )
    return True


def act(
    session: Session,
    county: County,
    slip: Slip,
    petition: Petition,
    wanted: str,
    code: str,
    words: str,
    at: datetime,
) -> Reply | None:
    """Does what the button says; None: the code was wrong or is used up, and nothing happened."""
    if wanted not in _acts(session, county, slip, petition, at):
        raise Refused(Refusal.SLIP_CHANGED, number=petition.number)
    if slip.to_kind == "officer" and wanted != "sign" and not words.strip():
        raise Refused(Refusal.TEXT_MISSING, number=petition.number)
    if not burn_code(slip, county.keys, code, at):
        return None
    if slip.to_kind == "officer":
        officer = session.get_one(Officer, slip.to)
        seen = acting.position(session, petition)
        return acting.act(session, county, officer, petition, wanted, words.strip()[:2000], seen, at)
    if wanted in MARKS and petition.state is State.PROPOSED:
        verb = closing.answer(session, county, petition, MARKS[wanted], VILLAGER, at)
        return Reply.of(ANSWERS[verb], number=petition.number)
    return _VILLAGERS[wanted](session, county, petition, at)


def _acts(session: Session, county: County, slip: Slip, petition: Petition, at: datetime) -> list[str]:
    if slip.to_kind == "officer":
        officer = session.get(Officer, slip.to)
        offered = acting.offered(session, county, officer, petition, at) if officer else []
        return [one for one in OFFICERS_ACTS if one in offered]
    if petition.state is State.PROPOSED:
        return list(MARKS)
    if petition.is_open:
        return ["urge", "withdraw"]
    reopens = ["unsolved"] if closing.may_be_reopened(petition, at) else []
    return reopens + (["review"] if reviewing.until(session, county, petition, at) else [])


def _reopen(session: Session, county: County, petition: Petition, at: datetime) -> Reply:
    closing.reopen(session, county, petition, VILLAGER, at)
    return Reply.of(Wording.REOPENED, number=petition.number)


def _urge(session: Session, county: County, petition: Petition, at: datetime) -> Reply:
    matter.urge(session, county, petition, at)
    return Reply.of(Wording.URGE_NOTED, number=petition.number)


def _withdraw(session: Session, county: County, petition: Petition, at: datetime) -> Reply:
    until = closing.ask_withdraw(session, petition, at)
    return Reply.of(Wording.WITHDRAW_TOMORROW, number=petition.number, until=until.isoformat())


def _review(session: Session, county: County, petition: Petition, at: datetime) -> Reply:
    step, due = review.ask(session, county, petition, county.reader.review_word, VILLAGER, at)
    return reviewing.begun(petition, step, due)


_VILLAGERS: dict[str, Callable[[Session, County, Petition, datetime], Reply]] = {
    "unsolved": _reopen,
    "review": _review,
    "urge": _urge,
    "withdraw": _withdraw,
}
