"""Warnings of offices: yellow and red by the rules of `measures.toml`, each with its facts. They punish nobody."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.county import County
from handlers.digest.measures import measures
from handlers.digest.period import Kind, Period
from models.appraisal import lifted
from models.base import Session
from models.breakdown import rechecked
from models.recheck import Outcome
from models.tally import Tally

DAY = timedelta(days=1)
YELLOW, RED = "yellow", "red"


@dataclass(frozen=True)
class Warned:
    """One office's warning: its colour and why. `lifted`: it appealed, and a named person took it back."""

    level: str
    reasons: tuple[Mapping[str, Any], ...]
    lifted: bool = False


def warnings(
    session: Session, county: County, period: Period, tally: Tally, before: Tally
) -> dict[str, Warned]:
    """By office. Two months running with one make a red; one that was lifted counts as none."""
    found = _single(session, county, tally)
    earlier: set[str] = set()
    if period.kind is Kind.MONTH:
        past = Period.before(period.kind, period.first)
        earlier = _single(session, county, before).keys() - lifted(session, past.kind.value, past.last)
    taken_back = lifted(session, period.kind.value, period.last)
    return {
        office: Warned(
            RED if office in earlier else warned.level,
            (*warned.reasons, {"why": "twice"}) if office in earlier else warned.reasons,
            office in taken_back,
        )
        for office, warned in found.items()
    }


def _single(session: Session, county: County, tally: Tally) -> dict[str, Warned]:
    """By one period's own facts: late for days, few content, said to be solved and found not to be."""
    rules = measures().warning
    late = tally.late_since
    untrue = Counter(
        office for office, outcome in rechecked(session, tally.window) if outcome == Outcome.UNSOLVED
    )
    found = {}
    for office in {*tally.by["office"], *filter(None, untrue)} - {"", "*"}:
        figures = tally.by["office"].get(office, Counter())
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
        if untrue[office]:
            level = RED
            reasons.append({"why": "untrue", "untrue": untrue[office]})
        if level:
            found[office] = Warned(level, tuple(reasons))
    return found


def _working_days(county: County, since: datetime, until: datetime) -> int:
    """Whole working days between a date that passed and the end of the window; more than a month says no more."""
    day, last = since.astimezone(county.zone).date(), until.astimezone(county.zone).date()
    day = max(day, last - DAY * 60)
    return sum(county.working.is_workday(day + DAY * number) for number in range(1, (last - day).days + 1))
