"""What somebody of the staff may see on the pages: whose matters, how much of each, and the trace it leaves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.county import County
from handlers.notices import about, lay_ready, may_know
from handlers.officer.mask import masked
from handlers.petition import identity
from handlers.petition.review import course
from handlers.petition.saying import is_kept_from_the_owner, known_as
from models.base import Session
from models.ledger import PetitionEvent, last_events, of_kinds
from models.message import of_petition
from models.move import Capacity, Verb
from models.office import Office
from models.officer import Officer, Role
from models.petition import Petition
from models.place import below, county
from models.scope import Scope, holds, is_concerned
from models.text import Text, read

STAFF = frozenset(Capacity) - {Capacity.VILLAGER, Capacity.SERVICE, Capacity.CLOCK}
# What a villager said to an end or about an answer is kept with the event, not with a message.
SAID_TO_AN_END = frozenset({Verb.CONFIRM, Verb.HALF, Verb.DISPUTE, Verb.ASK_REVIEW, Verb.ASK_REEXAMINATION})
DESKS = frozenset({Role.DISPATCHER, Role.SUPERVISOR})


def scope_of(session: Session, role: Role, officer: Officer | None) -> Scope:
    """A desk watches its office's place and what lies below it; everybody else what he works on."""
    account = officer.account if officer else None
    if role not in DESKS:
        return Scope(account, desk=False)
    office = session.get(Office, officer.office) if officer else None
    top = county(session)
    if officer is None or (office is not None and top is not None and office.place == top.code):
        return Scope(account, desk=True, area=None)
    return Scope(account, desk=True, area=below(session, office.place if office else None))


def may_see(scope: Scope, petition: Petition) -> bool:
    return holds(scope, petition) and may_know(petition, scope.account or "")


def may_read(session: Session, scope: Scope, role: Role, petition: Petition) -> bool:
    """The words are for those who work on it and for the desk; a supervisor counts, he does not read (F15).

    Where the villager wants what is sensitive kept from the owner, they are for the desk alone.
    """
    if not may_see(scope, petition):
        return False
    if role is Role.DISPATCHER and scope.desk and petition.owner != scope.account:
        return True
    return is_concerned(scope, petition) and not is_kept_from_the_owner(session, petition)


@dataclass(frozen=True)
class Line:
    """One line of a petition's history."""

    at: datetime
    position: int
    kind: str
    who: str
    text: str | None
    clock: str  # which clock ran out or runs out
    part: int | None  # percent of it that was gone


def shown(session: Session, county_: County, petition: Petition) -> dict[str, Any]:
    """A petition in our own words."""
    return about(session, county_, petition) | {
        "state": petition.state.value,
        "late": "finish" in petition.breached and petition.is_open,
        "unreachable": petition.unreachable_since is not None and petition.is_open,
        "signed_at": petition.signed_at,
        "contacted_at": petition.contacted_at,
        "extended": petition.extended,
        "paused": petition.paused_at is not None,
        "closed_at": petition.closed_at.isoformat() if petition.closed_at else None,
    }


def all_shown(session: Session, county_: County, petitions: Iterable[Petition]) -> list[dict[str, Any]]:
    """Many of them."""
    rows = list(petitions)
    lay_ready(session, rows)
    return [shown(session, county_, one) for one in rows]


def history(
    session: Session, county_: County, petition: Petition, *, before: int | None, limit: int, with_words: bool
) -> list[Line]:
    """The last of what happened before a position, oldest first; words only for those who may read."""
    return [
        Line(
            event.at,
            event.position,
            event.kind,
            _name(session, event.data.get("account")),
            _words(session, county_, petition, event.data.get("text_id"))
            if with_words and _has_own_words(event)
            else None,
            event.data.get("clock") or "",
            event.data.get("part"),
        )
        for event in last_events(session, petition.identity, before, limit)
    ]


def opened(
    session: Session, county_: County, petition: Petition, reader: str, at: datetime
) -> list[tuple[datetime, str]]:
    """The villager's words, masked. That they were opened, and by whom, is written down first."""
    identity.view(session, petition, reader, at)
    return list(_said(session, county_, petition))


def _has_own_words(event: PetitionEvent) -> bool:
    """Words of the event itself; a message's stand apart."""
    by_staff = event.kind != Verb.RECEIVE and event.data.get("by") in STAFF
    return by_staff or event.kind in SAID_TO_AN_END


def under_review(
    session: Session, county_: County, petition: Petition, reader: str, at: datetime
) -> list[tuple[str, str]]:
    """For whoever is to answer a review: the owner's answer and the villager's reasons, masked. It leaves a trace."""
    identity.view(session, petition, reader, at)
    known = course(session, petition)
    events = [event for event in (known.reply, known.request) if event is not None]
    told = [(one.kind, _words(session, county_, petition, one.data.get("text_id"))) for one in events]
    return [(kind, words) for kind, words in told if words]


def _said(session: Session, county_: County, petition: Petition) -> Iterator[tuple[datetime, str]]:
    for message in of_petition(session, petition.identity):
        words = _words(session, county_, petition, message.text)
        if words:
            yield message.at, words


def said_to_ends(session: Session, county_: County, petition: Petition) -> list[str]:
    """What the villager said of an end or asked a review with, masked, oldest first."""
    events = of_kinds(session, petition.identity, SAID_TO_AN_END)
    told = (_words(session, county_, petition, event.data.get("text_id")) for event in events)
    return [words for words in told if words]


def _words(session: Session, county_: County, petition: Petition, text_id: int | None) -> str | None:
    text = session.get(Text, text_id) if text_id else None
    words = read(session, county_.keys, text) if text else None
    if words is None:
        return None
    return masked(words, [known_as(session, county_, petition).name])


def _name(session: Session, account: str | None) -> str:
    officer = session.get(Officer, account) if account else None
    return officer.name if officer else ""
