"""An office against a month's warning: it says why, and a named person of another office decides, with his reason."""

from datetime import datetime
from typing import Any

from handlers.county import County
from handlers.digest.compose import Names, basis
from handlers.digest.period import Period
from handlers.digest.warning import Warned, warnings
from models import appraisal
from models.appraisal import Appraisal, Ruling
from models.base import Session
from models.counting import count
from models.errors import Refused
from models.officer import Officer, leaders
from models.refusal import Refusal
from models.tally import Tally

LONGEST = 300  # letters of an office's words, and of the answer to them


def warned_in(session: Session, county: County, period: Period, at: datetime) -> dict[str, Warned]:
    """The warnings of a period as it stands at `at`. NotYet: it lies in the future."""
    tally = count(session, basis(session, county, period, at).window)
    earlier = Period.before(period.kind, period.first)
    before = count(session, basis(session, county, earlier, at).window)
    return warnings(session, county, period, tally, before)


def appeals(session: Session, county: County, period: Period, at: datetime) -> list[dict[str, Any]]:
    """Every office warned, in the order of the codes: why, what it says, what was decided."""
    rows, names = appraisal.of_period(session, period.kind.value, period.last), Names(session, county)
    return [
        {"code": office, "name": names.of("office", office), "level": warned.level, "lifted": warned.lifted}
        | {"reasons": list(warned.reasons)}
        | said_of(session, county, rows.get(office))
        for office, warned in sorted(warned_in(session, county, period, at).items())
    ]


def told_of(
    session: Session, county: County, period: Period, tally: Tally, before: Tally
) -> list[tuple[str, dict[str, Any]]]:
    """Whom to tell of a month's warnings: the leaders of each office, with its facts but no measure."""
    names = Names(session, county)
    told = []
    for office, warned in sorted(warnings(session, county, period, tally, before).items()):
        late: dict[str, Any] = next((dict(why) for why in warned.reasons if why["why"] == "late"), {})
        fields = {
            "office": names.of("office", office),
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "level": warned.level,
            "late": late.get("late", 0),
            "days": late.get("days", 0),
        }
        told += [(one.account, fields) for one in leaders(session, office)]
    return told


def said_of(session: Session, county: County, row: Appraisal | None) -> dict[str, Any]:
    """What an office said in a period, and what a person decided."""
    signer = session.get(Officer, row.decided_by) if row and row.decided_by else None
    return {
        "statement": appraisal.said(row, county.keys) if row else "",
        "decision": row.decision if row else None,
        "decided_by": signer.name if signer else "",
        "decided_at": row.decided_at.isoformat() if row and row.decided_at else None,
        "answer": appraisal.reason(row, county.keys) if row else "",
    }


def appeal(
    session: Session,
    county: County,
    period: Period,
    office: str,
    who: Officer | None,
    words: str,
    at: datetime,
) -> None:
    """Says why. Refused: somebody else's office, not warned, without a reason, or decided already."""
    if who is None or who.office != office:
        raise Refused(Refusal.NOT_YOUR_OFFICE)
    if not words.strip():
        raise Refused(Refusal.APPEAL_REASON)
    if office not in warned_in(session, county, period, at):
        raise Refused(Refusal.NOT_WARNED)
    row = appraisal.undecided(session, county.code, period.kind.value, period.last, office, at)
    appraisal.say(row, county.keys, words.strip()[:LONGEST], who.account, at)
    session.add(row)


def decide(
    session: Session,
    county: County,
    period: Period,
    office: str,
    who: Officer | None,
    ruling: Ruling,
    words: str,
    at: datetime,
) -> None:
    """A named person decides, once. Refused: nobody named, his own office, no appeal, no reason, decided before."""
    if who is None or who.office == office:
        raise Refused(Refusal.NOT_YOURS_TO_DECIDE)
    if not words.strip():
        raise Refused(Refusal.APPEAL_REASON)
    row = appraisal.undecided(session, county.code, period.kind.value, period.last, office, at)
    if not row.statement:
        raise Refused(Refusal.NO_APPEAL)
    appraisal.give_reason(row, county.keys, words.strip()[:LONGEST])
    appraisal.decide(row, ruling, who.account, at)
    session.add(row)
