"""A lesson planned at the console: refused before it is planned where it would leave somebody out."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from handlers.county import County
from handlers.study.audience import left_out
from models.base import Session
from models.errors import Refused
from models.office import Office
from models.officer import day_of
from models.refusal import Refusal
from models.study.course import EVERYBODY, Course, Lesson, course_named, next_number


@dataclass(frozen=True)
class NewLesson:
    """What the operator filled in."""

    course: str
    title: str
    day: date | None
    hour: time
    days_after: int | None = None  # instead of a day: so many after the member joined
    kinds: list[str] = field(default_factory=list)
    branch: str = EVERYBODY
    place: str = ""  # as people say it; none: everywhere
    text: str = ""
    link: str = ""
    audio: str = ""
    picture: str = ""
    printable: str = ""
    template: str = ""


def add(session: Session, county: County, new: NewLesson, at: datetime) -> Lesson:
    """The next lesson of a course, which begins with it if it is new. Refused: what is wrong, in one sentence."""
    _check(session, new, at)
    place = county.reader.place_of(new.place) if new.place else EVERYBODY
    if place is None:
        raise Refused(Refusal.STUDY_NO_PLACE, place=new.place[:20])
    course = course_named(session, new.course) or _begun(session, county, new, at)
    lesson = _lesson(session, course, new, place, at)
    if not lesson.forms():
        raise Refused(Refusal.STUDY_EMPTY)
    session.add(lesson)
    session.flush()
    for one in left_out(session, lesson):
        raise Refused(
            Refusal.STUDY_LEFT_OUT,
            forms=[form.value for form in one.needs],
            kind=one.kind,
            count=one.members,
            members=" ".join(one.codes[:5]),
        )
    return lesson


def _check(session: Session, new: NewLesson, at: datetime) -> None:
    """What can be told without making it."""
    if not new.course or not new.title:
        raise Refused(Refusal.STUDY_UNNAMED)
    if new.day is None and new.days_after is None:
        raise Refused(Refusal.STUDY_NO_DAY)
    if new.day is not None and new.day < day_of(at):
        raise Refused(Refusal.STUDY_PAST)
    if new.branch != EVERYBODY and session.get(Office, new.branch) is None:
        raise Refused(Refusal.STUDY_NO_BRANCH, branch=new.branch[:20])
    for address in (new.link, new.audio, new.picture, new.printable):
        if address and not address.startswith(("https://", "http://")):
            raise Refused(Refusal.STUDY_NO_ADDRESS, address=address[:40])


def _begun(session: Session, county: County, new: NewLesson, at: datetime) -> Course:
    course = Course(county=county.code, name=new.course[:80], template=new.template[:24], began_on=day_of(at))
    session.add(course)
    session.flush()
    return course


def _lesson(session: Session, course: Course, new: NewLesson, place: str, at: datetime) -> Lesson:
    return Lesson(
        course=course.id or 0,
        number=next_number(session, course.id or 0),
        audience=f"{new.branch} {place} {'+'.join(sorted(new.kinds)) or EVERYBODY}",
        kinds=list(new.kinds),
        branch=new.branch,
        place=place,
        title=new.title[:80],
        day=new.day,
        days_after_joining=new.days_after if new.day is None else None,
        hour=new.hour,
        text=new.text[:2000],
        link=new.link[:500],
        audio=new.audio[:500],
        picture=new.picture[:500],
        printable=new.printable[:500],
        changed_at=at,
    )
