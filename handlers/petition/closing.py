"""Closing has two sides: the officer proposes, the villager answers, and silence is never satisfaction."""

from datetime import datetime, timedelta

from handlers.county import County
from handlers.lanes import Satisfaction
from handlers.notices import tell
from handlers.petition.confirmation import count_words
from handlers.petition.dispatch import arm
from handlers.petition.hearing import heard
from handlers.questions import drop_questions
from models import agenda
from models.agenda import Item
from models.base import Session
from models.errors import Refused
from models.ledger import PetitionEvent
from models.move import Actor, Capacity, Verb, move
from models.petition import Petition, State
from models.refusal import Refusal
from models.text import write

REOPEN_DAYS = 30
TIME_TO_THINK = timedelta(hours=24)  # domain.md B.1: nobody is hurried into a withdrawal
VERBS = {
    Satisfaction.SATISFIED: Verb.CONFIRM,
    Satisfaction.MOSTLY: Verb.CONFIRM,
    Satisfaction.HALF: Verb.HALF,
    Satisfaction.DISSATISFIED: Verb.DISPUTE,
    Satisfaction.UNSOLVED: Verb.DISPUTE,
}
VILLAGER = Actor(Capacity.VILLAGER)


def answer(
    session: Session,
    county: County,
    petition: Petition,
    said: Satisfaction,
    by: Actor,
    at: datetime,
    words: str = "",
) -> Verb:
    """What the villager says of the end, himself or through a call-back: confirm, half, dispute."""
    verb = VERBS[said]
    told: dict[str, object] = {"mark": said.value}
    if words:
        text = write(session, county.keys, petition.key_id, words, at)
        told |= {"text": text.digest, "text_id": text.id}
    event = move(session, petition, verb, by, at, **told)
    petition.mark = said.value
    drop_questions(session, petition, at, "closing")
    agenda.strike(petition, Item.CALL)
    heard(session, county, petition, at, words)
    if verb is not Verb.CONFIRM:
        again(session, county, petition, event, at)
    else:
        tell(session, county, petition, event, at)
        if not petition.route.get("said_by"):  # solved by whom the rules gave it to
            count_words(session, county, petition, at)
    return verb


def may_be_reopened(petition: Petition, at: datetime) -> bool:
    """Whether the villager said less than 30 days ago that it is solved."""
    closed = petition.closed_at
    confirmed = petition.state is State.CONFIRMED and closed is not None
    return confirmed and closed is not None and at - closed < timedelta(days=REOPEN_DAYS)


def reopen(session: Session, county: County, petition: Petition, by: Actor, at: datetime) -> None:
    """A matter confirmed less than 30 days ago is not solved after all."""
    if petition.state is State.CONFIRMED and not may_be_reopened(petition, at):
        raise Refused(Refusal.TOO_LATE_TO_REOPEN, number=petition.number)
    event = move(session, petition, Verb.REOPEN, by, at)
    again(session, county, petition, event, at)


def again(session: Session, county: County, petition: Petition, event: PetitionEvent, at: datetime) -> None:
    """Open again, one rung up, with the first date; the superior hears with the owner."""
    petition.rung += 1
    arm(petition, county, at)
    tell(session, county, petition, event, at)


def ask_withdraw(session: Session, petition: Petition, at: datetime) -> datetime:
    """The villager wants to withdraw: it takes effect after a day to think. Asking again moves nothing."""
    planned = agenda.planned(petition, Item.WITHDRAW)
    if planned is not None:
        return planned
    until = at + TIME_TO_THINK
    move(session, petition, Verb.ASK_WITHDRAW, VILLAGER, at, until=until.isoformat())
    agenda.put(petition, Item.WITHDRAW, until)
    return until


def keep(session: Session, petition: Petition, at: datetime) -> bool:
    """Taken back: the matter goes on. False: nothing was to be withdrawn."""
    if agenda.planned(petition, Item.WITHDRAW) is None:
        return False
    move(session, petition, Verb.KEEP, VILLAGER, at)
    agenda.strike(petition, Item.WITHDRAW)
    return True


def withdraw(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """The day to think is over."""
    event = move(session, petition, Verb.WITHDRAW, Actor(Capacity.CLOCK), at)
    drop_questions(session, petition, at)
    tell(session, county, petition, event, at)
