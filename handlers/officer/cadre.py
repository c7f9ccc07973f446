"""The owner's words: sign, ask, report, propose, pass on; and the yes or no of who has to agree."""

from handlers.officer.finding import Meant, colleague, meant, needs_words, owner_only, still_open
from handlers.officer.words import words
from handlers.petition import desk, handing, identity, work
from handlers.petition.joining import with_companions
from handlers.turn import OfficerTurn, Reply
from models.errors import Refused
from models.move import Actor, Capacity
from models.officer import Officer, Role
from models.petition import Petition, State, undecided
from models.refusal import Refusal
from models.text import Text, read
from models.wording import Wording

HAZARDS = frozenset({"emergency", "protection"})


def sign(turn: OfficerTurn) -> Reply:
    found = meant(turn, lambda one: one.state is State.ASSIGNED or one.offered_to == turn.officer.account)
    petition = found.petition
    still_open(petition)
    called = petition.support if petition.lane in HAZARDS else []
    if turn.officer.account not in (petition.owner, petition.offered_to, *called):
        raise Refused(Refusal.NOT_YOURS, number=petition.number)

    def take(one: Petition) -> None:
        work.sign(turn.session, turn.county, one, turn.officer.account, turn.at)

    with_companions(turn.session, petition, State.ASSIGNED, take)
    return Reply.of(Wording.SIGNED, number=petition.number, due=_text(petition))


def ask(turn: OfficerTurn) -> Reply:
    found = _mine(turn, State.ACCEPTED)
    work.ask(turn.session, turn.county, found.petition, needs_words(found), turn.at)
    return Reply.of(Wording.ASKED, number=found.petition.number)


def progress(turn: OfficerTurn) -> Reply:
    found = _mine(turn, State.ACCEPTED)
    told = needs_words(found)

    def tell(petition: Petition) -> None:
        work.progress(turn.session, turn.county, petition, told, turn.at)

    with_companions(turn.session, found.petition, State.ACCEPTED, tell)
    return Reply.of(Wording.PROGRESS_SENT, number=found.petition.number)


def propose(turn: OfficerTurn) -> Reply:
    found = _mine(turn, State.ACCEPTED)
    told = needs_words(found)

    def tell(petition: Petition) -> None:
        work.propose(turn.session, turn.county, petition, told, turn.at)

    with_companions(turn.session, found.petition, State.ACCEPTED, tell)
    return Reply.of(Wording.PROPOSED, number=found.petition.number)


def send_back(turn: OfficerTurn) -> Reply:
    found = _mine(turn, State.ASSIGNED)
    handing.send_back(
        turn.session, turn.county, found.petition, needs_words(found, Refusal.REASON_MISSING), turn.at
    )
    return Reply.of(Wording.SENT_BACK, number=found.petition.number)


def reveal(turn: OfficerTurn) -> Reply:
    """Who it is, for a reason that the villager is told; an anonymous one only in danger, with a second person."""
    found = _mine(turn, State.ACCEPTED, State.ASSIGNED, State.WAITING, State.PROPOSED)
    petition, reason = found.petition, needs_words(found, Refusal.REASON_MISSING)
    profile = identity.reveal(turn.session, turn.county, petition, reason, turn.at)
    if profile is None:
        return Reply.of(Wording.REVEAL_ASKED, number=petition.number)
    return Reply.of(Wording.REVEALED, number=petition.number, name=profile.name, phone=profile.phone)


def extend(turn: OfficerTurn) -> Reply:
    found = _mine(turn, State.ACCEPTED)
    match = words().days.fullmatch(found.words)
    if match is None:
        raise Refused(Refusal.DAYS_MISSING, number=found.petition.number)
    handing.ask_extension(turn.session, turn.county, found.petition, int(match[1]), match[2], turn.at)
    return Reply.of(Wording.EXTENSION_ASKED, number=found.petition.number, days=int(match[1]))


def hand_over(turn: OfficerTurn) -> Reply:
    found = _mine(turn, State.ASSIGNED, State.ACCEPTED)
    receiver = colleague(turn, found.petition, needs_words(found, Refusal.NAME_MISSING))
    handing.offer(turn.session, turn.county, found.petition, receiver, turn.at)
    return Reply.of(Wording.OFFERED, number=found.petition.number, name=receiver.name)


def agree(turn: OfficerTurn) -> Reply:
    found = _waiting_for_me(turn)
    petition, pending = found.petition, found.petition.pending or {}
    words = _said(turn, pending)
    if pending["act"] == "extension":
        handing.extend(turn.session, turn.county, petition, turn.officer.account, words, turn.at)
    elif pending["act"] == identity.REVEAL:
        identity.grant(turn.session, turn.county, petition, turn.officer.account, turn.at)
    else:
        desk.decline(turn.session, turn.county, petition, words, turn.officer.account, turn.at)
    return Reply.of(Wording.AGREED, number=petition.number)


def refuse(turn: OfficerTurn) -> Reply:
    found = _waiting_for_me(turn)
    petition, pending = found.petition, found.petition.pending or {}
    words = needs_words(found, Refusal.REASON_MISSING)
    if pending["act"] == "extension":
        by = Actor(Capacity.SUPERIOR, turn.officer.account)
        handing.refuse_extension(turn.session, turn.county, petition, by, words, turn.at)
    elif pending["act"] == identity.REVEAL:
        identity.refuse(turn.session, turn.county, petition, words, turn.officer.account, turn.at)
    else:
        desk.refuse_decline(turn.session, turn.county, petition, words, turn.officer.account, turn.at)
    return Reply.of(Wording.NOT_AGREED, number=petition.number)


def _mine(turn: OfficerTurn, *states: State) -> Meant:
    """The petition meant, which the officer owns and which stands where the act may be done."""
    found = meant(turn, lambda one: one.state in states and one.owner == turn.officer.account)
    still_open(found.petition)
    owner_only(turn, found.petition)
    if found.petition.state not in states:
        raise Refused(
            Refusal.WRONG_STATE, number=found.petition.number, verb="", state=found.petition.state.value
        )
    return found


def waits_for(officer: Officer, petition: Petition) -> bool:
    """Whether a yes or no is awaited of him: of this person, or of anybody in his role."""
    pending = petition.pending or {}
    if pending.get("act") == "extension":
        return bool(pending["of"] == officer.account)
    if pending.get("act") == identity.REVEAL:
        return "granted_by" not in pending and officer.account in pending["asked"]
    deciders = {Role.DISPATCHER, Role.SUPERVISOR}
    return pending.get("act") == "decline" and bool(deciders & set(officer.roles))


def _waiting_for_me(turn: OfficerTurn) -> Meant:
    def fits(petition: Petition) -> bool:
        return (
            waits_for(turn.officer, petition) and (petition.pending or {}).get("by") != turn.officer.account
        )

    found = meant(turn, fits, lambda: undecided(turn.session))
    if not waits_for(turn.officer, found.petition):
        raise Refused(Refusal.NOTHING_TO_AGREE, number=found.petition.number)
    if (found.petition.pending or {}).get("by") == turn.officer.account:
        raise Refused(Refusal.SECOND_PERSON, number=found.petition.number)
    return found


def _said(turn: OfficerTurn, pending: dict[str, object]) -> str:
    text = turn.session.get(Text, pending.get("text_id"))
    return (read(turn.session, turn.county.keys, text) if text else None) or ""


def _text(petition: Petition) -> str | None:
    return petition.finish_due.isoformat() if petition.finish_due else None
