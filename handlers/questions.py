"""Questions to a villager: one open at a time, valid 48 hours, the others wait their turn."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from models.base import Session
from models.petition import Petition
from models.villager import Question, ask, open_question, waiting_questions

VALID = timedelta(hours=48)
PRESSING = frozenset({"officer", "closing"})  # somebody waits for the answer
PATIENT = "sensitive"  # gives way to any other question, and comes again after it
OFFERS = frozenset(
    {"urge_or_new", "others", "insist", "place", "advised"}
)  # the bot's own, which these overtake


def put_question(
    session: Session,
    villager: int,
    petition: Petition | None,
    kind: str,
    at: datetime,
    *,
    until: datetime | None = None,
    **data: Any,
) -> bool:
    """Asks at once where nothing is open (True), else queues it (False). The same question replaces itself."""
    for old in [*filter(None, [open_question(session, villager, at)]), *waiting_questions(session, villager)]:
        if old.kind == kind and old.petition == (petition.id if petition else None):
            end(session, old, at)
    standing = open_question(session, villager, at)
    if standing is not None and kind in PRESSING and standing.kind in OFFERS:
        end(session, standing, at)
        standing = None
    if standing is not None and standing.kind == PATIENT:
        standing.asked_at = standing.until = None
        session.add(standing)
        session.flush()
        standing = None
    free = standing is None
    question = Question(
        villager=villager,
        petition=petition.id if petition else None,
        kind=kind,
        data=data,
        made_at=at,
        until=until,
    )
    if free:
        begin(question, at)
    ask(session, question)
    return free


def begin(question: Question, at: datetime) -> None:
    question.asked_at = at
    question.until = question.until or at + VALID


def end(session: Session, question: Question, at: datetime) -> None:
    question.ended_at = at
    session.add(question)


def next_question(
    session: Session, villager: int, at: datetime, only: Collection[str] = ()
) -> Question | None:
    """The one whose turn it is (of `only` these kinds), now asked; None where one stands open or none waits."""
    if open_question(session, villager, at) is not None:
        return None
    waiting = [one for one in waiting_questions(session, villager) if not only or one.kind in only]
    for question in sorted(waiting, key=lambda one: one.kind == PATIENT):
        petition = session.get(Petition, question.petition) if question.petition else None
        if petition is not None and not _still_asked(question, petition):
            end(session, question, at)
            continue
        begin(question, at)
        session.add(question)
        return question
    return None


def drop_questions(session: Session, petition: Petition, at: datetime, *kinds: str) -> None:
    """Nothing more is asked about this matter (of these kinds)."""
    for question in [
        *filter(None, [open_question(session, petition.villager, at)]),
        *waiting_questions(session, petition.villager),
    ]:
        if question.petition == petition.id and (not kinds or question.kind in kinds):
            end(session, question, at)


def _still_asked(question: Question, petition: Petition) -> bool:
    wanted = {"closing": "proposed", "officer": "waiting", "category": "received"}.get(question.kind)
    return petition.is_open and (wanted is None or petition.state == wanted)
