"""What people asked and no answer on file met: whose turn it is, by when; the answer, told and perhaps kept."""

from dataclasses import replace
from typing import TypeGuard

from sqlalchemy.exc import IntegrityError

from bot.pages import advice
from bot.pages.dress import words
from bot.pages.visit import NOT_FOUND, Answer, Shown, Visit
from handlers.advice.writing import reach_of
from handlers.lanes import Kind
from handlers.officer import acting
from handlers.officer.scope import all_shown, may_read, may_see, opened, shown
from models.base import Session
from models.errors import Refused
from models.listing import Sort, Wanted, selected
from models.officer import Officer
from models.petition import Petition, State, by_number
from models.refusal import Refusal

SHOWN = 100
ANSWERABLE = frozenset({State.ASSIGNED, State.ACCEPTED})
UNANSWERED = ANSWERABLE | {State.RECEIVED, State.WAITING}


def waiting(visit: Visit) -> Answer:
    """Open enquiries of whoever looks, the oldest first, each with its clock."""
    wanted = Wanted(kind=Kind.ENQUIRY.value, sort=Sort.OLDEST)
    page = selected(visit.session, visit.who.scope, wanted, visit.at, visit.at, None, SHOWN * 2)
    rows = [one for one in page.rows if one.state in UNANSWERED and may_see(visit.who.scope, one)]
    mine = visit.who.officer.account if visit.who.officer else None
    told = all_shown(visit.session, visit.county, rows[:SHOWN])
    lines = [
        row | {"mine": mine is not None and one.owner == mine and one.state in ANSWERABLE}
        for one, row in zip(rows, told, strict=False)
    ]
    return Shown("questions.html", {"rows": lines, "more": len(rows) > SHOWN or page.after is not None})


def question(visit: Visit) -> Answer:
    """What was asked, and a form for its answer."""
    found = by_number(visit.session, visit.path["number"])
    return _page(visit, found)


def answer(visit: Visit) -> Answer:
    """Told to the asker, who says whether it is enough; then an answer for the next one, to be kept or not."""
    typed, seen = visit.form.get("words", "").strip()[:2000], visit.form.get("seen", "")
    try:
        person = advice.person_of(visit)
        with visit.database.transaction() as session:
            found = by_number(session, visit.path["number"], for_update=True)
            if not _is_enquiry(found, visit):
                return NOT_FOUND
            officer = session.get_one(Officer, person)
            at_position = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
            acting.answer(session, visit.county, officer, found, typed, at_position, visit.at)
            office, place = officer.office, found.place or ""
    except Refused as refused:
        return _again(visit, visit.chinese.say(refused.wording, refused.fields), typed)
    except IntegrityError:  # somebody else's act was written at the same instant
        fields = {"number": visit.path["number"], "name": "", "kind": "none"}
        return _again(visit, visit.chinese.say(Refusal.CHANGED_MEANWHILE, fields), typed)
    with visit.database.reading() as session:
        return _offer(visit, session, typed, office, place)


def _offer(visit: Visit, session: Session, text: str, office: str, place: str) -> Answer:
    """The answer's form with what was just said: the question is left to be asked in everybody's words."""
    reach = reach_of(session, visit.who.role, visit.who.officer, visit.who.scope)
    said = words()["advice"]
    if not reach.offices:
        return Shown("done.html", {"said": said["told"]})
    whole = "" if "" in reach.places else place
    typed = {"text": text[:300], "office": office, "place": whole}
    return advice.form_page(visit, session, None, typed, said=said["kept"])


def _again(visit: Visit, said: str, typed: str) -> Answer:
    with visit.database.transaction() as session:
        found = by_number(session, visit.path["number"])
        return _page(replace(visit, session_=session), found, said=said, typed=typed, status=409)


def _page(
    visit: Visit, found: Petition | None, *, said: str = "", typed: str = "", status: int = 200
) -> Answer:
    if not _is_enquiry(found, visit):
        return NOT_FOUND
    session, county, who = visit.session, visit.county, visit.who
    reads = may_read(session, who.scope, who.role, found)
    mine = who.officer is not None and found.owner == who.officer.account
    return Shown(
        "question.html",
        {
            "petition": shown(session, county, found),
            "reads": reads,
            "words": opened(session, county, found, who.account, visit.at) if reads else [],
            "may_answer": mine and found.state in ANSWERABLE,
            "seen": acting.position(session, found),
            "told": said,
            "typed": typed,
        },
        status,
    )


def _is_enquiry(found: Petition | None, visit: Visit) -> TypeGuard[Petition]:
    return found is not None and found.kind == Kind.ENQUIRY and may_see(visit.who.scope, found)
