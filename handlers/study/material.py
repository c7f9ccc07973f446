"""What a member is sent of a lesson, and by which channels it can leave now."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from handlers.county import County
from handlers.study.audience import needs_of
from models.base import Session
from models.member import Kind, Member, Way
from models.study.course import Course, Form, Lesson, last_number
from models.study.subscription import notices_left
from models.villager import Villager

KEPT_FREE = (
    2  # customer messages left for the member's own matters (wechat.md B: one for progress, one for result)
)
LONGEST_TEXT = 300  # characters in a message; the page of the lesson has the rest
MOBILE = 11  # digits; anything else but a number abroad is a landline


class Leaves(NamedTuple):
    """By which channels a letter can leave, the best first; or why by none."""

    channels: tuple[str, ...] = ()
    reason: str = ""


def page_of(county: County, lesson: Lesson) -> str:
    """The address of a lesson's own page; "" where the service has none that people reach."""
    return f"{county.study.address}/study/{lesson.identity}" if county.study.address else ""


def address_of(county: County, stored: str) -> str:
    """Where a recording or a picture is heard or seen: an address as it is, or a file the service keeps."""
    if "://" in stored or not stored:
        return stored
    return f"{county.study.address}/study/file/{stored}" if county.study.address else ""


def form_for(lesson: Lesson, member: Member) -> Form | None:
    """The form a member gets: the first he can take in."""
    forms = lesson.forms()
    return next((form for form in needs_of(member.kind, by_ear=member.by_ear) if form in forms), None)


def fields_for(session: Session, county: County, member: Member, lesson: Lesson) -> dict[str, Any]:
    """What the wording of a lesson needs."""
    course = session.get_one(Course, lesson.course)
    form = form_for(lesson, member)
    text = lesson.text if form in (Form.TEXT, Form.LINK) else ""
    links = {Form.AUDIO: address_of(county, lesson.audio), Form.PICTURE: address_of(county, lesson.picture)}
    link = links.get(form, lesson.link) if form else lesson.link
    if len(text) > LONGEST_TEXT:
        text, link = text[:LONGEST_TEXT] + "\u2026", link or page_of(county, lesson)
    return {
        "course": course.name,
        "lesson": lesson.number,
        "title": lesson.title,
        "text": text,
        "link": link,
        "heard": form is Form.AUDIO,
        "last": is_last(session, lesson),
        "page": page_of(county, lesson) or lesson.link,
    }


def is_last(session: Session, lesson: Lesson) -> bool:
    """Whether a stage ends with it: the last of a course that has several."""
    return lesson.number > 1 and lesson.number == last_number(session, lesson.course)


def _wechat(session: Session, county: County, member: Member, lesson: Lesson, at: datetime) -> Leaves:
    person = session.get(Villager, member.villager) if member.villager else None
    if person is None or person.cut_at is not None:
        return Leaves(reason="not_bound")
    if not person.followed:
        return Leaves(reason="not_following")
    channels = []
    if person.window_until is not None and person.window_until > at and person.window_left > KEPT_FREE:
        channels.append("wechat")
    rules = county.study
    if rules.template and notices_left(session, person.id or 0, rules.template) and _linked(county, lesson):
        channels.append("notice")
    return Leaves(tuple(channels)) if channels else Leaves(reason="window_closed")


def _linked(county: County, lesson: Lesson) -> bool:
    """A notice holds a title and a link: without a link nothing would arrive."""
    return bool(lesson.link or page_of(county, lesson))


def _sms(session: Session, county: County, member: Member, lesson: Lesson, at: datetime) -> Leaves:
    if not county.study.sms:
        return Leaves(reason="no_gateway")
    if member.by_ear or member.kind == Kind.UNLETTERED:
        return Leaves(reason="cannot_read")
    return Leaves(("sms",)) if member.phone_hash else Leaves(reason="no_number")


CHANNELS: dict[Way, Callable[[Session, County, Member, Lesson, datetime], Leaves]] = {
    Way.WECHAT: _wechat,
    Way.SMS: _sms,
}
