"""Which petition an officer means, and whether it is his business: nobody else learns what is in it."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.commands import leading_numbers, mistyped, without_number_word
from handlers.notices import may_know
from handlers.officer.scope import may_read as may_read_as
from handlers.officer.scope import scope_of
from handlers.officer.words import words
from handlers.turn import OfficerTurn
from models.base import Session
from models.errors import Refused
from models.officer import Officer, Role, officers_named
from models.petition import OPEN, Petition, by_number, owned_by
from models.refusal import Refusal
from models.scope import Scope, holds


@dataclass(frozen=True)
class Meant:
    """A petition and the words that came after its number."""

    petition: Petition
    words: str


def scopes_of(session: Session, officer: Officer) -> list[Scope]:
    """What a dispatcher or supervisor looks after: the places below his office."""
    roles = [role for role in (Role.DISPATCHER, Role.SUPERVISOR) if role in officer.roles]
    return [scope_of(session, role, officer) for role in roles]


def works_on(officer: Officer, petition: Petition) -> bool:
    """Owner, helper, or the one it was offered to."""
    return officer.account in {petition.owner, petition.offered_to, *petition.support}


def may_see(scopes: list[Scope], officer: Officer, petition: Petition) -> bool:
    if not may_know(petition, officer.account):
        return False
    pending = petition.pending or {}
    asked = {pending.get("of"), *pending.get("asked", [])}
    return (
        works_on(officer, petition)
        or officer.account in asked
        or officer.account in petition.told
        or any(holds(scope, petition) for scope in scopes)
    )


def may_read(turn: OfficerTurn, petition: Petition) -> bool:
    """The words are for those who work on it and for the desk; a supervisor counts, he does not read (F15)."""
    role = Role.DISPATCHER if Role.DISPATCHER in turn.officer.roles else Role.CADRE
    return may_read_as(turn.session, scope_of(turn.session, role, turn.officer), role, petition)


def meant(
    turn: OfficerTurn,
    fits: Callable[[Petition], bool],
    candidates: Callable[[], list[Petition]] | None = None,
) -> Meant:
    """The petition named in the turn's words; without a number, the only one that fits.

    A number that is not on file and one that is somebody else's get the same answer.
    """
    scopes = scopes_of(turn.session, turn.officer)
    if turn.petition is not None:
        if not may_see(scopes, turn.officer, turn.petition):
            raise Refused(Refusal.NOT_ON_YOUR_LIST, number=turn.petition.number)
        return Meant(turn.petition, turn.rest)
    rest = without_number_word(turn.rest)
    named = leading_numbers(rest)
    for number, said in named:
        petition = by_number(turn.session, number)
        if petition is not None and may_see(scopes, turn.officer, petition):
            return Meant(petition, said)
    if named:
        raise Refused(Refusal.NOT_ON_YOUR_LIST, number=named[-1][0])
    wrong = mistyped(rest)
    if wrong is not None:  # a slip in a number must not hit another matter
        raise Refused(Refusal.NOT_ON_YOUR_LIST, number=wrong)
    mine = candidates() if candidates else owned_by(turn.session, turn.officer.account)
    fitting = [one for one in mine if fits(one) and may_see(scopes, turn.officer, one)]
    if not fitting:
        raise _nothing_fits(turn, [] if candidates else mine)
    if len(fitting) > 1:
        raise Refused(Refusal.WHICH_ONE, numbers=[petition.number for petition in fitting])
    return Meant(fitting[0], turn.rest)


def _nothing_fits(turn: OfficerTurn, mine: list[Petition]) -> Refused:
    """Whoever has one open matter hears where it stands."""
    under_way = [one for one in mine if one.is_open and may_know(one, turn.officer.account)]
    if len(under_way) != 1:
        return Refused(Refusal.NOTHING_FITS)
    return Refused(Refusal.WRONG_STATE, number=under_way[0].number, verb="", state=under_way[0].state.value)


def needs_words(found: Meant, wording: Refusal = Refusal.TEXT_MISSING) -> str:
    if not words().says_something(found.words):
        raise Refused(wording, number=found.petition.number)
    return found.words


def owner_only(turn: OfficerTurn, petition: Petition) -> None:
    if petition.owner != turn.officer.account:
        raise Refused(Refusal.NOT_YOURS, number=petition.number)


def still_open(petition: Petition) -> None:
    if petition.state not in OPEN:
        raise Refused(Refusal.CLOSED_ALREADY, number=petition.number)


def colleague(turn: OfficerTurn, petition: Petition, name: str) -> Officer:
    """The one officer of that name or account who may know of the matter."""
    account = turn.session.get(Officer, name)
    named = (
        [account]
        if account is not None and account.left_at is None
        else list(officers_named(turn.session, name))
    )
    allowed = [officer for officer in named if may_know(petition, officer.account)]
    if not allowed:
        raise Refused(Refusal.NO_SUCH_PERSON, number=petition.number, name=name)
    if len(allowed) > 1:
        raise Refused(
            Refusal.TWO_OF_THAT_NAME, number=petition.number, accounts=[one.account for one in allowed]
        )
    return allowed[0]
