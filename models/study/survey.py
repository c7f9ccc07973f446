"""The survey at the end of a stage: who was asked, and apart from it what was answered, by nobody's name."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Field, col, func, select

from models.base import Session, Table, UtcDateTime, month_of
from models.key import Keyring

FEWEST = 5  # fewer answers are nobody's business but those who gave them


class SurveyAsked(Table, table=True):
    """A member was asked; whether he answered, never what."""

    __tablename__ = "survey_asked"

    member: str = Field(foreign_key="member.code", primary_key=True, max_length=20)
    course: int = Field(foreign_key="course.id", primary_key=True)
    sent_at: datetime = Field(sa_type=UtcDateTime)
    answered: bool = False


class SurveyAnswer(Table, table=True):
    """Three answers from 1 to 5 about the service, and perhaps a word. No member, no day."""

    __tablename__ = "survey_answer"

    id: int | None = Field(default=None, primary_key=True)
    course: int = Field(foreign_key="course.id", index=True)
    branch: str = Field(max_length=20)
    month: int
    useful: int
    timely: int
    fitting: int
    word: bytes = b""  # sealed


class Total(NamedTuple):
    """Means of a stage's answers."""

    answers: int
    useful: float
    timely: float
    fitting: float


def ask(session: Session, member: str, course: int, at: datetime) -> bool:
    """Notes that somebody is asked; False where he was before."""
    if session.get(SurveyAsked, (member, course)) is not None:
        return False
    session.add(SurveyAsked(member=member, course=course, sent_at=at))
    session.flush()
    return True


def open_survey(session: Session, member: str, since: datetime) -> SurveyAsked | None:
    """The last survey a member was asked and did not answer."""
    rows = select(SurveyAsked).where(
        SurveyAsked.member == member, ~col(SurveyAsked.answered), col(SurveyAsked.sent_at) >= since
    )
    return session.exec(rows.order_by(col(SurveyAsked.sent_at).desc())).first()


def answer(
    session: Session, course: int, branch: str, said: tuple[int, int, int], word: bytes, at: datetime
) -> None:
    """Writes an answer down, apart from whoever gave it."""
    useful, timely, fitting = said
    session.add(
        SurveyAnswer(
            course=course,
            branch=branch,
            month=month_of(at),
            useful=useful,
            timely=timely,
            fitting=fitting,
            word=word,
        )
    )
    session.flush()


def total(session: Session, course: int) -> Total | None:
    """What the answers say together; None below FEWEST.

    Told of whole groups of FEWEST alone: otherwise the difference to yesterday would be one person's answer.
    """
    rows = select(
        func.count(),
        func.avg(SurveyAnswer.useful),
        func.avg(SurveyAnswer.timely),
        func.avg(SurveyAnswer.fitting),
    ).where(SurveyAnswer.course == course, col(SurveyAnswer.id) <= _last_told(session, course))
    count, *means = session.exec(rows).one()
    return Total(count, *(float(mean) for mean in means)) if count else None


def free_words(session: Session, keys: Keyring, course: int) -> list[str]:
    """What people added in their own words, in no order that tells who was first; of the same answers as `total`."""
    rows = select(SurveyAnswer.word).where(
        SurveyAnswer.course == course,
        SurveyAnswer.word != b"",
        col(SurveyAnswer.id) <= _last_told(session, course),
    )
    return sorted(keys.opened_here(word) for word in session.exec(rows))


def _last_told(session: Session, course: int) -> int:
    """The last answer that may be told of: those after it are no whole group yet. 0: none may."""
    answers = select(SurveyAnswer.id).where(SurveyAnswer.course == course).order_by(col(SurveyAnswer.id))
    count = session.exec(select(func.count()).select_from(SurveyAnswer).where(SurveyAnswer.course == course))
    told = count.one() // FEWEST * FEWEST
    return (session.exec(answers.offset(told - 1).limit(1)).one() or 0) if told else 0
