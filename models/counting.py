"""Sums a window from the tally: one statement, and the database does it all.

Which matters a window touches: those with a stroke in it or in the day before (their first 24 hours may run out in
it), and those open when it ends. Of each the last stroke before the end says how it stands. What the figures mean is
`models.figure`; that they are right is tested against `models.weighing` over random histories.
"""

from typing import Any

import sqlalchemy
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
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
from models.petition import OPEN, Petition, State
from models.stroke import MICROSECOND, STROKE
from models.tally import Tally, latest_event
from models.weighing import GROUPS, SEALED, TELLING, UNKNOWN, Window

PEOPLE = "people"
COLUMNS = {"place": "place", "office": "office", "category": "leaf"}
_WITHIN = [name for name, figure in FIGURES.items() if figure.how in (How.ONCE, How.TIMES)]
_SUMMED = [name for name, figure in FIGURES.items() if figure.how is not How.PERSONS]


def count(session: Session, window: Window) -> Tally:
    """The figures of a window, in all and by each group."""
    matter = matters(session, window)
    sums = [func.coalesce(func.sum(matter.c[name]), 0).label(name) for name in _SUMMED]
    persons = case((matter.c.new > 0, matter.c.villager))
    sums.append(func.count(sqlalchemy.distinct(persons)).label(PEOPLE))
    nothing = [literal(0).label(name) for name in _SUMMED]
    everybody = sqlalchemy.select(literal("").label("part"), literal("").label("code"), *nothing, sums[-1])
    parts: list[Any] = [everybody]
    parts += [
        sqlalchemy.select(literal(group), matter.c[group], *sums).group_by(matter.c[group])
        for group in GROUPS
    ]
    tally = Tally(window)
    for part, code, *numbers in session.connection().execute(sqlalchemy.union_all(*parts)):
        figures = dict(zip((*_SUMMED, PEOPLE), map(int, numbers), strict=True))
        tally.take(part, code, figures)
        if part == GROUPS[0]:  # each matter stands in one row of every group: their sum is all of them
            tally.take("", "", {name: figures[name] for name in _SUMMED})
    return tally


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
    """One row a matter: its codes and what it adds to each figure."""
    each = _each(session, window)
    standing, end, answer = (STROKE.alias(name) for name in ("standing", "last_end", "last_answer"))
    joined = (
        each.join(standing, _is(standing, each.c.petition, each.c.latest))
        .outerjoin(end, _is(end, each.c.petition, each.c.ended))
        .outerjoin(answer, _is(answer, each.c.petition, each.c.answered_at))
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
        _added(name, figure, each, end, answer, stands).label(name)
        for name, figure in FIGURES.items()
        if figure.how is not How.PERSONS
    ]
    return sqlalchemy.select(each.c.petition, *kept, *groups, *figures).select_from(joined).cte("matter")


def _is(stroke: Any, petition: Any, position: Any) -> ColumnElement[bool]:
    return and_(stroke.c.petition == petition, stroke.c.position == position)


def _each(session: Session, window: Window) -> Any:
    """Every matter the window touches, with its last stroke and what happened to it within."""
    stroke = STROKE
    seen = [stroke.c.at < window.until]
    source: Any = stroke
    newer: Any = None
    if window.up_to < latest_event(session):
        newer = _newer(window)
        source = stroke.outerjoin(newer, newer.c.petition == stroke.c.petition)
        seen.append(or_(newer.c.first.is_(None), stroke.c.position < newer.c.first))
    inside = stroke.c.at >= window.since
    of_end = and_(inside, stroke.c.kind.in_([verb.value for verb in ENDS]))
    of_answer = and_(inside, stroke.c.kind.in_([verb.value for verb in ANSWERS]))
    touched = (
        sqlalchemy.select(
            stroke.c.petition,
            func.max(stroke.c.position).label("latest"),
            func.max(case((of_end, stroke.c.position))).label("ended"),
            func.max(case((of_answer, stroke.c.position))).label("answered_at"),
            *(_within(FIGURES[name], inside).label(name) for name in _WITHIN),
        )
        .select_from(source)
        .where(stroke.c.at >= window.since - FIRST_CONTACT, *seen)
        .group_by(stroke.c.petition)
        .cte("touched")
    )
    open_then = _open_at(window, newer).subquery("open_then")
    earlier = STROKE.alias("earlier")
    before = [earlier.c.petition == open_then.c.id, earlier.c.at < window.until]
    rows: Any = open_then
    if newer is not None:
        rows = open_then.outerjoin(newer, newer.c.petition == open_then.c.id)
        before.append(or_(newer.c.first.is_(None), earlier.c.position < newer.c.first))
    latest = sqlalchemy.select(earlier.c.position).where(*before).order_by(earlier.c.position.desc()).limit(1)
    untouched = sqlalchemy.select(
        open_then.c.id,
        latest.correlate_except(earlier).scalar_subquery(),
        cast(null(), BigInteger),
        cast(null(), BigInteger),
        *(literal(0) for _ in _WITHIN),
    )
    untouched = untouched.select_from(rows).where(
        open_then.c.id.not_in(sqlalchemy.select(touched.c.petition))
    )
    return sqlalchemy.union_all(sqlalchemy.select(touched), untouched).cte("each_matter")


def _open_at(window: Window, newer: Any) -> Any:
    """The ids of what may be open when the window ends; each part is found by an index alone."""
    petition = Petition.__table__  # type: ignore[attr-defined] # sqlmodel gives every table one
    known = sqlalchemy.select(petition.c.id).where(petition.c.received_at < window.until)
    parts = [
        known.where(petition.c.state.in_(list(OPEN))),
        known.where(petition.c.closed_at >= window.until),
    ]
    if newer is not None:
        parts.append(sqlalchemy.select(newer.c.petition))
    return sqlalchemy.union(*parts)


def _newer(window: Window) -> Any:
    """Of matters with events written after the ledger stood as the window knows it: the first of these."""
    event = PetitionEvent.__table__  # type: ignore[attr-defined] # as above
    found = sqlalchemy.select(event.c.petition, func.min(event.c.position).label("first"))
    return found.where(event.c.id > window.up_to).group_by(event.c.petition).cte("newer")


def _within(figure: Figure, inside: ColumnElement[bool]) -> ColumnElement[Any]:
    """One where a matter had such an event within the window, or how often."""
    wanted = inside
    if figure.events:
        wanted = and_(wanted, STROKE.c.kind.in_(sorted(verb.value for verb in figure.events)))
    if figure.only:
        wanted = and_(wanted, STROKE.c[figure.only].is_(True))
    summed = func.max if figure.how is How.ONCE else func.sum
    return summed(case((wanted, 1), else_=0))


def _added(
    name: str, figure: Figure, each: Any, end: Any, answer: Any, stands: dict[str, ColumnElement[bool]]
) -> ColumnElement[Any]:
    if name in _WITHIN:
        return each.c[name]  # type: ignore[no-any-return] # a column of a common table expression is Any
    if figure.how is How.STANDING:
        holds = stands[figure.only]
    elif figure.how is How.LAST_END:
        in_time = {"": true(), "in_time": end.c.in_time.is_(True), "too_late": end.c.in_time.is_(False)}
        holds = and_(_kind_in(end, figure), in_time[figure.only])
    else:
        holds = _kind_in(answer, figure)
        if figure.only:
            holds = and_(holds, answer.c.mark == cast(figure.only, String))
    return case((holds, 1), else_=0)


def _kind_in(stroke: Any, figure: Figure) -> ColumnElement[bool]:
    return stroke.c.kind.in_(sorted(verb.value for verb in figure.events))  # type: ignore[no-any-return] # as above


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
