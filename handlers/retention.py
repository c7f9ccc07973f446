"""What was kept long enough: the job proposes to erase it, an operator and a supervisor say yes, then it goes."""

from datetime import datetime

from handlers import agreeing
from handlers.county import County
from handlers.notices import tell_operators
from models import processing
from models.base import Session
from models.officer import Role
from models.processing import Ground
from models.retention import Kept, Plan, count_expired, waiting_plans
from models.wording import Wording

LOOK = "retention_look"


def is_due(session: Session, county: County, at: datetime) -> bool:
    """Once a day."""
    latest = processing.latest(session, LOOK)
    return latest is None or latest.astimezone(county.zone).date() != at.astimezone(county.zone).date()


def propose(session: Session, county: County, at: datetime) -> list[Plan]:
    """The day's look: a plan for each kind of which something is over and no plan waits yet."""
    waiting = {plan.kept for plan in waiting_plans(session)}
    plans = []
    for kept in Kept:
        ended_before = county.times.cut_off(kept, at)
        count = 0 if kept in waiting else count_expired(session, kept, ended_before)
        if count:
            plan = Plan(
                county=county.code, kept=kept.value, ended_before=ended_before, count=count, made_at=at
            )
            session.add(plan)
            plans.append(plan)
    processing.log(session, county.code, LOOK, Ground.EXPIRY, at, count=len(plans))
    if plans:
        day = at.astimezone(county.zone).date()
        tell_operators(
            session,
            county,
            Wording.RIGHTS_ERASURE_PROPOSED,
            at,
            occasion=f"retention:{day.isoformat()}",
            count=sum(plan.count for plan in plans),
        )
    return plans


def agree(session: Session, county: County, plan: Plan, person: str | None, role: Role, at: datetime) -> None:
    """One of the two yeses."""
    agreeing.agree(plan, person, role, waits=plan.done_at is None)
    session.add(plan)
    processing.log(session, county.code, f"agree_{plan.kept}", Ground.EXPIRY, at, by=person, count=plan.count)
