"""The month's notice of the service, per branch and committee; the quarter's list, which a person signs.

What is counted is what the branch did: reached, by which way, wished for, not reachable, tasks done late. There is no
order of branches by any of it, and no member in it.
"""

from collections.abc import Mapping
from datetime import date, datetime

from handlers.county import County
from handlers.notices import TO_OFFICER
from handlers.study.ledger import DAY, last_of
from models.base import Session
from models.errors import Refused
from models.letter import post
from models.office import offices
from models.officer import Role, officers_with
from models.refusal import Refusal
from models.study.notice import LateProposal, ServiceNotice, begin_month, has_notices
from models.study.tally import counts_between, members_by_branch, unreachable_by_branch
from models.study.task import late_by_branch
from models.wording import Wording

FIGURES = ("meant", "reached", "declined", "wished", "tasks", "tasks_late", "unreachable", "members")
COUNTY = "*"


def month_before(today: date) -> tuple[date, date]:
    """The first and last day of the month that is over."""
    last = today.replace(day=1) - DAY
    return last.replace(day=1), last


def publish(session: Session, county: County, today: date, at: datetime) -> int:
    """Counts and keeps the month that is over, once; how many offices it tells of."""
    first, last = month_before(today)
    month = first.year * 100 + first.month
    if has_notices(session, month):
        return 0
    content: dict[str, dict[str, int]] = {COUNTY: {}} | compose(session, first, last)
    total = content.pop(COUNTY)
    if not begin_month(session, month, COUNTY, total, at):
        return 0
    for office, counts in content.items():
        session.add(ServiceNotice(month=month, office=office, content=counts, made_at=at))
    if last.month % 3 == 0:
        propose(session, last, at)
    for officer in _readers(session) if total.get("meant") else ():
        post(
            session,
            county.keys,
            occasion=f"study-month:{month}",
            to=("officer", officer),
            channels=TO_OFFICER,
            wording=Wording.STUDY_MONTH,
            fields={"first": first.isoformat()},
            county=county.code,
            at=at,
            not_before=county.task_time(at),
        )
    return len(content) + 1


def compose(session: Session, first: date, last: date) -> dict[str, dict[str, int]]:
    """The figures of every branch with members, of every office above one, and of the county."""
    counts = counts_between(session, first, last)
    for branch, number in unreachable_by_branch(session).items():
        counts.setdefault(branch, {})["unreachable"] = number
    for branch, number in members_by_branch(session).items():
        counts.setdefault(branch, {})["members"] = number
    parents = {office.code: office.parent for office in offices(session)}
    for branch, figures in list(counts.items()):
        for above in {parents.get(branch), COUNTY} - {None}:
            _add(counts.setdefault(str(above), {}), figures)
    return counts


def propose(session: Session, last: date, at: datetime) -> LateProposal | None:
    """The branches whose tasks were late in the quarter that is over: of no effect until somebody signs."""
    quarter = last.year * 10 + last.month // 3
    if session.get(LateProposal, quarter) is not None:
        return None
    first = last.replace(month=last.month - 2, day=1)
    late = late_by_branch(session, first, last_of(last))
    proposal = LateProposal(quarter=quarter, content=dict(sorted(late.items())), made_at=at)
    session.add(proposal)
    return proposal


def sign(session: Session, quarter: int, by: str | None, at: datetime) -> LateProposal | None:
    """A person puts his name to it; None where there is no such proposal."""
    proposal = session.get(LateProposal, quarter)
    if proposal is None:
        return None
    if by is None:
        raise Refused(Refusal.NEEDS_A_PERSON)
    if proposal.signed_at is not None:
        raise Refused(Refusal.STUDY_SIGNED_ALREADY)
    proposal.signed_by, proposal.signed_at = by, at
    session.add(proposal)
    return proposal


def _add(total: dict[str, int], figures: Mapping[str, int]) -> None:
    for name, number in figures.items():
        total[name] = total.get(name, 0) + number


def _readers(session: Session) -> list[str]:
    found = [one.account for role in (Role.OPERATOR, Role.SUPERVISOR) for one in officers_with(session, role)]
    return list(dict.fromkeys(found))
