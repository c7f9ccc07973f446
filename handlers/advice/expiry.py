"""Answers that run out: whoever answers for them hears two weeks before, and again when they are no longer told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from handlers.county import County
from handlers.notices import TO_OFFICER
from models import letter as outbox
from models.advice import Advice, running_out
from models.base import Session
from models.duty import duty_desk
from models.office import Office
from models.officer import Officer, day_of, officers
from models.wording import Wording

SOON = timedelta(days=14)


def tell_offices(session: Session, county: County, at: datetime) -> int:
    """One letter an office and stage; how many rows are out of date or nearly."""
    today = day_of(at)
    rows = running_out(session, today + SOON)
    for office, of_office in groupby(rows, key=lambda row: row.office):
        mine = list(of_office)
        _tell(session, county, office, [row for row in mine if row.valid_until < today], at, over=True)
        _tell(session, county, office, [row for row in mine if row.valid_until >= today], at, over=False)
    return len(rows)


def _tell(
    session: Session, county: County, office: str, rows: Sequence[Advice], at: datetime, *, over: bool
) -> None:
    if not rows:
        return
    until, codes = min(row.valid_until for row in rows), [row.code for row in rows]
    known = session.get(Office, office)
    for officer in _answerable(session, office, at):
        outbox.post(
            session,
            county.keys,
            occasion=f"advice:{office}:{'over' if over else 'soon'}:{max(row.valid_until for row in rows)}",
            to=("officer", officer.account),
            channels=TO_OFFICER,
            wording=Wording.ADVICE_RUNS_OUT,
            fields={
                "office": known.name if known else "",
                "codes": codes,
                "over": over,
                "until": until.isoformat(),
            },
            county=county.code,
            at=at,
            not_before=county.task_time(at),
        )


def _answerable(session: Session, office: str, at: datetime) -> list[Officer]:
    """Who has nobody above him in his own office; where nobody is left, the duty desk."""
    people = [one for one in officers(session) if one.office == office]
    accounts = {one.account for one in people}
    heads = [one for one in people if one.superior not in accounts]
    if heads or people:
        return heads or people[:1]
    known = session.get(Office, office)
    return duty_desk(session, known.place if known else None, at).officers[:1]
