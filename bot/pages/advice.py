"""The spokesman's answers on the staff's pages: what is told, how often, until when; written and withdrawn here."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers.advice import writing
from handlers.advice.expiry import SOON
from models.advice import Advice, advices, times_told
from models.base import Session
from models.errors import Refused
from models.office import Office
from models.officer import Officer, day_of
from models.place import Place
from models.refusal import Refusal

HERE = "/console/advice"
SHOWN = 100
NEW = "new"


def answers(visit: Visit) -> Answer:
    """Everything that stands, what runs out first; narrowed to words that stand in it."""
    looked_for = visit.query.get("q", "").strip()[:40]
    rows = [
        row
        for row in sorted(advices(visit.session), key=lambda row: (row.valid_until, row.code))
        if looked_for in " ".join([row.code, *row.questions, row.text, row.source])
    ]
    told, reach = times_told(visit.session), _reach(visit, visit.session)
    return Shown(
        "advice.html",
        {
            "looked_for": looked_for,
            "count": len(rows),
            "rows": [_line(visit, row, told, reach) for row in rows[:SHOWN]],
            "may_write": bool(reach.offices),
            "done": visit.query.get("done", ""),
        },
    )


def form(visit: Visit) -> Answer:
    """One to change, or an empty one."""
    with visit.database.reading() as session:
        advice = None
        if visit.path["code"] != NEW:
            advice = session.get(Advice, visit.path["code"][:20])
            if advice is None or advice.ended_at is not None or not _reach(visit, session).holds(advice):
                return NOT_FOUND
        return form_page(visit, session, advice, _typed(advice))


def write(visit: Visit) -> Answer:
    """In force at once. What was refused comes back as it was typed, with the version that stands now."""
    typed, code = visit.form, visit.path["code"][:20]
    try:
        person = person_of(visit)
        with visit.database.transaction() as session:
            reach = _reach(visit, session)
            if typed.get("act") == "end":
                writing.withdraw(session, reach, code, typed.get("seen", ""), person, visit.at)
                return Moved(f"{HERE}?done=ended")
            advice = writing.write(
                session,
                visit.county,
                reach,
                _given(typed),
                person,
                visit.at,
                code="" if code == NEW else code,
                seen=typed.get("seen", ""),
            )
            last_day = advice.valid_until == day_of(visit.at)
        return Moved(f"{HERE}?done={'today' if last_day else 'written'}")
    except Refused as refused:
        said, why = visit.chinese.say(refused.wording, refused.fields), refused.wording
    with visit.database.reading() as session:
        known = session.get(Advice, code)
        return form_page(
            visit,
            session,
            known if known is not None and known.ended_at is None else None,
            typed,
            said=said,
            why=why,
            status=409,
        )


def form_page(
    visit: Visit,
    session: Session,
    advice: Advice | None,
    typed: Mapping[str, str],
    *,
    said: str = "",
    why: Refusal | None = None,
    status: int = 200,
) -> Shown:
    """The form of one answer, with what is said about it; `why` it was not taken."""
    reach = _reach(visit, session)
    return Shown(
        "advice_form.html",
        {
            "code": advice.code if advice else NEW,
            "stands": _typed(advice) if advice and why is Refusal.ADVICE_CHANGED else None,
            "seen": writing.edition(advice) if advice else "",
            "typed": defaultdict(str, typed),
            "offices": sorted(reach.offices.items()),
            "places": sorted(reach.places.items()),
            "told": said,
            "wrong": why is not None,
            "alike": why is Refusal.ADVICE_ALIKE or typed.get("apart") == "yes",
            "today": day_of(visit.at).isoformat(),
        },
        status,
    )


def _given(typed: Mapping[str, str]) -> writing.Given:
    questions = [" ".join(line.split()) for line in typed.get("questions", "").splitlines()]
    return writing.Given(
        questions=tuple(dict.fromkeys(filter(None, questions))),
        text=" ".join(typed.get("text", "").split()),
        source=" ".join(typed.get("source", "").split()),
        valid_until=_day(typed.get("valid_until", "")),
        office=typed.get("office", ""),
        place=typed.get("place", ""),
        apart=typed.get("apart") == "yes",
    )


def _typed(advice: Advice | None) -> dict[str, str]:
    """The answer as its form would hold it."""
    if advice is None:
        return {}
    return {
        "questions": "\n".join(advice.questions),
        "text": advice.text,
        "source": advice.source,
        "valid_until": advice.valid_until.isoformat(),
        "office": advice.office,
        "place": advice.place or "",
    }


def _line(
    visit: Visit, row: Advice, told: Mapping[str, tuple[int, int]], reach: writing.Reach
) -> dict[str, Any]:
    today = day_of(visit.at)
    office, place = visit.session.get(Office, row.office), visit.session.get(Place, row.place or "")
    writer = visit.session.get(Officer, row.written_by or "")
    count, insisted = told.get(row.code, (0, 0))
    return {
        "row": row,
        "until": row.valid_until.isoformat(),
        "over": row.valid_until < today,
        "soon": today <= row.valid_until <= today + SOON,
        "office": office.name if office else "",
        "place": place.name if place else "",
        "writer": writer.name if writer else "",
        "count": count,
        "insisted": insisted,
        "seen": writing.edition(row),
        "mine": reach.holds(row),
    }


def _reach(visit: Visit, session: Session) -> writing.Reach:
    return writing.reach_of(session, visit.who.role, visit.who.officer, visit.who.scope)


def person_of(visit: Visit) -> str:
    if visit.who.officer is None:
        raise Refused(Refusal.NEEDS_A_PERSON)
    return visit.who.officer.account


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
