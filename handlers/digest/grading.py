"""The quarter's grading of offices, and whom to talk with: figures propose, a named person decides and signs.

Three scores of 100: what the data says, what villagers said, what the office says of itself; weights and the warning
line are data (`measures.toml`). Nothing follows from a grade by itself, and no person has one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.county import County
from handlers.digest.appeal import said_of
from handlers.digest.compose import Names, basis
from handlers.digest.measures import measures
from handlers.digest.period import Kind, Period
from handlers.digest.quarter import facts, parts
from handlers.digest.warning import RED, warnings
from models import appraisal, checkpoint
from models import digest as digests
from models.appraisal import Decision
from models.base import Session
from models.breakdown import break_down
from models.counting import count
from models.errors import Refused
from models.officer import Officer
from models.refusal import Refusal
from models.tally import Tally
from models.weighing import SEALED, UNKNOWN

FULL = 100
LONGEST = 300  # letters of an office's words
PAST_MONTHS = 3


def grading(session: Session, county: County, period: Period, at: datetime) -> dict[str, Any]:
    """Each office with its scores, its proposed grade, its warnings of the quarter and what was said and decided."""
    counted = break_down(session, basis(session, county, period, at).window)
    tally = counted.tally
    before = count(session, basis(session, county, Period.before(Kind.QUARTER, period.first), at).window)
    rows, names = appraisal.of_period(session, period.kind.value, period.last), Names(session, county)
    months = _warned(session, county, period, at)
    stored = digests.stored(session, period.kind.value, period.last, at)
    told: list[dict[str, Any]] = []
    for office in tally.codes("office"):
        if office in (SEALED, UNKNOWN):
            continue
        row = rows.get(office)
        graded = grade(tally.by["office"][office], county.mostly_weight, row.self_score if row else None)
        earlier = before.by["office"].get(office)
        was = grade(earlier, county.mostly_weight, None)["grade"] if earlier else ""
        levels = months.get(office, [])
        told.append(
            {"code": office, "name": names.of("office", office), "was": was, "levels": levels}
            | graded
            | {"proposed": _proposes(graded, levels), "late": tally.by["office"][office]["late"]}
            | said_of(session, county, row)
        )
        if told[-1]["proposed"]:
            told[-1] |= facts(session, county, counted.newest_late[office], office)
    told.sort(key=lambda row: (not row["proposed"], -row["late"]))  # what is to be decided, then what is late
    return {
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "checkpoint": stored.checkpoint if stored else checkpoint.so_far(session),
        "rows": told,
        "rules": measures().grading,
        **parts(session, period, counted),
    }


def grade(figures: Mapping[str, int], mostly: float, self_score: int | None) -> dict[str, Any]:
    """The three scores and the grade they propose; a score that too few matters stand behind is left out."""
    rules = measures().grading
    scores = {"data": _data(figures, mostly), "villagers": _villagers(figures, mostly), "self": self_score}
    known = {name: score for name, score in scores.items() if score is not None}
    # An office's own opinion alone is no grade.
    weighed = sum(rules["weights"][name] for name in known) if known.keys() - {"self"} else 0
    total = (
        sum(rules["weights"][name] * score for name, score in known.items()) / weighed if weighed else None
    )
    name = next((one["name"] for one in rules["grades"] if total is not None and total >= one["from"]), "")
    below = total is not None and total < rules["warning_line"]
    return {
        "scores": scores,
        "score": None if total is None else round(total, 1),
        "grade": name,
        "below": below,
    }


def _data(figures: Mapping[str, int], mostly: float) -> float | None:
    """The weighed rates of its work; one without enough matters counts neither way."""
    total = weight = 0.0
    for name, part in measures().grading["data"].items():
        value = measures().one(name).of(figures, mostly)["value"]
        if value is not None:
            total += abs(part) * (value if part > 0 else 1 - value)
            weight += abs(part)
    return round(FULL * total / weight, 1) if weight else None


def _villagers(figures: Mapping[str, int], mostly: float) -> float | None:
    value = measures().one("satisfied").of(figures, mostly)["value"]
    return None if value is None else round(FULL * value, 1)


def _warned(
    session: Session, county: County, period: Period, at: datetime
) -> dict[str, list[dict[str, str]]]:
    """The colours each office had in the months of the quarter, as far as they have begun; none that was lifted."""
    told: dict[str, list[dict[str, str]]] = {}
    month = Period.of(Kind.MONTH, period.first)
    past = Period.before(Kind.MONTH, period.first)
    earlier = count(session, basis(session, county, past, at).window)
    for _ in range(PAST_MONTHS):
        if month.since(county.zone) > at:
            break
        tally: Tally = count(session, basis(session, county, month, at).window)
        for office, warned in warnings(session, county, month, tally, earlier).items():
            if not warned.lifted:
                told.setdefault(office, []).append({"month": month.first.isoformat(), "level": warned.level})
        month, earlier = Period.of(Kind.MONTH, month.until(county.zone).astimezone(county.zone).date()), tally
    return told


def _proposes(graded: Mapping[str, Any], levels: list[dict[str, str]]) -> bool:
    """Whether a talk is worth a person's thought: below the line, or a red. No more than that."""
    return bool(graded["below"]) or any(one["level"] == RED for one in levels)


def state(
    session: Session,
    county: County,
    period: Period,
    office: str,
    who: Officer | None,
    words: str,
    score: int | None,
    at: datetime,
) -> None:
    """An office's own words and score. Refused: somebody else's office, or decided already."""
    if who is None or who.office != office:
        raise Refused(Refusal.NOT_YOUR_OFFICE)
    row = appraisal.undecided(session, county.code, period.kind.value, period.last, office, at)
    appraisal.say(row, county.keys, words.strip()[:LONGEST], who.account, at)
    row.self_score = None if score is None else min(FULL, max(0, score))
    session.add(row)


def decide(
    session: Session,
    county: County,
    period: Period,
    office: str,
    who: Officer | None,
    decision: Decision,
    at: datetime,
) -> None:
    """A named person signs, once. Refused: nobody named, his own office, or another signed before."""
    if who is None or who.office == office:
        raise Refused(Refusal.NOT_YOURS_TO_DECIDE)
    row = appraisal.undecided(session, county.code, period.kind.value, period.last, office, at)
    appraisal.decide(row, decision, who.account, at)
    session.add(row)
