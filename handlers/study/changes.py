"""What a member says has changed about him: a proposal; his branch confirms it, and only then it is so."""

from datetime import datetime

from handlers.county import County
from handlers.notices import TO_OFFICER
from handlers.study.planning import plan_member
from handlers.study.words import Changed, words
from models.base import Session
from models.errors import Refused
from models.letter import post
from models.member import Kind, Member, Way, open_field, seal_of
from models.refusal import Refusal
from models.study.attempt import take_back, unlearn
from models.study.change import Change, ChangeKind, waiting_of
from models.study.due import Standing, close_open_of
from models.study.people import helper_for
from models.study.task import drop_tasks_of
from models.wording import Wording


def propose(
    session: Session, county: County, member: Member, changed: Changed, said: str, at: datetime
) -> Change:
    """Puts it before the branch; the same said twice is one proposal, the later words count."""
    change = waiting_of(session, member.code, changed.kind) or Change(
        member=member.code, branch=member.branch, kind=changed.kind.value, made_at=at
    )
    change.said = county.keys.sealed_here(said)
    change.value = county.keys.sealed_here(changed.value) if changed.value else b""
    change.zone = changed.zone
    session.add(change)
    session.flush()
    helper = helper_for(session, member, at)
    if helper is not None:
        post(
            session,
            county.keys,
            occasion=f"member-change:{change.id}",
            to=("officer", helper.account),
            channels=TO_OFFICER,
            wording=Wording.STUDY_CHANGE,
            fields={"change": change.id},
            county=county.code,
            at=at,
            not_before=county.task_time(at),
        )
    return change


def stop(session: Session, member: Member, at: datetime) -> None:
    """The member wants no more; whoever of the branch hears it writes it down as well as he himself."""
    take_back(session, member.code, at)
    close_open_of(session, member.code, Standing.DECLINED, at)
    drop_tasks_of(session, member.code, at)
    member.stopped_at = at
    session.add(member)
    session.flush()


def decide(
    session: Session, county: County, change: Change, by: str, at: datetime, *, granted: bool
) -> Member:
    """The branch's yes or no. Refused where it was decided before."""
    if change.decided_at is not None:
        raise Refused(Refusal.STUDY_DECIDED, change=change.id)
    member = session.get_one(Member, change.member)
    change.decided_at, change.decided_by, change.granted = at, by, granted
    session.add(change)
    if granted:
        _apply(county, member, change)
        unlearn(session, member.code, *(Way.PHONE, Way.SMS) if change.kind == ChangeKind.PHONE else ())
        session.add(member)
        plan_member(session, county, member, at)
    session.flush()
    return member


def value_of(county: County, change: Change) -> str:
    """The new place or number; "" where the member did not say it."""
    return county.keys.opened_here(change.value) if change.value else ""


def _apply(county: County, member: Member, change: Change) -> None:
    value = value_of(county, change)
    keys = county.keys
    if change.kind == ChangeKind.MOVED:
        home = value in words().home
        member.location = seal_of(keys, member.code, "location", "" if home else value)
        member.zone = change.zone or str(county.zone)
        if home and member.kind == Kind.AWAY:
            member.kind = Kind.ORDINARY.value
        elif not home and member.kind == Kind.ORDINARY:
            member.kind = Kind.AWAY.value
    elif change.kind == ChangeKind.PHONE and value:
        member.phone = seal_of(keys, member.code, "phone", value)
        member.phone_hash = keys.lookup("phone", value)
    elif change.kind == ChangeKind.EYES:
        member.by_ear = True
    elif change.kind == ChangeKind.EARS:
        member.by_ear = False
        member.ways = [way for way in member.ways if way != Way.PHONE] or [Way.VISIT.value]


def name_of(county: County, member: Member) -> str:
    """The member's name, for those who look after him."""
    return open_field(county.keys, member, "name")
