"""Sums a window from the tally: one statement, and the database does it all.

Which matters a window touches: those with a stroke in it or in the day before (their first 24 hours may run out in
it), and those open when it ends. Of each the last stroke before the end says how it stands. What the figures mean is
`models.figure`; that they are right is tested against `models.weighing` over random histories.
"""

from collections.abc import Mapping
from itertools import product
from typing import Any

import sqlalchemy
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    true,
    type_coerce,
)

from models.base import Session
from models.figure import ANSWERS, ENDS, FIGURES, Figure, How
from models.history import FIRST_CONTACT
from models.ledger import PetitionEvent
from models.move import Verb
from models.petition import OPEN, Petition, State
from models.stroke import EPOCH, MICROSECOND, STROKE
from models.tally import Tally, latest_event
from models.weighing import GROUPS, SEALED, TELLING, UNKNOWN, Window

PEOPLE, OFFICE = "people", "office"
COLUMNS = {"place": "place", "office": "office", "category": "leaf"}
_WITHIN = [name for name, figure in FIGURES.items() if figure.how in (How.ONCE, How.TIMES)]
_SUMMED = [name for name, figure in FIGURES.items() if figure.how is not How.PERSONS]
# Which end or answer a stroke is, as a number below `DIGITS`.
DIGITS = 100
_SAID: Mapping[str, ColumnElement[bool]] = {
    "in_time": STROKE.c.in_time.is_(True),
    "too_late": STROKE.c.in_time.is_(False),
    **{mark: STROKE.c.mark == mark for mark in ("satisfied", "mostly")},
    "": true(),  # any other answer
}
_END = {(verb.value, said): code for code, (verb, said) in enumerate(product(ENDS, ("in_time", "too_late")))}
_ANSWER = {
    (verb.value, said): code
    for code, (verb, said) in enumerate(product(sorted(ANSWERS), ("satisfied", "mostly", "")))
}
WIDTH = len(_SUMMED) + 1  # and since when the oldest is late


def count(session: Session, window: Window) -> Tally:
    """The figures of a window, in all and by each group."""
    tally = Tally(window)
    for row in session.connection().execute(sqlalchemy.union_all(*parts(matters(session, window)))):
        take(tally, row)
    return tally


def parts(matter: Any) -> list[Any]:
    """Rows of a part, two codes and `WIDTH` numbers, for `take`."""
    late_since = func.min(case((matter.c.late > 0, type_coerce(matter.c.late_from, BigInteger))))
    sums = [func.coalesce(func.sum(matter.c[name]), 0) for name in _SUMMED]
    figures = [
        sqlalchemy.select(literal(group), matter.c[group], literal(""), *sums, late_since).group_by(
            matter.c[group]
        )
        for group in GROUPS
    ]
    return [*figures, *(_people(matter, group) for group in ("", *GROUPS))]


def _people(matter: Any, group: str) -> Any:
    """The persons behind what is new, each once."""
    code = matter.c[group] if group else literal("")
    each = (
        sqlalchemy.select(code.label("code"), matter.c.villager).where(matter.c.new > 0).distinct().subquery()
    )
    number = [func.count(), *([null()] * (WIDTH - 1))]
    return sqlalchemy.select(literal(PEOPLE), each.c.code, literal(group), *number).group_by(each.c.code)


def take(tally: Tally, row: Any) -> None:
    """Takes in one row of `parts`."""
    part, code, other, *numbers, late_since = row
    if part == PEOPLE:
        tally.take(other, code, {PEOPLE: int(numbers[0])})
        return
    figures = dict(zip(_SUMMED, map(int, numbers), strict=True))
    tally.take(part, code, figures)
    if part == GROUPS[0]:  # each matter stands in one row of every group: their sum is all of them
        tally.take("", "", figures)
    if part == OFFICE and late_since is not None:
        tally.late_since[code] = EPOCH + late_since * MICROSECOND


def behind(
    session: Session, window: Window, figure: str, group: str = "", code: str = "", *, most: int = 10_000
) -> list[int]:
    """The ids of the matters behind one number, the newest first. KeyError: nobody counts that."""
    matter = matters(session, window)
    wanted = "new" if FIGURES[figure].how is How.PERSONS else figure
    found = sqlalchemy.select(matter.c.petition).where(matter.c[wanted] > 0)
    if group:
        found = found.where(matter.c[group] == code)
    newest = found.order_by(matter.c.petition.desc()).limit(most)
    return list(session.connection().execute(newest).scalars())


def matters(session: Session, window: Window) -> Any:
    """One row a matter: its codes and what it adds to each figure, nothing for none: that is summed the fastest."""
    each = _each(session, window)
    standing = STROKE.alias("standing")
    joined = each.join(
        standing, and_(standing.c.petition == each.c.petition, standing.c.position == each.c.latest)
    )
    hidden = standing.c.sealed.is_(True)
    if window.guards:
        hidden = or_(hidden, standing.c.guarded.is_(True))
    if window.waits:
        is_new = and_(standing.c.state == State.RECEIVED, standing.c.finish_due.is_(None))
        hidden = or_(hidden, and_(is_new, standing.c.kind.in_(sorted(TELLING))))
    groups = [
        case((hidden, SEALED), else_=func.coalesce(standing.c[column], UNKNOWN)).label(group)
        for group, column in COLUMNS.items()
    ]
    kept = [standing.c[name] for name in ("villager", "received_at", "late_from", "finish_due", "state")]
    stands = _stands(each, standing, window)
    figures = [
        _added(name, figure, each, stands).label(name)
        for name, figure in FIGURES.items()
        if figure.how is not How.PERSONS
    ]
    return sqlalchemy.select(each.c.petition, *kept, *groups, *figures).select_from(joined).cte("matter")


def _each(session: Session, window: Window) -> Any:
    """Every matter the window touches, with its last stroke and what happened to it within."""
    newer = _newer(window) if window.up_to < latest_event(session) else None
    touched = (
        sqlalchemy.select(
            STROKE.c.petition,
            func.max(STROKE.c.position).label("latest"),
            _last(_END, window).label("ended"),
            _last(_ANSWER, window).label("answered"),
            *(_within(FIGURES[name], window).label(name) for name in _WITHIN),
        )
        .select_from(_beside_newer(STROKE, STROKE.c.petition, newer))
        .where(STROKE.c.at >= window.since - FIRST_CONTACT, *_seen(STROKE, window, newer))
        .group_by(STROKE.c.petition)
        .cte("touched")
    )
    stood = _open_at(window, newer).subquery("stood")
    earlier = STROKE.alias("earlier")
    latest = (
        sqlalchemy.select(earlier.c.position)
        .where(earlier.c.petition == stood.c.id, *_seen(earlier, window, newer))
        .order_by(earlier.c.position.desc())
        .limit(1)
        .correlate_except(earlier)
        .scalar_subquery()
    )
    # Where nothing came since, the row itself says which stroke is its last.
    is_latest = [stood.c.latest_at < window.until, *([] if newer is None else [newer.c.first.is_(None)])]
    untouched = (
        sqlalchemy.select(
            stood.c.id,
            case((and_(*is_latest), stood.c.position), else_=latest),
            cast(null(), BigInteger),
            cast(null(), BigInteger),
            *(cast(null(), BigInteger) for _ in _WITHIN),
        )
        .select_from(_beside_newer(stood, stood.c.id, newer))
        .where(stood.c.id.not_in(sqlalchemy.select(touched.c.petition)))
    )
    return sqlalchemy.union_all(sqlalchemy.select(touched), untouched).cte("each_matter")


def _beside_newer(table: Any, petition: Any, newer: Any) -> Any:
    return table if newer is None else table.outerjoin(newer, newer.c.petition == petition)


def _seen(stroke: Any, window: Window, newer: Any) -> list[ColumnElement[bool]]:
    """Whether a window knows a stroke."""
    seen = [stroke.c.at < window.until]
    return seen if newer is None else [*seen, or_(newer.c.first.is_(None), stroke.c.position < newer.c.first)]


def _last(codes: Mapping[tuple[str, str], int], window: Window) -> ColumnElement[Any]:
    """Of the last such stroke within the window its position and, in the last digits, which it was."""
    which = case(*((and_(STROKE.c.kind == kind, _SAID[said]), code) for (kind, said), code in codes.items()))
    kinds = sorted({kind for kind, _ in codes})
    wanted = and_(STROKE.c.kind.in_(kinds), STROKE.c.at >= window.since)
    return func.max(STROKE.c.position * DIGITS + which).filter(wanted)


def _open_at(window: Window, newer: Any) -> Any:
    """The rows of what may be open when the window ends; each part is found by an index."""
    petition = Petition.__table__  # type: ignore[attr-defined] # sqlmodel gives every table one
    found = sqlalchemy.select(petition.c.id, petition.c.position, petition.c.latest_at)
    known = found.where(petition.c.received_at < window.until)
    parts = [
        known.where(petition.c.state.in_(list(OPEN))),
        known.where(petition.c.closed_at >= window.until),
    ]
    if newer is not None:
        parts.append(found.join(newer, newer.c.petition == petition.c.id))
    return sqlalchemy.union(*parts)


def _newer(window: Window) -> Any:
    """Of matters with events written after the ledger stood as the window knows it: the first of these."""
    event = PetitionEvent.__table__  # type: ignore[attr-defined] # as above
    found = sqlalchemy.select(event.c.petition, func.min(event.c.position).label("first"))
    return found.where(event.c.id > window.up_to).group_by(event.c.petition).cte("newer")


def _within(figure: Figure, window: Window) -> ColumnElement[Any]:
    """One where a matter had such an event within the window, or how often."""
    # Which event it was is asked first: most strokes are none of these, and a database stops at the first no.
    wanted = [STROKE.c.kind.in_(sorted(verb.value for verb in figure.events))] if figure.events else []
    wanted += [STROKE.c[figure.only].is_(True)] if figure.only else []
    counted = func.max(1) if figure.how is How.ONCE else func.count()
    return counted.filter(*wanted, STROKE.c.at >= window.since)


def _added(
    name: str, figure: Figure, each: Any, stands: dict[str, ColumnElement[bool]]
) -> ColumnElement[Any]:
    if name in _WITHIN:
        return each.c[name]  # type: ignore[no-any-return] # a column of a common table expression is Any
    if figure.how is How.STANDING:
        holds = stands[figure.only]
    elif figure.how is How.LAST_END:
        holds = _was(each.c.ended, _END, figure)
    else:
        holds = _was(each.c.answered, _ANSWER, figure)
    return case((holds, 1))


def _was(last: Any, codes: Mapping[tuple[str, str], int], figure: Figure) -> ColumnElement[bool]:
    """Whether the last stroke of `codes` is one that the figure counts."""
    counted = [
        code
        for (kind, said), code in codes.items()
        if Verb(kind) in figure.events and figure.only in ("", said)
    ]
    return (last % DIGITS).in_(counted)  # type: ignore[no-any-return] # as above


def _stands(each: Any, standing: Any, window: Window) -> dict[str, ColumnElement[bool]]:
    """How a matter stands when the window ends."""
    is_open = standing.c.state.in_(list(OPEN))
    received = standing.c.received_at
    day = FIRST_CONTACT // MICROSECOND
    in_time = and_(
        standing.c.contacted_at.is_not(None),
        type_coerce(standing.c.contacted_at, BigInteger) <= type_coerce(received, BigInteger) + day,
    )
    ran_out = and_(received >= window.since - FIRST_CONTACT, received < window.until - FIRST_CONTACT)
    return {
        "open": is_open,
        "late": standing.c.late_from < window.until,
        # A date that passed while the clock stood still is no date that runs out: `late_from` knows neither then.
        "due": and_(
            standing.c.stopped_at.is_(None),
            standing.c.late_from >= window.until,
            standing.c.late_from < window.due_until,
        ),
        "contact_due": and_(ran_out, or_(in_time, standing.c.ended_early.is_(False))),
        "contacted": and_(ran_out, in_time),
        "in_work": or_(is_open, each.c.ended.is_not(None)),
    }
