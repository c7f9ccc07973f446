"""What was kept long enough: an operator and a supervisor agree to let it go."""

from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers.retention import agree as agree_to
from models.officer import Officer
from models.retention import Plan, waiting_plans

HERE = "/console/retention"


def plans(visit: Visit) -> Answer:
    def name(account: str | None) -> str:
        officer = visit.session.get(Officer, account) if account else None
        return officer.name if officer else ""

    rows = [
        {
            "id": plan.id,
            "kept": plan.kept,
            "count": plan.count,
            "ended_before": plan.ended_before.isoformat(),
            "operator": name(plan.operator),
            "supervisor": name(plan.supervisor),
            "mine": visit.who.officer is not None and getattr(plan, visit.who.role.value, "") is None,
        }
        for plan in waiting_plans(visit.session)
    ]
    return Shown("retention.html", {"plans": rows})


def agree(visit: Visit) -> Answer:
    number = visit.path["plan"]
    plan = visit.session.get(Plan, int(number)) if number.isascii() and len(number) < 10 else None
    if plan is None:
        return NOT_FOUND
    person = visit.who.officer.account if visit.who.officer else None
    agree_to(visit.session, visit.county, plan, person, visit.who.role, visit.at)
    return Moved(HERE)
