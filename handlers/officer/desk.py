"""The dispatcher's words: sort by hand, decline with a second person, call back, rule."""

import re
from datetime import date

from handlers.accusation import accuses, whole
from handlers.lanes import Satisfaction
from handlers.officer.finding import Meant, colleague, meant, needs_words, still_open
from handlers.officer.words import words
from handlers.petition import closing, desk, identity, joining
from handlers.turn import OfficerTurn, Reply
from models.errors import Refused
from models.move import Actor, Capacity
from models.petition import State, proposed, unassigned
from models.refusal import Refusal
from models.wording import Wording

DAY = re.compile(r"(?:^|\s)(?:(\d{4})-)?(\d{1,2})-(\d{1,2})$", re.ASCII)


def dispatch(turn: OfficerTurn) -> Reply:
    """Number, category, perhaps a name, perhaps the day it is promised for."""
    found = _in_queue(turn, State.RECEIVED, State.ASSIGNED)
    category, _, name = needs_words(found, Refusal.CATEGORY_MISSING).partition(" ")
    leaves = turn.county.reader.find_category(category)
    if not leaves:
        raise Refused(Refusal.NO_SUCH_CATEGORY, number=found.petition.number, category=category)
    if len(leaves) > 1:
        names = [f"{leaf} {turn.county.category_name(leaf)}" for leaf in leaves[:6]]
        raise Refused(Refusal.WHICH_CATEGORY, number=found.petition.number, choices=names)
    name, until = _until(turn, name.strip())
    receiver = colleague(turn, found.petition, name) if name else None
    by = turn.officer.account
    owner = desk.assign_by_hand(
        turn.session, turn.county, found.petition, leaves[0], receiver, by, turn.at, until
    )
    return Reply.of(
        Wording.DISPATCHED,
        number=found.petition.number,
        category=turn.county.category_name(leaves[0]),
        name=owner.name,
    )


def _until(turn: OfficerTurn, words_: str) -> tuple[str, date | None]:
    """A name and, at its end, a day as MM-DD or YYYY-MM-DD: the next such day."""
    match = DAY.search(words_)
    if match is None:
        return words_, None
    today = turn.at.astimezone(turn.county.zone).date()
    try:
        day = date(int(match[1] or today.year), int(match[2]), int(match[3]))
        if match[1] is None and day < today:
            day = day.replace(year=today.year + 1)
    except ValueError:
        return words_, None
    return words_[: match.start()].strip(), day


def decline(turn: OfficerTurn) -> Reply:
    found = _in_queue(turn, State.RECEIVED, State.ASSIGNED)
    reason = needs_words(found, Refusal.REASON_MISSING)
    desk.ask_decline(turn.session, turn.county, found.petition, reason, turn.officer.account, turn.at)
    return Reply.of(Wording.DECLINE_ASKED, number=found.petition.number)


def rule(turn: OfficerTurn) -> Reply:
    found = _in_queue(turn, State.RECEIVED)
    name = needs_words(found, Refusal.NAME_MISSING)
    receiver = colleague(turn, found.petition, name)
    desk.rule(turn.session, turn.county, found.petition, receiver, turn.officer.account, turn.at)
    return Reply.of(
        Wording.DISPATCHED,
        number=found.petition.number,
        category=turn.county.category_name(found.petition.leaf),
        name=receiver.name,
    )


def join(turn: OfficerTurn) -> Reply:
    """Two numbers: the first beside the second."""
    found = meant(turn, lambda one: False, list)
    still_open(found.petition)
    other = OfficerTurn(
        turn.session, turn.county, turn.at, turn.mail, turn.officer, needs_words(found, Refusal.OTHER_MISSING)
    )
    main = meant(other, lambda one: False, list).petition
    still_open(main)
    merged = joining.join(turn.session, turn.county, found.petition, main, turn.officer.account, turn.at)
    return Reply.of(
        Wording.MERGED if merged else Wording.JOINED, number=found.petition.number, main=main.number
    )


def call_back(turn: OfficerTurn) -> Reply:
    """Number, what was heard, perhaps words; by somebody who did not work on it."""
    found = meant(turn, lambda one: one.state is State.PROPOSED, lambda: proposed(turn.session))
    petition = found.petition
    still_open(petition)
    heard, said = words().heard(needs_words(found, Refusal.OUTCOME_MISSING))
    if heard is None:
        raise Refused(Refusal.OUTCOME_MISSING, number=petition.number)
    by = Actor(Capacity.CALLER, turn.officer.account)
    if heard == "missed":
        desk.not_reached(turn.session, turn.county, petition, by, turn.at)
        return Reply.of(Wording.TRY_NOTED, number=petition.number, tries=petition.call_tries)
    if said and accuses(whole(turn.session, turn.county, petition, said)):
        said = ""  # an accusation's words are not written down by whoever heard them either
    closing.answer(turn.session, turn.county, petition, Satisfaction(heard), by, turn.at, said)
    return Reply.of(Wording.CALL_NOTED, number=petition.number)


def telephone(turn: OfficerTurn) -> Reply:
    """The number of whoever is to be called back, for a reason he is told."""
    found = meant(turn, lambda one: one.state is State.PROPOSED, lambda: proposed(turn.session))
    still_open(found.petition)
    reason = needs_words(found, Refusal.REASON_MISSING)
    person = identity.to_call(
        turn.session, turn.county, found.petition, reason, turn.officer.account, turn.at
    )
    return Reply.of(Wording.REVEALED, number=found.petition.number, name=person.name, phone=person.phone)


def _in_queue(turn: OfficerTurn, *states: State) -> Meant:
    found = meant(turn, lambda one: one.state in states, lambda: unassigned(turn.session))
    still_open(found.petition)
    if found.petition.state not in states:
        raise Refused(
            Refusal.WRONG_STATE, number=found.petition.number, verb="", state=found.petition.state.value
        )
    return found
