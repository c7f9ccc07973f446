"""One petition: what was said, why it went there, its clocks, letters and time line; and every act of the chat."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.exc import IntegrityError

from bot.pages import recordings
from bot.pages.similar import alike
from bot.pages.visit import NOT_FOUND, Answer, Shown, Visit
from handlers.officer import acting
from handlers.officer.post import letters_about
from handlers.officer.reasons import pieces, reasons
from handlers.officer.scope import history, may_read, may_see, opened, shown, under_review
from handlers.officer.words import words as commands
from handlers.petition.review import course, may_be_asked
from models.base import Session
from models.errors import Refused
from models.officer import Officer
from models.petition import Petition, by_number
from models.refusal import Refusal

LINES = 60  # of the time line on one page; a matter may have thousands
# What a form may hold for each part of an act, in the order the chat wants them.
PARTS = ("choice", "days", "name", "day", "words")


def petition(visit: Visit) -> Answer:
    """One matter. One that does not exist and one that is not this person's look the same."""
    found = by_number(visit.session, visit.path["number"])
    if found is None or not may_see(visit.who.scope, found):
        return NOT_FOUND
    return page(visit, found)


def act(visit: Visit) -> Answer:
    """Does what a form asks for; then the matter as it stands now, with what was typed where it was refused."""
    said, typed, status = "", visit.form, 409
    try:
        with visit.database.transaction() as session:
            found = by_number(session, visit.path["number"], for_update=True)
            if found is None or not may_see(visit.who.scope, found):
                return NOT_FOUND
            officer = _person(visit, session)
            command, seen = visit.form.get("act", ""), _count(visit.form.get("seen", ""))
            reply = acting.act(
                session, visit.county, officer, found, command, _rest(visit.form), seen, visit.at
            )
        said, typed, status = visit.chinese.reply(reply), {}, 200
    except Refused as refused:
        said = visit.chinese.say(refused.wording, refused.fields)
    except IntegrityError:  # somebody else's act was written at the same instant
        fields = {"number": visit.path["number"], "name": "", "kind": "none"}
        said = visit.chinese.say(Refusal.CHANGED_MEANWHILE, fields)
    with visit.database.transaction() as session:
        found = by_number(session, visit.path["number"])
        if found is None or not may_see(visit.who.scope, found):
            return Shown("done.html", {"said": said}, status)
        return page(replace(visit, session_=session), found, said=said, typed=typed, status=status)


def page(
    visit: Visit,
    found: Petition,
    *,
    said: str = "",
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Shown:
    """The matter as this person may see it; opening its words leaves a trace."""
    session, county, who = visit.session, visit.county, visit.who
    reads = may_read(session, who.scope, who.role, found)
    why = reasons(session, county, found, with_words=reads)
    told = opened(session, county, found, who.account, visit.at) if reads else []
    before = _count(visit.query.get("before", "")) or None
    lines = history(session, county, found, before=before, limit=LINES, with_words=reads)
    officer = session.get(Officer, who.officer.account) if who.officer else None
    acts = acting.offered(session, county, officer, found, visit.at) if officer else []
    return Shown(
        "petition.html",
        {
            "petition": shown(session, county, found),
            "pending": _pending(visit, found),
            "similar": len(alike(visit, found)) if reads and found.is_open else 0,
            "reads": reads,
            "recordings": recordings.of_page(visit, found) if reads else [],
            "words": [(at, pieces(text, why.words)) for at, text in told],
            "why": why,
            "lines": lines,
            "earlier": lines[0].position if lines and lines[0].position > 1 else None,
            "letters": letters_about(session, found),
            "acts": acts,
            "reviewed": under_review(session, county, found, who.account, visit.at)
            if "review_answer" in acts and not reads
            else [],
            "seen": acting.position(session, found),
            "heard": commands().outcomes,
            "decided": commands().reviews,
            "review": _review(visit, found),
            "said": said,
            "wrong": status != 200,
            "typed": defaultdict(str, typed or {}),
        },
        status,
    )


def _person(visit: Visit, session: Session) -> Officer:
    """Who acts: somebody of the directory, never a bare account."""
    if visit.who.officer is None:
        raise Refused(Refusal.NEEDS_A_PERSON)
    return session.get_one(Officer, visit.who.officer.account)


def _pending(visit: Visit, found: Petition) -> dict[str, object]:
    pending = found.pending or {}
    by = visit.session.get(Officer, pending.get("by") or "")
    offered = visit.session.get(Officer, found.offered_to or "")
    return {
        "act": pending.get("act", ""),
        "by": by.name if by else "",
        "days": pending.get("days"),
        "offered": offered.name if offered else "",
    }


def _review(visit: Visit, found: Petition) -> dict[str, object]:
    """Which step the body above is asked for, or may be, and until when."""
    known = course(visit.session, found)
    may = may_be_asked(visit.session, visit.county, found, visit.at)
    due = known.request.data["due"] if known.under_way and known.request else ""
    step = known.under_way or may
    return {"step": step.answered.value if step else "", "due": due, "late": known.is_late}


def _rest(form: Mapping[str, str]) -> str:
    """What would follow the number in the chat."""
    given = {part: form.get(part, "").strip()[:2000] for part in PARTS}
    given["choice"] = (form.get("other", "").strip()[:40] or given["choice"]).replace(" ", "")
    return " ".join(text for text in given.values() if text)


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
