"""A review and a re-examination by the staff's words: asked for a villager, answered by somebody with no part in it."""

from handlers.accusation import accuses, whole
from handlers.officer.finding import meant, needs_words
from handlers.officer.words import words
from handlers.petition import review
from handlers.turn import OfficerTurn, Reply
from models.errors import Refused
from models.move import Actor, Capacity
from models.petition import reviewed
from models.refusal import Refusal
from models.wording import Wording


def ask(turn: OfficerTurn) -> Reply:
    """The villager's reasons, written down by the desk; never words that accuse somebody."""
    found = meant(turn, lambda one: False, list)
    said, petition = needs_words(found, Refusal.REASON_MISSING), found.petition
    if accuses(whole(turn.session, turn.county, petition, said)):
        raise Refused(Refusal.REVIEW_ACCUSES, number=petition.number)
    desk = Actor(Capacity.DISPATCHER, turn.officer.account)
    step, due = review.ask(turn.session, turn.county, petition, said, desk, turn.at)
    return Reply.of(
        Wording.REVIEW_NOTED, number=petition.number, step=step.answered.value, due=due.isoformat()
    )


def answer(turn: OfficerTurn) -> Reply:
    """Number, upheld or changed, and the reasons; they go to the villager."""
    found = meant(turn, lambda one: True, lambda: reviewed(turn.session))
    petition = found.petition
    decided, said = words().decided(needs_words(found, Refusal.REVIEW_OUTCOME_MISSING))
    if decided is None:
        raise Refused(Refusal.REVIEW_OUTCOME_MISSING, number=petition.number)
    if not words().says_something(said):
        raise Refused(Refusal.REASON_MISSING, number=petition.number)
    outcome = review.Outcome(decided)
    step = review.answer(turn.session, turn.county, petition, outcome, said, turn.officer.account, turn.at)
    return Reply.of(
        Wording.REVIEW_ANSWERED, number=petition.number, step=step.answered.value, outcome=outcome.value
    )
