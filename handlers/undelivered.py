"""Letters that did not arrive, and what a person may do about it: once more, or by another way."""

from dataclasses import dataclass
from datetime import datetime

from handlers.county import County
from handlers.notices import TO_OFFICER, TO_VILLAGER, may_know
from handlers.officer.post import Posted, posted
from handlers.officer.scope import may_see
from models import letter as outbox
from models import processing
from models.base import Session
from models.errors import Refused
from models.letter import Letter, LetterState
from models.officer import Officer
from models.petition import Petition
from models.processing import Ground
from models.refusal import Refusal
from models.scope import Scope
from models.villager import Villager

# Ends that are right: whoever may not know, has left, or let go of his words is not written to again.
RIGHTLY = frozenset({"must not know", "forgotten", "called off", "has left", "overtaken"})


@dataclass(frozen=True)
class Undelivered:
    """One such letter. `number`: of its matter, for who may see that. `ways`: what it may still go by."""

    id: int
    posted: Posted
    number: str
    ways: tuple[str, ...]


def undelivered(
    session: Session, scope: Scope, at: datetime, before: int | None, limit: int
) -> list[Undelivered]:
    """The last ones. Those of a matter are for whoever may see it; whoever watches no area sees them unnumbered."""
    found, letters = [], outbox.ended_unsent(session, before, limit)
    session.fetch(Petition, [letter.petition for letter in letters])
    session.fetch(Officer, [letter.to for letter in letters if letter.to_kind == "officer"])
    session.fetch(Villager, [int(letter.to) for letter in letters if letter.to_kind == "villager"])
    for letter in letters:
        petition = session.get(Petition, letter.petition) if letter.petition else None
        sees = petition is None or may_see(scope, petition)
        if scope.desk and not sees:
            continue
        number = petition.number if petition is not None and sees else ""
        ways = _ways(session, letter, at) if sees else ()
        found.append(Undelivered(letter.id or 0, posted(session, letter), number or "", ways))
    return found


def send_again(
    session: Session, county: County, scope: Scope, letter: Letter, way: str, account: str, at: datetime
) -> None:
    """Back into the outbox, by that way first. Refused where it ended rightly, is too old, or on its way again."""
    petition = session.get(Petition, letter.petition) if letter.petition else None
    if (petition is not None and not may_see(scope, petition)) or way not in _ways(session, letter, at):
        raise Refused(Refusal.LETTER_ENDED)
    ways = _every(session, letter)
    letter.channels = list(ways[ways.index(way) :])
    letter.tries, letter.ended_at = 0, None
    outbox.put_off(letter, max(at, letter.not_before), "")
    session.add(letter)
    processing.log(session, county.code, "send_again", Ground.DUTY, at, by=account, petition=letter.petition)


def _ways(session: Session, letter: Letter, at: datetime) -> tuple[str, ...]:
    late = letter.too_late_after is not None and letter.too_late_after <= at
    if (
        letter.state not in outbox.UNSENT
        or letter.state is LetterState.TOO_LATE
        or late
        or letter.reason in RIGHTLY
    ):
        return ()
    petition = session.get(Petition, letter.petition) if letter.petition else None
    if letter.to_kind == "officer":
        officer = session.get(Officer, letter.to)
        gone = officer is None or officer.left_at is not None
        if gone or (petition is not None and not may_know(petition, letter.to)):
            return ()
    return _every(session, letter)


def _every(session: Session, letter: Letter) -> tuple[str, ...]:
    if letter.to_kind == "officer":
        return TO_OFFICER
    if letter.to_kind != "villager":
        return ()
    person = session.get(Villager, int(letter.to))
    return TO_VILLAGER.get(person.channel, ()) if person is not None and person.cut_at is None else ()
