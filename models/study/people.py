"""Who works for a branch: its own office and the one above it, whoever is a contact there, and the operators."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from models.base import Session
from models.duty import duty_desk, stand_in_of
from models.member import Member
from models.office import Office
from models.officer import Officer, Role, is_here
from models.place import below, county


def branches_of(session: Session, officer: Officer) -> list[str]:
    """The branches whose members somebody of the staff looks after."""
    with_members = select(Member.branch).where(col(Member.left_at).is_(None)).distinct()
    near = (col(Office.code) == officer.office) | (col(Office.parent) == officer.office)
    mine = select(Member.branch).where(Member.contact == officer.account, col(Member.left_at).is_(None))
    wanted = near | col(Office.code).in_(mine)
    if Role.OPERATOR in officer.roles:
        wanted |= col(Office.place).in_(_area(session, officer))
    rows = select(Office.code).where(wanted, col(Office.code).in_(with_members))
    return sorted(session.exec(rows))


def all_branches(session: Session) -> list[str]:
    """Every branch that has members."""
    return sorted(session.exec(select(Member.branch).where(col(Member.left_at).is_(None)).distinct()))


def helper_for(session: Session, member: Member, at: datetime, before: str | None = None) -> Officer | None:
    """Who brings it: the contact person, his stand-in, the branch's next person, at last the duty desk.

    `before`: who had it and left; his stand-in comes before the next person.
    """
    contact = session.get(Officer, member.contact) if member.contact else None
    if is_here(session, contact, at):
        return contact
    for account in filter(None, (member.contact, before)):
        stand_in = stand_in_of(session, account, at)
        if stand_in is not None:
            return stand_in
    branch = session.get(Office, member.branch)
    for office in (member.branch, branch.parent if branch else None):
        for officer in _of_office(session, office):
            if is_here(session, officer, at):
                return officer
    desk = duty_desk(session, branch.place if branch else None, at).officers
    return desk[0] if desk else None


def members_of(session: Session, branches: Sequence[str], page: int, size: int) -> list[Member]:
    """The members of some branches, by code; one page (from 1)."""
    rows = select(Member).where(col(Member.branch).in_(branches), col(Member.left_at).is_(None))
    return list(session.exec(rows.order_by(Member.code).offset((page - 1) * size).limit(size)))


def _area(session: Session, officer: Officer) -> frozenset[str]:
    """The places an operator looks after: the county's operator all of them, a township's its own."""
    office = session.get(Office, officer.office)
    top = county(session)
    return below(session, office.place if office else top.code if top else None)


def _of_office(session: Session, office: str | None) -> Sequence[Officer]:
    if office is None:
        return []
    rows = select(Officer).where(Officer.office == office, col(Officer.left_at).is_(None))
    return session.exec(rows.order_by(Officer.account)).all()
