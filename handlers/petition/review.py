"""Whoever is not content with a written answer asks the body above: a review, then a re-examination, then no more.

Regulation on petitions arts. 35, 36: asked within 30 days of the written answer, answered within 30 days. Each step is
an event of the ledger; where a matter stands in it is read from there.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers.county import County
from handlers.notices import recipients, tell, tell_officer
from handlers.petition.closing import again, may_be_reopened
from handlers.petition.hearing import heard
from handlers.petition.work import with_text
from handlers.questions import drop_questions
from models import agenda
from models.agenda import Item
from models.base import Session
from models.errors import Refused
from models.ledger import PetitionEvent, of_kinds
from models.move import MOVES, Actor, Capacity, Verb, move
from models.petition import Petition
from models.refusal import Refusal
from models.wording import Wording

DAYS = 30  # calendar days, both to ask and to answer
REMIND = 5  # working days between reminders of an answer that is late
CLOCK = Actor(Capacity.CLOCK)


class Outcome(StrEnum):
    """What the body above decided on the answer."""

    UPHELD = "upheld"
    CHANGED = "changed"


@dataclass(frozen=True)
class Step:
    """One of the two: the verbs it is asked, answered and overdue by."""

    asked: Verb
    answered: Verb
    late: Verb


REVIEW = Step(Verb.ASK_REVIEW, Verb.REVIEW, Verb.REVIEW_LATE)
REEXAMINATION = Step(Verb.ASK_REEXAMINATION, Verb.REEXAMINE, Verb.REEXAMINATION_LATE)
STEPS = (REVIEW, REEXAMINATION)
KINDS = (Verb.PROPOSE, *(verb for step in STEPS for verb in (step.asked, step.answered, step.late)))


@dataclass
class Course:
    """How far a matter has gone up. `replied_at`: when the last written answer was given."""

    replied_at: datetime | None = None
    done: Step | None = None
    under_way: Step | None = None
    request: PetitionEvent | None = None
    reply: PetitionEvent | None = None  # the last written answer
    is_late: bool = False

    def hear(self, event: PetitionEvent) -> None:
        if event.kind == Verb.PROPOSE:  # a new written answer: all of it may be asked again
            self.replied_at, self.done, self.reply = event.at, None, event
        for step in STEPS:
            if event.kind == step.asked:
                self.under_way, self.request, self.is_late = step, event, False
            elif event.kind == step.late:
                self.is_late = True
            elif event.kind == step.answered:
                self.replied_at, self.done, self.under_way, self.reply = event.at, step, None, event

    @property
    def following(self) -> Step | None:
        """What may be asked now, if it is in time; None: something is under way, or both are done."""
        if self.under_way is not None or self.replied_at is None or self.done is REEXAMINATION:
            return None
        return REVIEW if self.done is None else REEXAMINATION

    def latest(self, county: County) -> datetime | None:
        """Until when it may be asked."""
        return county.working.calendar_days(self.replied_at, DAYS) if self.replied_at else None


def course(session: Session, petition: Petition) -> Course:
    found = Course()
    for event in of_kinds(session, petition.identity, KINDS):
        found.hear(event)
    return found


def may_be_asked(session: Session, county: County, petition: Petition, at: datetime) -> Step | None:
    """Which of the two may be asked now, in the state it is in and in time."""
    known = course(session, petition)
    step, latest = known.following, known.latest(county)
    if step is None or latest is None or petition.state not in MOVES[step.asked].leaves:
        return None
    return step if at <= latest else None


def ask(
    session: Session, county: County, petition: Petition, words: str, by: Actor, at: datetime
) -> tuple[Step, datetime]:
    """The villager asks, or the desk writes down that he does. Which step follows from the matter; until when."""
    known = course(session, petition)
    if known.under_way is not None:
        raise Refused(Refusal.REVIEW_UNDER_WAY, number=petition.number)
    if known.done is REEXAMINATION:
        raise Refused(Refusal.REVIEW_ENDED, number=petition.number)
    step, latest = known.following, known.latest(county)
    if step is None or latest is None:
        raise Refused(Refusal.NO_ANSWER_YET, number=petition.number)
    if at > latest:
        reopens = may_be_reopened(petition, at)
        told = {"latest": latest.isoformat(), "reopens": reopens}
        raise Refused(Refusal.REVIEW_TOO_LATE, number=petition.number, **told)
    due = county.working.calendar_days(at, DAYS)
    event = with_text(session, county, petition, step.asked, by, words, at, due=due.isoformat())
    agenda.put(petition, Item.REVIEW, due)
    heard(session, county, petition, at, words)
    tell(session, county, petition, event, at, due=due.isoformat(), text=words)
    return step, due


def answer(
    session: Session, county: County, petition: Petition, outcome: Outcome, words: str, by: str, at: datetime
) -> Step:
    """The body above answers in writing; where it changes the answer, the matter is worked on again."""
    known = course(session, petition)
    if known.under_way is None or known.request is None:
        raise Refused(Refusal.NO_REVIEW, number=petition.number)
    reviewer, first = Actor(Capacity.REVIEWER, by), known.request.data.get("account")
    event = with_text(
        session,
        county,
        petition,
        known.under_way.answered,
        reviewer,
        words,
        at,
        outcome=outcome.value,
        by_first=first,
    )
    agenda.strike(petition, Item.REVIEW)
    until = county.working.calendar_days(event.at, DAYS).isoformat()
    tell(session, county, petition, event, at, text=words, outcome=outcome.value, until=until)
    if outcome is Outcome.CHANGED and petition.state in MOVES[Verb.REDO].leaves:
        drop_questions(session, petition, at, "closing")
        agenda.strike(petition, Item.CALL)
        again(session, county, petition, move(session, petition, Verb.REDO, reviewer, at), at)
    return known.under_way


def overdue(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """Thirty days are over and nothing was answered: an event once, then a reminder every week until it is."""
    known = course(session, petition)
    if known.under_way is None or known.request is None:
        return
    due = known.request.data["due"]
    agenda.put(petition, Item.REVIEW, county.working.add_workdays(at, REMIND))
    if not known.is_late:
        event = move(session, petition, known.under_way.late, CLOCK, at, due=due)
        tell(session, county, petition, event, at, due=due)
        return
    again_on = f"{petition.id}:{known.under_way.late}:{at:%Y-%m-%d}"
    wording = Wording(f"letter.{known.under_way.late}.second")
    for officer in recipients(session, petition, known.request, "second", at):
        tell_officer(session, county, petition, officer.account, wording, at, occasion=again_on, due=due)
