"""The survey of a stage, by those who cannot type: heard at the door, written down without a name."""

from datetime import datetime

from handlers.county import County
from handlers.study.tasks import sealed_words
from models.base import Session
from models.errors import Refused
from models.refusal import Refusal
from models.study import survey
from models.study.due import Due
from models.study.survey import SurveyAsked
from models.study.task import Task


def rate_for(
    session: Session,
    county: County,
    task: Task,
    rated: tuple[tuple[int, int, int], str],
    at: datetime,
) -> None:
    """What somebody said at a visit. Refused where he answered before."""
    due = session.get_one(Due, task.due)
    survey.ask(session, due.member, due.course, at)
    asked = session.get_one(SurveyAsked, (due.member, due.course))
    if asked.answered:
        raise Refused(Refusal.STUDY_RATED_ALREADY)
    asked.answered = True
    session.add(asked)
    word = sealed_words(county, rated[1])
    survey.answer(session, due.course, due.branch, rated[0], word, at)
