"""An answer written, changed or withdrawn by somebody of the staff: in force at once, and never two to one question."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from handlers.advice.choosing import tells_of_trouble
from handlers.county import County
from handlers.officer.mask import is_personal
from models.advice import Advice, advices
from models.base import Session
from models.directory import bump_advice
from models.errors import Refused
from models.office import Office, offices
from models.officer import Officer, Role, day_of
from models.place import Level, Place, below, place_chain, places
from models.refusal import Refusal
from models.scope import Scope

MOST_QUESTIONS = 12
LONGEST_QUESTION, LONGEST_TEXT, LONGEST_SOURCE = 40, 300, 200  # characters
# From this likeness on a person says whether it is another question: among the sample county's fifty answers, which are
# all about something else, two wordings reach 0.6 at most once.
ALIKE = 0.62
CODES = 10**6


@dataclass(frozen=True)
class Given:
    """What somebody typed. `apart`: he looked, and it is another question than the one that sounds alike."""

    questions: tuple[str, ...]
    text: str
    source: str
    valid_until: date | None
    office: str
    place: str
    apart: bool = False


@dataclass(frozen=True)
class Reach:
    """For which offices and places somebody may write: codes and names; a place of "" is the county."""

    offices: dict[str, str]
    places: dict[str, str]

    def holds(self, advice: Advice) -> bool:
        return advice.office in self.offices and (advice.place or "") in self.places


def reach_of(session: Session, role: Role, officer: Officer | None, scope: Scope) -> Reach:
    """A cadre writes for his own office, where it answers; a desk for its area; nobody without a person."""
    office = session.get(Office, officer.office) if officer else None
    home = session.get(Place, office.place) if office else None
    if officer is None or office is None or home is None or role not in (Role.CADRE, Role.DISPATCHER):
        return Reach({}, {})
    codes: frozenset[str] | None
    if role is Role.CADRE:
        codes, whole = below(session, home.code), home.level == Level.COUNTY
        mine = {office.code: office.name}
    else:
        codes, whole = scope.area, scope.area is None
        mine = {one.code: one.name for one in offices(session) if codes is None or one.place in codes}
    known = {
        one.code: one.name
        for one in places(session)
        if one.level in (Level.TOWNSHIP, Level.VILLAGE) and (codes is None or one.code in codes)
    }
    return Reach(mine, ({"": ""} if whole else {}) | known)


def write(
    session: Session,
    county: County,
    reach: Reach,
    given: Given,
    by: str,
    at: datetime,
    *,
    code: str = "",
    seen: str = "",
) -> Advice:
    """New, or `code` changed. Refused: what is missing, whose it is, or that it changed since `seen`."""
    advice = _standing(session, reach, code, seen) if code else None
    _check(session, county, reach, given, code, at)
    advice = advice or Advice(code=_fresh_code(session), text="", source="", valid_until=at.date(), office="")
    advice.questions, advice.text, advice.source = list(given.questions), given.text, given.source
    advice.valid_until = given.valid_until or day_of(at)
    advice.office, advice.place = given.office, given.place or None
    _sign(session, advice, by, at)
    return advice


def withdraw(session: Session, reach: Reach, code: str, seen: str, by: str, at: datetime) -> Advice:
    """No longer told, from now on; the row stays."""
    advice = _standing(session, reach, code, seen)
    advice.ended_at = at
    _sign(session, advice, by, at)
    return advice


def edition(advice: Advice) -> str:
    """What a form carries to say which version it was made of."""
    return f"{advice.written_by or ''}@{advice.written_at.isoformat() if advice.written_at else ''}"


def _sign(session: Session, advice: Advice, by: str, at: datetime) -> None:
    advice.written_by, advice.written_at = by, at
    session.add(advice)
    session.flush()
    bump_advice(session, at)


def _standing(session: Session, reach: Reach, code: str, seen: str) -> Advice:
    advice = session.get(Advice, code)
    if advice is None or not reach.holds(advice):
        raise Refused(Refusal.ADVICE_OFFICE)
    if advice.ended_at is not None or edition(advice) != seen:
        writer = session.get(Officer, advice.written_by or "")
        raise Refused(
            Refusal.ADVICE_CHANGED,
            code=code,
            name=writer.name if writer else "",
            over=advice.ended_at is not None,
        )
    return advice


def _check(session: Session, county: County, reach: Reach, given: Given, code: str, at: datetime) -> None:
    _is_whole(given, at)
    if given.office not in reach.offices or given.place not in reach.places:
        raise Refused(Refusal.ADVICE_OFFICE)
    if any(is_personal(words) for words in (*given.questions, given.text, given.source)):
        raise Refused(Refusal.ADVICE_PERSONAL)
    for question in given.questions:
        if tells_of_trouble(county.reader, question):
            raise Refused(Refusal.ADVICE_TROUBLE, question=question)
    _one_answer_each(session, county, given, code, at)


def _is_whole(given: Given, at: datetime) -> None:
    questions = given.questions
    if not 0 < len(questions) <= MOST_QUESTIONS or any(len(one) > LONGEST_QUESTION for one in questions):
        raise Refused(Refusal.ADVICE_QUESTIONS, most=MOST_QUESTIONS, longest=LONGEST_QUESTION)
    if not 0 < len(given.text) <= LONGEST_TEXT:
        raise Refused(Refusal.ADVICE_TEXT, longest=LONGEST_TEXT)
    if not 0 < len(given.source) <= LONGEST_SOURCE:
        raise Refused(Refusal.ADVICE_SOURCE, longest=LONGEST_SOURCE)
    if given.valid_until is None:
        raise Refused(Refusal.ADVICE_DATE)
    if given.valid_until < day_of(at):
        raise Refused(Refusal.ADVICE_OVER, until=given.valid_until.isoformat())


def _one_answer_each(session: Session, county: County, given: Given, code: str, at: datetime) -> None:
    """Refused: somebody else's row answers it, in these words or in words so like them that a person has to look."""
    asked = {one.casefold() for one in given.questions}
    for row in advices(session):
        same = next((one for one in row.questions if one.casefold() in asked), None)
        if row.code != code and same is not None and (row.place or "") == given.place:
            raise Refused(Refusal.ADVICE_TWICE, question=same, code=row.code)
    if county.advice is None or given.apart:
        return
    here = {step.code for step in place_chain(session, given.place or None)}
    for question in given.questions:
        route = county.reader.route(question)
        found = county.advice.find(question, route, here, day_of(at), code)
        if found is not None and found.score >= ALIKE:
            raise Refused(Refusal.ADVICE_ALIKE, question=question, code=found.code)


def _fresh_code(session: Session) -> str:
    while True:
        code = f"N{secrets.randbelow(CODES):06d}"
        if session.get(Advice, code) is None:
            return code
