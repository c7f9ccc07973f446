"""Binding a WeChat account to a member: a one-time code from the branch, and nothing less."""

import secrets
from datetime import datetime, timedelta

from handlers.county import County
from handlers.study.words import CODE_DIGITS
from models.base import Session
from models.errors import Refused
from models.member import Member, Way
from models.refusal import Refusal
from models.study import binding
from models.study.attempt import unlearn
from models.study.binding import TRIES_A_DAY, BindingTry, code_of, give_code, member_of, tries_since
from models.villager import Villager


def new_code(session: Session, county: County, member: Member, by: str, at: datetime) -> str:
    """Eight digits that the branch hands to the member itself; those handed out before are over."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    give_code(session, _hash(county, code), member.code, by, at)
    return code


def bind(session: Session, county: County, person: Villager, code: str, at: datetime) -> Member:
    """The account is the member's from now on. Refused: a wrong or used code, or somebody else's account."""
    villager = person.id or 0
    if tries_since(session, villager, at - timedelta(days=1)) >= TRIES_A_DAY:
        raise Refused(Refusal.STUDY_CODE_TRIES)
    found = code_of(session, _hash(county, code), at) if code else None
    if found is None:
        raise Refused(Refusal.STUDY_CODE_WRONG)
    before = member_of(session, villager)
    if before is not None and before.code != found.member:
        raise Refused(Refusal.STUDY_ACCOUNT_TAKEN)  # one account, one person: the branch has to sort it out
    member = session.get_one(Member, found.member)
    found.ended_at = at
    member.stopped_at = person.stopped_at = None
    unlearn(session, member.code, Way.WECHAT)
    session.add_all([found, person])
    binding.bind(session, member, villager)
    return member


def note_wrong(session: Session, villager: int, at: datetime) -> None:
    """A code that was none counts, whatever else of the turn is undone."""
    session.add(BindingTry(villager=villager, at=at))
    session.flush()


def release(session: Session, villager: int) -> None:
    """The person goes: the account is no member's any more."""
    binding.release(session, villager)


def _hash(county: County, code: str) -> str:
    return county.keys.lookup("binding", code)
