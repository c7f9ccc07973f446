"""Who gets a lesson, and whether it has a form for each of them."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from models.base import Session
from models.member import Kind, Member
from models.study.course import Form, Lesson
from models.study.planning import audience_kinds, codes_of

NEEDS = Path(__file__).parent / "needs.toml"
LISTENS = "listened"
ELDERS = frozenset({Kind.AGED, Kind.ILL})
SHOWN = 10  # codes named


class LeftOut(NamedTuple):
    """Members who could do nothing with a lesson: of which kind, how many, the first of them by code."""

    kind: str
    members: int
    codes: tuple[str, ...]
    needs: tuple[Form, ...]


@cache
def _needs() -> dict[str, tuple[Form, ...]]:
    data = tomllib.loads(NEEDS.read_text(encoding="utf-8"))
    return {kind: tuple(map(Form, forms)) for kind, forms in data.items()}


def needs_of(kind: str, *, by_ear: bool = False) -> tuple[Form, ...]:
    """The forms of which one is enough, the best first."""
    return _needs()[LISTENS if by_ear else kind]


def fits(lesson: Lesson, kind: str, *, by_ear: bool = False) -> bool:
    """Whether a lesson has a form for such a member; a long recording is none for elders."""
    forms = lesson.forms()
    if kind in ELDERS and not lesson.audio_is_short:
        forms -= {Form.AUDIO}
    return bool(forms & set(needs_of(kind, by_ear=by_ear)))


def fits_member(lesson: Lesson, member: Member) -> bool:
    return fits(lesson, member.kind, by_ear=member.by_ear)


def left_out(session: Session, lesson: Lesson) -> list[LeftOut]:
    """Who among its audience could do nothing with the lesson."""
    return [
        LeftOut(
            LISTENS if by_ear else kind,
            count,
            codes_of(session, lesson, kind, SHOWN, by_ear=by_ear),
            needs_of(kind, by_ear=by_ear),
        )
        for kind, by_ear, count in audience_kinds(session, lesson)
        if not fits(lesson, kind, by_ear=by_ear)
    ]
