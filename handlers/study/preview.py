"""How would this member get this? Told from the very rules it will be done by, and nothing is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.county import County
from handlers.study.audience import ELDERS, fits_member
from handlers.study.changes import name_of
from handlers.study.material import form_for
from handlers.study.planning import when_for
from handlers.study.ways import LETTERS, opens, order_of
from models.base import Session
from models.member import Member, Way
from models.study.attempt import unreachable_ways
from models.study.course import Lesson
from models.study.people import helper_for, members_of
from models.study.planning import Group, is_for

READ = 5_000  # members whose names are looked through; whoever has more asks by number
SHOWN = 12


@dataclass(frozen=True)
class Step:
    """A way in the member's order. `reason`: why it would not work now; "" where it would."""

    way: str
    reason: str
    by_person: bool


@dataclass(frozen=True)
class Preview:
    """What a member would get, when, and by which ways one after another."""

    meant: bool  # whether the lesson is for him at all
    fits: bool
    form: str
    day: date
    hour: str  # of the member's own day
    here: str  # the same in the county's time; "" where it is the same
    steps: tuple[Step, ...]
    helper: str  # who comes where nothing else works
    owes_nothing: bool


def meant(session: Session, county: County, branches: Sequence[str], said: str) -> list[Member]:
    """Who of these branches a number, a name, or a surname as one calls an elder ("uncle Wang") may mean."""
    known = session.get(Member, said) if said else None
    if known is not None:
        return [known] if known.left_at is None and known.branch in branches else []
    named = [(name_of(county, one), one) for one in members_of(session, branches, 1, READ)] if said else []
    found = [one for name, one in named if said in name] or [
        one for name, one in named if name[:1] == said[:1]
    ]
    return found[:SHOWN]


def preview(session: Session, county: County, member: Member, lesson: Lesson, at: datetime) -> Preview:
    """The ways are as they stand now: a window that is closed today may be open then."""
    known = unreachable_ways(session, member.code)
    steps = [
        Step(
            way.value,
            "unreachable" if way in known else opens(session, county, member, lesson, way, at).reason,
            way not in LETTERS,
        )
        for way in order_of(member)
    ]
    if not any(step.by_person and not step.reason for step in steps):
        steps.append(Step(Way.VISIT.value, "", by_person=True))
    day, when = when_for(session, county, lesson, Group(member.zone, member.kind, member.joined_on))
    hour, here = (f"{when.astimezone(zone):%Y-%m-%d %H:%M}" for zone in (ZoneInfo(member.zone), county.zone))
    helper = helper_for(session, member, at)
    form = form_for(lesson, member)
    return Preview(
        meant=is_for(session, lesson, member.code),
        fits=fits_member(lesson, member),
        form=form.value if form else "",
        day=day,
        hour=hour,
        here=here if here != hour else "",
        steps=tuple(steps),
        helper=helper.name if helper else "",
        owes_nothing=member.kind in ELDERS,
    )
