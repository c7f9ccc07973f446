"""Warnings of offices: yellow and red by the rules of `measures.toml`, each with its facts. They punish nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.county import County
from handlers.digest.measures import measures
from models.base import Session
from models.breakdown import oldest_late
from models.tally import Tally

DAY = timedelta(days=1)
YELLOW, RED = "yellow", "red"


@dataclass(frozen=True)
class Warned:
    """One office's warning: its colour and why."""

    level: str
    reasons: tuple[Mapping[str, Any], ...]


def warnings(
    session: Session, county: County, tally: Tally, before: Tally | None = None
) -> dict[str, Warned]:
    """By office. `before`: the period before, where two yellows running make a red."""
    found = _single(session, county, tally)
    if before is None:
        return found
    earlier = _single(session, county, before)
    return {
        office: Warned(RED, (*warned.reasons, {"why": "twice"})) if office in earlier else warned
        for office, warned in found.items()
    }


def _single(session: Session, county: County, tally: Tally) -> dict[str, Warned]:
    rules = measures().warning
    late = oldest_late(session, tally.window)
    found = {}
    for office, figures in tally.by["office"].items():
        if office in ("", "*"):
            continue
        reasons: list[Mapping[str, Any]] = []
        level = ""
        days = _working_days(county, late[office], tally.window.until) if office in late else 0
        if days > rules["yellow_late_days"]:
            level = RED if days > rules["red_late_days"] else YELLOW
            reasons.append({"why": "late", "days": days, "late": figures["late"]})
        satisfied = measures().one("satisfied").of(figures, county.mostly_weight)
        enough = satisfied["denominator"] >= rules["satisfied_fewest"]
        if enough and satisfied["value"] < rules["yellow_satisfied"]:
            level = level or YELLOW
            reasons.append({"why": "satisfied", **satisfied})
        if level:
            found[office] = Warned(level, tuple(reasons))
    return found


def _working_days(county: County, since: datetime, until: datetime) -> int:
    """Whole working days between a date that passed and the end of the window; more than a month says no more."""
    day, last = since.astimezone(county.zone).date(), until.astimezone(county.zone).date()
    day = max(day, last - DAY * 60)
    return sum(county.working.is_workday(day + DAY * number) for number in range(1, (last - day).days + 1))
