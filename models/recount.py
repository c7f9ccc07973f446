"""The tally told anew from the ledger: for a database that has none yet, and to find whether it was changed."""

from collections.abc import Iterable, Sequence
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import Any

import sqlalchemy
from sqlalchemy import Connection

from models.base import Session
from models.history import Happening
from models.stroke import BATCH, EVENT, HISTORY, NAMES, PETITION, STROKE, Line, Owned, lines_of, write

_COLUMNS: list[Any] = [sqlalchemy.column(name) for name in NAMES]
_RAW = sqlalchemy.select(*_COLUMNS).select_from(sqlalchemy.table("tally"))


def tallied(session: Session, after: int, last: int | None) -> dict[int, list[Line]]:
    """The strokes there are of the matters above `after` (up to `last`), as they were written."""
    wanted = _RAW.where(sqlalchemy.column("petition") > after)
    if last is not None:
        wanted = wanted.where(sqlalchemy.column("petition") <= last)
    rows = session.connection().execute(wanted.order_by(sqlalchemy.text("petition, position")))
    return {petition: [Line(*one) for one in lines] for petition, lines in groupby(rows, key=itemgetter(0))}


def how_many(session: Session) -> int:
    return (
        session.connection()
        .execute(sqlalchemy.select(sqlalchemy.func.count()).select_from(STROKE))
        .scalar_one()
    )


def fault(of: Owned, events: Iterable[Happening], strokes: Sequence[Line]) -> tuple[int, str] | None:
    """At which event the tally does not say what the ledger says, and how; None: it does, to the unit."""
    for position, (said, known) in enumerate(zip_longest(strokes, lines_of(of, events)), start=1):
        if said != known:
            how = "misses it" if said is None else "has one too many" if known is None else "says otherwise"
            return position, how
    return None


def fill_all(connection: Connection) -> None:
    """Every stroke made anew from the events: for a database that has none yet."""
    connection.execute(sqlalchemy.delete(STROKE))
    after = 0
    while True:
        some = sqlalchemy.select(PETITION).where(PETITION.c.id > after).order_by(PETITION.c.id).limit(BATCH)
        owned = {one.id: Owned(*one) for one in connection.execute(some)}
        if not owned:
            return
        wanted = HISTORY.where(EVENT.c.petition > after, EVENT.c.petition <= max(owned))
        rows = connection.execute(wanted.order_by(EVENT.c.petition, EVENT.c.position)).all()
        made: list[Line] = []
        for petition, events in groupby(rows, key=itemgetter(0)):
            if petition in owned:
                made += lines_of(owned[petition], [Happening(*one[1:]) for one in events])
        write(connection, made)
        after = max(owned)
