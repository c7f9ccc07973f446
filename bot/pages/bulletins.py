"""The month's notice of study as a service, and the quarter's list that a person signs."""

from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers.study.notices import COUNTY, sign
from models.office import Office
from models.officer import Officer
from models.study.notice import months, notices_of, proposals

HERE = "/console/study/notice"


def notice(visit: Visit) -> Answer:
    """What every branch and committee did in a month; in the order of their codes, and of nothing else."""
    known = months(visit.session, COUNTY)
    asked = visit.query.get("month", "")
    month = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 6 else (known or [0])[0]
    rows = [
        {"name": _name(visit, one.office), "counts": one.content}
        for one in notices_of(visit.session, month)
        if one.content.get("meant") or one.content.get("tasks")
    ]
    lists = [
        {
            "quarter": one.quarter,
            "late": [(_name(visit, branch), count) for branch, count in one.content.items()],
            "signed_by": _signer(visit, one.signed_by),
            "signed_at": one.signed_at,
        }
        for one in proposals(visit.session)
    ]
    return Shown("study_notice.html", {"months": known, "month": month, "rows": rows, "lists": lists})


def sign_list(visit: Visit) -> Answer:
    """Only a person signs: an account without one may read."""
    number = visit.path["quarter"]
    person = visit.who.officer.account if visit.who.officer else None
    signed = sign(visit.session, int(number), person, visit.at) if len(number) < 6 else None
    return Moved(HERE) if signed else NOT_FOUND


def _name(visit: Visit, code: str) -> str:
    office = visit.session.get(Office, code)
    return office.name if office else code


def _signer(visit: Visit, account: str | None) -> str:
    officer = visit.session.get(Officer, account) if account else None
    return officer.name if officer else ""
