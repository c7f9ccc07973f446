"""Whose hour it is: the digests of what is over, made, stored and posted to the supervisors at 8 on working days."""

from collections import Counter
from datetime import date, datetime, timedelta

import structlog

from handlers.county import County
from handlers.digest.appeal import told_of
from handlers.digest.compose import Basis, basis, compose
from handlers.digest.period import DAY, Kind, Period
from handlers.digest.telling import fields, pictured, wording
from models import checkpoint, digest
from models.base import Session
from models.breakdown import break_down
from models.counting import count
from models.letter import post
from models.officer import Role, officers_with
from models.tally import first_receipt
from models.wording import Wording
from scheduler.station import Station

log = structlog.get_logger(__name__)
TOO_OLD = timedelta(days=3)  # by then another one has come


def publish(station: Station, at: datetime) -> dict[str, int]:
    """Makes every digest that is due and not made yet; how many of each kind."""
    done: Counter[str] = Counter()
    with station.database.reading() as session:
        due = _due(session, station.county(session, at), at)
    for period in due:
        try:
            done[period.kind.value] += _made(station, period, at)
        except Exception as error:  # noqa: BLE001 - the letters of this hour must leave all the same
            done["failed"] += 1
            log.error("digest not made", period=period.kind.value, error=type(error).__name__)  # noqa: TRY400 - no text
    return dict(+done)


def _due(session: Session, county: County, at: datetime) -> list[Period]:
    """What is over and was not sent: the days since the last one, the last week, month, quarter.

    Weeks, months and quarters come on the first working day after they ended, or whenever the service is back.
    Of the time before the first petition there is nothing to tell.
    """
    local = at.astimezone(county.zone)
    today = local.date()
    if local.time() < county.digest_at or not county.working.is_workday(today):
        return []
    first = first_receipt(session)
    newest = digest.newest_made_at(session, at)
    if first is None or (newest is not None and newest > at):  # an earlier instant does nothing more
        return []
    periods = [_days(session, county, first, today, at)]
    periods += [Period.before(kind, today) for kind in (Kind.WEEK, Kind.MONTH, Kind.QUARTER)]
    return [
        period
        for period in periods
        if first < period.until(county.zone) and digest.stored(session, period.kind, period.last, at) is None
    ]


def _days(session: Session, county: County, first: datetime, today: date, at: datetime) -> Period:
    """All days since the last day's digest; the first one begins with the first petition."""
    yesterday = today - DAY
    before = digest.latest_before(session, Kind.DAY, yesterday, at)
    since = before.last + DAY if before else min(first.astimezone(county.zone).date(), yesterday)
    return Period(Kind.DAY, since, yesterday)


def _made(station: Station, period: Period, at: datetime) -> int:
    """One digest: counted from a ledger that was closed for an instant only, then stored and posted at once."""
    with station.database.reading() as session:
        head = checkpoint.now(session)
    with station.database.reading() as session:
        county = station.county(session, at)
        found: Basis = basis(session, county, period, at, head.up_to)
        counted = break_down(session, found.window)
        content = compose(session, county, period, found, at, head.hash, counted.tally)
        drawn, warned = None, []
        if period.kind is not Kind.DAY:
            earlier = count(session, _earlier(county, session, period, found, at).window)
            drawn = pictured(session, county, content, found, counted, earlier)
            warned = (
                told_of(session, county, period, counted.tally, earlier) if period.kind is Kind.MONTH else []
            )
    with station.database.transaction() as session:
        county = station.county(session, at)
        made = digest.store(session, county.code, content, at)
        if made is None:
            return 0
        for officer in officers_with(session, Role.SUPERVISOR):
            post(
                session,
                county.keys,
                occasion=f"digest:{made.hash}",
                to=("officer", officer.account),
                channels=("wecom",),
                wording=wording(period.kind),
                fields=fields(session, county, content, officer.account),
                county=county.code,
                at=at,
                not_before=_leaves(county, at),
                too_late_after=at + TOO_OLD,
            )
            if drawn is not None:
                post(
                    session,
                    county.keys,
                    occasion=f"picture:{made.hash}",
                    to=("officer", officer.account),
                    channels=("picture",),
                    wording=Wording.PICTURE_CHARTS,
                    fields=drawn,
                    county=county.code,
                    at=at,
                    not_before=_leaves(county, at),
                    too_late_after=at + TOO_OLD,
                )
        for account, why in warned:
            post(
                session,
                county.keys,
                occasion=f"warned:{made.hash}",
                to=("officer", account),
                channels=("wecom",),
                wording=Wording.DIGEST_WARNED,
                fields=why,
                county=county.code,
                at=at,
                not_before=_leaves(county, at),
            )
    return 1


def _earlier(county: County, session: Session, period: Period, found: Basis, at: datetime) -> Basis:
    """The period before, counted from the same ledger."""
    return basis(session, county, Period.before(period.kind, period.first), at, found.window.up_to)


def _leaves(county: County, at: datetime) -> datetime:
    """At once; one that was late (the service was down) does not come in the night."""
    evening = county.task_hours is not None and at.astimezone(county.zone).time() >= county.task_hours[1]
    return county.task_time(at) if evening else at
