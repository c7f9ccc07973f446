"""What is brought to members: courses of lessons, each in the forms that people can take in."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import JSON, or_
from sqlmodel import Field, UniqueConstraint, col, func, select

from models.base import Session, Table, UtcDateTime

EVERYBODY = "*"


class Form(StrEnum):
    """In which form a lesson can be taken in."""

    TEXT = "text"
    LINK = "link"
    AUDIO = "audio"
    PICTURE = "picture"
    PRINTABLE = "printable"


class Course(Table, table=True):
    """Lessons that belong together. The end of a course is the end of a stage."""

    __tablename__ = "course"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    name: str = Field(unique=True, max_length=80)
    template: str = Field(default="", max_length=24)  # the template it was made from
    began_on: date


class Lesson(Table, table=True):
    """One lesson for one audience. A change makes a new `version`; what was begun goes on as it was."""

    __tablename__ = "lesson"
    __table_args__ = (UniqueConstraint("course", "number", "audience", name="uq_lesson_course"),)

    id: int | None = Field(default=None, primary_key=True)
    course: int = Field(foreign_key="course.id")
    number: int
    audience: str = Field(max_length=160)  # branch, place and kinds in one, to tell two rows of a plan apart
    kinds: list[str] = Field(default_factory=list, sa_type=JSON)  # of Kind; none: all
    branch: str = Field(default=EVERYBODY, max_length=20)  # with all below it
    place: str = Field(default=EVERYBODY, max_length=20)  # with all below it
    title: str = Field(max_length=80)
    day: date | None = None
    days_after_joining: int | None = None  # instead of a day
    hour: time  # of the member's own day
    text: str = Field(default="", max_length=2000)
    link: str = Field(default="", max_length=500)
    audio: str = Field(default="", max_length=500)  # an address, or the name of a file kept by the service
    audio_is_short: bool = True  # at most three minutes: elders take in no more
    picture: str = Field(default="", max_length=500)
    printable: str = Field(default="", max_length=500)
    version: int = 1
    changed_at: datetime = Field(sa_type=UtcDateTime)
    planned_to: str | None = Field(
        default="", index=True, max_length=20
    )  # how far rows are made; None: to the end
    slices: int = 0  # of members gone through since it was last planned
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def identity(self) -> int:
        """The id of a lesson that is stored."""
        if self.id is None:
            message = "the lesson is not stored yet"
            raise ValueError(message)
        return self.id

    def forms(self) -> frozenset[Form]:
        """What it has. A text can always be printed."""
        found = {form for form in Form if getattr(self, form.value)}
        return frozenset(found | ({Form.PRINTABLE} if self.text else set()))


def course_named(session: Session, name: str) -> Course | None:
    return session.exec(select(Course).where(Course.name == name)).first()


def courses(session: Session) -> Sequence[Course]:
    """Every course, the newest first."""
    return session.exec(select(Course).order_by(col(Course.id).desc())).all()


def lessons_of(session: Session, course: int) -> Sequence[Lesson]:
    """The lessons of a course, in order."""
    rows = select(Lesson).where(Lesson.course == course, col(Lesson.ended_at).is_(None))
    return session.exec(rows.order_by(col(Lesson.number), col(Lesson.id))).all()


def live_lessons(session: Session, today: date) -> Sequence[Lesson]:
    """Lessons that may still be brought to somebody new: of today, to come, or counted from joining."""
    rows = select(Lesson).where(
        col(Lesson.ended_at).is_(None), or_(col(Lesson.day).is_(None), col(Lesson.day) >= today)
    )
    return session.exec(rows.order_by(col(Lesson.day), col(Lesson.id))).all()


def plan_anew(session: Session, lessons: Iterable[Lesson]) -> None:
    """The planner goes through all members once more; whoever has his row keeps it."""
    for lesson in lessons:
        lesson.planned_to, lesson.slices = "", 0
        session.add(lesson)
    session.flush()


def to_plan(session: Session) -> list[int]:
    """Lessons whose rows are not all made; those for one branch or kind before those for all."""
    rows = select(Lesson.id, Lesson.branch, Lesson.place, Lesson.kinds).where(
        col(Lesson.planned_to).is_not(None), col(Lesson.ended_at).is_(None)
    )
    found = sorted(
        ((branch == EVERYBODY) + (place == EVERYBODY) + (not kinds), identity or 0)
        for identity, branch, place, kinds in session.exec(rows)
    )
    return [identity for _, identity in found]


def lesson_like(session: Session, course: int, number: int, audience: str) -> Lesson | None:
    """The lesson of that number and audience, also one that was taken out."""
    rows = select(Lesson).where(Lesson.course == course, Lesson.number == number, Lesson.audience == audience)
    return session.exec(rows).first()


def next_number(session: Session, course: int) -> int:
    """The next number of a course; one that was taken out is not used again."""
    return (session.exec(select(func.max(Lesson.number)).where(Lesson.course == course)).one() or 0) + 1


def last_number(session: Session, course: int) -> int:
    """The number of the course's last lesson."""
    rows = select(func.max(Lesson.number)).where(Lesson.course == course, col(Lesson.ended_at).is_(None))
    return session.exec(rows).one() or 0
