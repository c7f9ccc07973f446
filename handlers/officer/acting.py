"""Acts from the pages: the same ones the chat has, for one petition that somebody has before his eyes.

What he sees may be old. Whoever decides on something that has changed meanwhile is told so and decides again.
"""

from datetime import datetime

from handlers.county import County
from handlers.officer.cadre import HAZARDS, waits_for
from handlers.officer.conversation import perform
from handlers.petition import review
from handlers.petition.handing import SEND_BACKS
from handlers.petition.identity import REVEAL
from handlers.turn import Mail, OfficerTurn, Reply
from models import agenda, eyes
from models.base import Session
from models.errors import Refused
from models.ledger import latest_of
from models.move import MOVES, Capacity, Verb
from models.officer import Officer, Role
from models.petition import Petition, State
from models.refusal import Refusal

# What may happen beside somebody's decision without touching what it rests on.
BESIDE = frozenset(
    {Verb.VIEW, Verb.WARN, Verb.BREACH, Verb.CLIMB, Verb.ALARM, Verb.CONTACT, Verb.URGE, Verb.GRANT_EXPORT}
)
OWNER, DISPATCHER = Capacity.OWNER, Capacity.DISPATCHER
# Each command of the chat that a page offers, with the moves it makes and in which capacity.
COMMANDS: dict[str, tuple[Capacity, tuple[Verb, ...]]] = {
    "sign": (OWNER, (Verb.SIGN,)),
    "progress": (OWNER, (Verb.PROGRESS,)),
    "ask": (OWNER, (Verb.ASK,)),
    "propose": (OWNER, (Verb.PROPOSE,)),
    "extend": (OWNER, (Verb.ASK_EXTENSION,)),
    "hand_over": (OWNER, (Verb.OFFER,)),
    "send_back": (OWNER, (Verb.SEND_BACK,)),
    "reveal": (OWNER, (Verb.REVEAL,)),
    "telephone": (Capacity.CALLER, (Verb.REVEAL,)),
    "call_back": (Capacity.CALLER, (Verb.CONFIRM,)),
    "dispatch": (DISPATCHER, (Verb.ASSIGN, Verb.REASSIGN)),
    "rule": (DISPATCHER, (Verb.RULE,)),
    "join": (DISPATCHER, (Verb.JOIN,)),
    "decline": (DISPATCHER, (Verb.ASK_DECLINE,)),
    "review": (DISPATCHER, (Verb.ASK_REVIEW, Verb.ASK_REEXAMINATION)),
    "review_answer": (Capacity.REVIEWER, (Verb.REVIEW, Verb.REEXAMINE)),
}
LASTING = ("review", "review_answer")  # those that an ended matter still has
REVIEWERS = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
FIT_TO_DISPATCH = frozenset({State.RECEIVED, State.ASSIGNED})


def offered(
    session: Session, county: County, officer: Officer, petition: Petition, at: datetime
) -> list[str]:
    """The commands that the table of moves lets this person give now, for a page to show; `perform` decides."""
    commands = COMMANDS if petition.is_open else LASTING
    found = [command for command in commands if _is_open(session, officer, petition, command)]
    if "review" in found and review.may_be_asked(session, county, petition, at) is None:
        found.remove("review")
    if not petition.is_open:
        return found
    if waits_for(officer, petition) and (petition.pending or {}).get("by") != officer.account:
        found = ["agree", "refuse", *found]
    return found


def _is_open(session: Session, officer: Officer, petition: Petition, command: str) -> bool:
    capacity, verbs = COMMANDS[command]
    if not any(petition.state in MOVES[verb].leaves for verb in verbs):
        return False
    if capacity is OWNER:
        called = petition.support if petition.lane in HAZARDS else []
        takes_over = command == "sign" and officer.account in (petition.offered_to, *called)
        return (petition.owner == officer.account or takes_over) and _makes_sense(petition, command)
    if command == "review_answer":
        return may_review(session, officer, petition)
    if Role.DISPATCHER not in officer.roles:
        return False
    closed = eyes.closed_to(session, petition, capacity.value, officer.account, {})
    return closed is None and _makes_sense(petition, command)


def may_review(session: Session, officer: Officer, petition: Petition) -> bool:
    """Whether a review waits for an answer that he may give: no part in the matter, nor in the asking."""
    if not REVIEWERS & set(officer.roles) or agenda.planned(petition, agenda.Item.REVIEW) is None:
        return False
    request = review.course(session, petition).request
    first = {"by_first": request.data.get("account")} if request else {}
    return eyes.closed_to(session, petition, Capacity.REVIEWER.value, officer.account, first) is None


def _makes_sense(petition: Petition, command: str) -> bool:
    """What the acts would refuse for what the petition has behind it."""
    ruled = petition.send_backs >= SEND_BACKS
    pending = petition.pending or {}
    return {
        "send_back": not ruled,
        "dispatch": petition.state in FIT_TO_DISPATCH and not ruled,
        "rule": ruled and petition.leaf is not None,
        "extend": not petition.extended and not pending,
        "decline": not pending,
        "telephone": not petition.anonymous
        and (petition.state is State.PROPOSED or petition.unreachable_since is not None),
        "join": petition.joined_to is None,
        "reveal": not petition.anonymous
        or (petition.lane in HAZARDS and pending.get("act") in (None, REVEAL)),
    }.get(command, True)


def position(session: Session, petition: Petition) -> int:
    """How far a decision has seen: the position of the last event it could rest on."""
    latest = latest_of(session, petition.identity, BESIDE)
    return latest.position if latest else 0


def answer(
    session: Session,
    county: County,
    officer: Officer,
    petition: Petition,
    words: str,
    seen: int,
    at: datetime,
) -> Reply:
    """Answers an enquiry in one go: signed where it was not yet, then told, and the asker says whether it is enough."""
    if petition.state is State.ASSIGNED and petition.owner == officer.account:
        act(session, county, officer, petition, "sign", "", seen, at)
        seen = position(session, petition)
    return act(session, county, officer, petition, "propose", words, seen, at)


def act(
    session: Session,
    county: County,
    officer: Officer,
    petition: Petition,
    command: str,
    rest: str,
    seen: int,
    at: datetime,
) -> Reply:
    """Does it; Refused where the petition has moved on since `seen`, or where the act may not be done."""
    latest = latest_of(session, petition.identity, BESIDE)
    if latest is not None and latest.position > seen:
        by = session.get(Officer, latest.data.get("account") or "")
        name = by.name if by else ""
        raise Refused(Refusal.CHANGED_MEANWHILE, number=petition.number, name=name, kind=latest.kind)
    if command not in COMMANDS and command not in ("agree", "refuse"):
        raise Refused(Refusal.NOT_YOUR_ROLE, command="")
    mail = Mail("console", officer.account, "", "text")
    return perform(OfficerTurn(session, county, at, mail, officer, rest, petition), command)
