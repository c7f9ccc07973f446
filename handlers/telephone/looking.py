"""What is looked up at each word a clerk types. Nothing of it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.county import County
from handlers.lanes import Lane
from handlers.officer.scope import may_see, shown
from handlers.petition.joining import ALIKE
from handlers.telephone.elements import Elements, elements_of
from handlers.topic import Route
from handlers.villager.doors import LINE, RELAY, line
from models.base import Session
from models.likeness import alike
from models.petition import open_of
from models.scope import Scope
from models.villager import find

SHORTEST = 2  # characters that are looked at
LEAVES = 2  # of the candidates
SHOWN = 5


@dataclass(frozen=True)
class Found:
    """What the clerk sees. `lane`: accusation, emergency or protection, where it is one; `rule`: which."""

    elements: Elements = field(default_factory=Elements)
    lane: str = ""
    rule: str = ""
    own: Sequence[dict[str, Any]] = ()  # the open matters told on this line
    alike: Sequence[dict[str, Any]] = ()  # other people's of the same kind and place
    leaves: Sequence[tuple[str, str]] = ()  # what it may be about: leaf and name


def look(session: Session, county: County, scope: Scope, phone: str, text: str, at: datetime) -> Found:
    """Matters are shown to whom they may be shown anyway, and to nobody else."""
    route = county.reader.route(text) if len(text.strip()) >= SHORTEST else None
    if route is not None and route.lane == Lane.ACCUSATION:
        return Found(lane=route.lane)
    own = _own(session, county, scope, phone)
    if route is None:
        return Found(own=own)
    danger = route.lane in (Lane.EMERGENCY, Lane.PROTECTION)
    return Found(
        elements=elements_of(county, text, route),
        lane=route.lane if danger else "",
        rule=(route.rule or "") if danger else "",
        own=own,
        alike=[] if danger else _alike(session, county, scope, route, at, {one["number"] for one in own}),
        leaves=[(one.category, county.category_name(one.category)) for one in route.candidates[:3]],
    )


def _own(session: Session, county: County, scope: Scope, phone: str) -> list[dict[str, Any]]:
    said_on = line(phone)
    person = find(session, county.keys, RELAY, f"{LINE}{said_on}") if said_on else None
    if person is None:
        return []
    mine = [one for one in open_of(session, person.id or 0) if may_see(scope, one)]
    return [shown(session, county, one) for one in mine[:SHOWN]]


def _alike(
    session: Session, county: County, scope: Scope, route: Route, at: datetime, own: set[str]
) -> list[dict[str, Any]]:
    leaves = [one.category for one in route.candidates[:LEAVES]]
    if not route.ask and route.category:
        leaves = [route.category]
    found = alike(session, leaves, route.place, at - ALIKE, SHOWN * 4)
    seen = [one for one in found if one.number not in own and may_see(scope, one)]
    return [shown(session, county, one) for one in seen[:SHOWN]]
