"""Changed words for danger, protection or accusation: shown as what they are, in force once two people agreed.

Until then the words agreed to before go on, at first the shipped ones: whoever can write to a folder of the server
can neither silence a lane nor let an accusation through.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from difflib import unified_diff

from handlers import agreeing
from handlers.county import County
from handlers.notices import tell_operators
from models import processing
from models.base import Session
from models.lane_change import LaneChange, change_of, digest_of
from models.officer import Role
from models.processing import Ground
from models.wording import Wording


def propose(session: Session, county: County, files: Mapping[str, str], at: datetime) -> None:
    """Writes down a version seen for the first time, and asks the operators to see to it."""
    if change_of(session, files) is not None:
        return
    digest = digest_of(files)
    session.add(LaneChange(county=county.code, digest=digest, files=dict(files), made_at=at))
    tell_operators(session, county, Wording.RIGHTS_LANES_PROPOSED, at, occasion=f"lanes:{digest}")


def agree(
    session: Session, county: County, change: LaneChange, person: str | None, role: Role, at: datetime
) -> None:
    """One of the two yeses; with the second it is in force."""
    agreeing.agree(change, person, role, waits=change.agreed_at is None)
    if change.operator and change.supervisor:
        change.agreed_at = at
        session.let_go("lanes")
    session.add(change)
    processing.log(session, county.code, "agree_lanes", Ground.SECURITY, at, by=person)


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """File by file the lines that go (-) and come (+)."""
    for name in sorted({*before, *after}):
        old, new = (files.get(name, "").splitlines() for files in (before, after))
        lines = [line for line in unified_diff(old, new, lineterm="", n=0) if line[:3] not in ("---", "+++")]
        if lines:
            yield name, lines
