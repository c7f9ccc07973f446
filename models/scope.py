"""Which petitions somebody may see, as one condition that every list of them starts from."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, not_, or_, true, union
from sqlalchemy.orm import Mapped
from sqlmodel import col, func, select

from models.petition import BESIDE, OPEN, Petition

SELF_HARM = "self_harm"


@dataclass(frozen=True)
class Scope:
    """One person's view of the county.

    `account`: the person; without one, matters from which anybody is excluded stay closed. `area`: the place
    codes whose matters are this person's business; None: all. `desk`: whether an area is watched at all.
    """

    account: str | None
    desk: bool
    area: frozenset[str] | None = frozenset()

    @property
    def is_county(self) -> bool:
        return self.desk and self.area is None


def holds(scope: Scope, petition: Petition) -> bool:
    """Whether one petition lies within; the same condition as `within`, for a row at hand."""
    if (scope.account is None and petition.excluded) or scope.account in petition.excluded:
        return False
    if is_concerned(scope, petition):
        return True
    if not scope.desk or (is_guarded(petition) and not scope.is_county):
        return False
    return scope.area is None or petition.place in scope.area


def is_concerned(scope: Scope, petition: Petition) -> bool:
    """Owner, helper, the one it was offered to, whose yes is awaited, or whom the ladder reached."""
    pending = petition.pending or {}
    asked = {pending.get("of"), pending.get("by"), *pending.get("asked", [])}
    people = {petition.owner, petition.offered_to, *petition.support, *petition.told} | asked
    return scope.account is not None and scope.account in people


def is_guarded(petition: Petition) -> bool:
    """Self-harm and protection: village and township never hear of it."""
    return petition.lane == "protection" or petition.hazard == SELF_HARM


def within(scope: Scope, *, of_few: bool = False, of_open: bool = False) -> ColumnElement[bool]:
    """What a list may hold, the same as `holds`, but for one thing: a matter that has ended is listed for its
    desk and its last owner; whoever else took part still opens it by its number.

    `of_few`: the ids are known already, so each is looked at, and not all that is his. `of_open`: only what is open is
    wanted; of what is his that is found without the rest.
    """
    excluded = cast(col(Petition.excluded), String)
    if scope.account is None:
        return and_(excluded == "[]", _area(scope))
    account = scope.account
    beside = _beside(account)
    own = col(Petition.owner) == account
    if of_open:
        own = and_(own, col(Petition.state).in_(OPEN))
    may = not_(_names(col(Petition.excluded), account))
    if not scope.desk:
        if of_few:
            return and_(may, or_(own, and_(BESIDE, beside)))
        # His few among all: each half is found by an index of its own, which "either, or" is not.
        ids = select(Petition.id)
        return and_(may, col(Petition.id).in_(union(ids.where(own), ids.where(BESIDE, beside))))
    return and_(may, or_(_area(scope), own, and_(col(Petition.closed_at).is_(None), beside)))


def concerns(scope: Scope) -> ColumnElement[bool]:
    """The same condition as `is_concerned`."""
    if scope.account is None:
        return false()
    return or_(col(Petition.owner) == scope.account, _beside(scope.account))


def _beside(account: str) -> ColumnElement[bool]:
    return or_(
        col(Petition.offered_to) == account,
        _names(col(Petition.support), account),
        _names(col(Petition.told), account),
        and_(col(Petition.pending).is_not(None), _names(col(Petition.pending), account)),
    )


def _area(scope: Scope) -> ColumnElement[bool]:
    if not scope.desk:
        return false()
    if scope.area is None:
        return true()
    guarded = or_(col(Petition.lane) == "protection", func.coalesce(col(Petition.hazard), "") == SELF_HARM)
    return and_(col(Petition.place).in_(scope.area), not_(guarded))


def _names(column: Mapped[Any], account: str) -> ColumnElement[bool]:
    """Whether a list kept as JSON names the account."""
    return cast(column, String).contains(f'"{account}"', autoescape=True)
