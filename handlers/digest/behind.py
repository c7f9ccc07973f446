"""The list behind a number: whoever doubts a figure opens the matters it was counted from."""

from datetime import datetime

from handlers.county import County
from handlers.digest.compose import basis
from handlers.digest.period import Period
from handlers.notices import may_know
from models import counting
from models.base import Session
from models.figure import FIGURES, How
from models.petition import Petition
from models.scope import Scope, holds
from models.weighing import GROUPS, SEALED

SLICE = 200  # rows read at once


def behind(
    session: Session,
    county: County,
    scope: Scope,
    period: Period,
    at: datetime,
    measure: str,
    group: str = "",
    code: str = "",
    *,
    after: int | None = None,
    most: int | None = None,
) -> list[int]:
    """The ids of the matters that one number of a digest counts, the newest first, as far as `scope` may see them.

    `measure`: a figure's id as in `models.figure.FIGURES`; `group`: "", "place", "office", "category", with the
    `code` of its row ("" is what has none). What is told in figures only has no list: that row is empty. `after`:
    those that follow this one; `most`: at least so many where there are, for a page reads no more rows than it shows.
    NotYet: the period lies in the future. KeyError: nobody counts that.
    """
    if code == SEALED or (group and group not in GROUPS):
        return []
    window = basis(session, county, period, at).window
    found = counting.behind(session, window, measure, group, code)
    found = [one for one in found if after is None or one < after]
    told: list[int] = []
    for first in range(0, len(found), SLICE):
        some = found[first : first + SLICE]
        rows = {one.id: one for one in session.fetch(Petition, some)}
        told += [
            identity
            for identity in some
            if identity in rows
            and holds(scope, rows[identity])
            and may_know(rows[identity], scope.account or "")
        ]
        if most is not None and len(told) >= most:
            break
    return told


def opens(measure: str) -> bool:
    """Whether a number can be opened: what is counted by matters."""
    return measure in FIGURES and FIGURES[measure].how is not How.PERSONS
