"""A list of who brought which matter leaves the service only with two people, once, and told to each villager.

Asked for by a dispatcher with a reason, agreed to by another person; the list is made when the one who asked takes
it. What one of the two may not see, and whoever is anonymous, is in no list.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.commands import numbered
from handlers.county import County
from handlers.notices import about, tell
from handlers.officer.scope import may_see
from handlers.petition.saying import known_as
from handlers.petition.work import with_text
from models import identity_export, processing
from models.base import Session
from models.errors import Refused
from models.identity_export import IdentityExport
from models.move import Actor, Capacity, Verb, move
from models.petition import Petition, by_number
from models.processing import Ground
from models.refusal import Refusal
from models.scope import Scope
from models.view import Seen, note_view

MOST = 50  # matters in a list
LASTS = timedelta(hours=24)  # from the asking


@dataclass(frozen=True)
class Line:
    """One matter of the list."""

    number: str
    category: str
    place: str
    name: str
    phone: str


def ask(
    session: Session, county: County, scope: Scope, said: str, reason: str, at: datetime
) -> IdentityExport:
    """`said`: numbers as people type them, one a line or apart by commas. Refused: one of them cannot be had."""
    person = _person(scope)
    numbers = [number for piece in said.replace(",", "\n").splitlines() if (number := numbered(piece)[1])]
    if not reason.strip() or not 1 <= len(numbers) <= MOST:
        raise Refused(Refusal.EXPORT_INCOMPLETE, most=MOST)
    for number in numbers:
        _matter(session, scope, number)
    sealed = county.keys.sealed_here(reason.strip())
    processing.log(session, county.code, "ask_export", Ground.DUTY, at, by=person, count=len(numbers))
    return identity_export.ask(session, county.code, sorted(set(numbers)), sealed, person, at)


def concerns(session: Session, scope: Scope, export: IdentityExport) -> bool:
    """Whether somebody may see every matter of a list, and so may decide about it."""
    found = (by_number(session, number) for number in export.numbers)
    return all(petition is not None and may_see(scope, petition) for petition in found)


def agree(session: Session, county: County, export: IdentityExport, scope: Scope, at: datetime) -> None:
    """The second person: not the first, and not somebody who must not hear of one of the matters."""
    person = _person(scope)
    if export.agreed_by is not None or _is_over(export, at):
        raise Refused(Refusal.NOT_YOUR_ROLE_HERE)
    if person == export.asked_by:
        raise Refused(Refusal.SECOND_PERSON_ELSEWHERE)
    second = Actor(Capacity.SECOND, person)
    for number in export.numbers:
        petition = _matter(session, scope, number)
        move(session, petition, Verb.GRANT_EXPORT, second, at, by_first=export.asked_by)
    export.agreed_by, export.agreed_at = person, at
    session.add(export)
    processing.log(
        session, county.code, "agree_export", Ground.DUTY, at, by=person, count=len(export.numbers)
    )


def take(session: Session, county: County, export: IdentityExport, scope: Scope, at: datetime) -> list[Line]:
    """The list, for the one who asked: each opening a row of its own, each villager told."""
    person = _person(scope)
    if export.agreed_by is None or person != export.asked_by or _is_over(export, at):
        raise Refused(Refusal.NOT_YOUR_ROLE_HERE)
    reason = county.keys.opened_here(export.reason)
    lines = [
        _opened(session, county, _matter(session, scope, number), export, reason, at)
        for number in export.numbers
    ]
    export.taken_at = at
    session.add(export)
    processing.log(session, county.code, "take_export", Ground.DUTY, at, by=person, count=len(lines))
    return lines


def _opened(
    session: Session, county: County, petition: Petition, export: IdentityExport, reason: str, at: datetime
) -> Line:
    by = Actor(Capacity.DISPATCHER, export.asked_by)
    granted_by = export.agreed_by
    event = with_text(session, county, petition, Verb.EXPORT, by, reason, at, granted_by=granted_by)
    note_view(session, event, Seen.IDENTITY, export.asked_by, event.data["text_id"])
    tell(session, county, petition, event, at, text=reason)
    told, who = about(session, county, petition), known_as(session, county, petition)
    return Line(petition.number or "", told["category"], told["place"], who.name, who.phone)


def _matter(session: Session, scope: Scope, number: str) -> Petition:
    petition = by_number(session, number)
    if petition is None or petition.forgotten_at is not None or not may_see(scope, petition):
        raise Refused(Refusal.NOT_ON_YOUR_LIST, number=number)
    if petition.anonymous:
        raise Refused(Refusal.ANONYMOUS_STAYS, number=number)
    return petition


def _person(scope: Scope) -> str:
    if scope.account is None:
        raise Refused(Refusal.NEEDS_A_PERSON)
    return scope.account


def _is_over(export: IdentityExport, at: datetime) -> bool:
    return export.taken_at is not None or at - export.asked_at >= LASTS
