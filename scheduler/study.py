"""Who is due: lessons planned in slices, then the next way for every row whose hour has come; O(due)."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import structlog

from handlers.county import County
from handlers.study import notices
from handlers.study.planning import plan_slice
from handlers.study.ways import attend
from models.base import Session
from models.study.course import Lesson, to_plan
from models.study.due import Due, due_ids, take
from models.study.notice import has_notices
from models.study.planning import with_all_near
from scheduler.station import Station

log = structlog.get_logger(__name__)
MORNING = 8  # of the county's clock
BATCH = 50  # rows in one transaction: villagers' messages wait no longer than that
Progress = Callable[[int], None]


def bring(station: Station, at: datetime) -> dict[str, int]:
    """Plans what was added or changed, then begins what is due; how much of what."""
    done = Counter({"planned": plan(station, at)})
    done.update(sweep(station, at))
    done["noticed"] = publish(station, at)
    return dict(+done)


def publish(station: Station, at: datetime) -> int:
    """The notice of the month that is over, on its first working day at eight or whenever the service is back."""
    with station.database.reading() as session:
        county = station.county(session, at)
        local = at.astimezone(county.zone)
        ready = local.hour >= MORNING and county.working.is_workday(local.date())
        first, _ = notices.month_before(local.date())
        if not ready or has_notices(session, first.year * 100 + first.month):
            return 0
    with station.database.transaction() as session:
        return notices.publish(session, station.county(session, at), local.date(), at)


def plan(station: Station, at: datetime, progress: Progress = lambda _: None) -> int:
    """Makes the missing rows of every lesson to be planned, a slice a transaction; how many were made."""
    made = 0
    with station.database.reading() as session:
        waiting = to_plan(session)
    for identity in waiting:
        while not station.is_stopping():
            with station.database.transaction() as session:
                lesson = session.get(Lesson, identity, with_for_update=True)
                if lesson is None or lesson.planned_to is None:
                    break
                made += plan_slice(session, station.county(session, at), lesson, at)
            progress(made)
    return made


def sweep(station: Station, at: datetime) -> dict[str, int]:
    """The next way for everything that is due at `at`."""
    done: Counter[str] = Counter()
    failed: set[int] = set()
    while not station.is_stopping():
        with station.database.reading() as session:
            waiting = [one for one in due_ids(session, at, BATCH + len(failed)) if one not in failed]
        taken = _batch(station, waiting, at, done, failed) if waiting else 0
        if not taken:  # none is left, or another scheduler is at them
            break
    return _told(done)


def _told(done: Counter[str]) -> dict[str, int]:
    return {word: count for word, count in done.items() if word and count}


def _batch(station: Station, waiting: list[int], at: datetime, done: Counter[str], failed: set[int]) -> int:
    with station.database.transaction() as session:
        county = station.county(session, at)
        rows = take(session, waiting, at)
        _held = with_all_near(session, rows)
        for due in rows:
            identity = due.identity
            try:
                with session.begin_nested():
                    done[_attended(session, county, due, at)] += 1
            except Exception as error:  # noqa: BLE001 - one row must not hold up the others
                failed.add(identity)
                done["failed"] += 1
                log.error("study row not attended", due=identity, error=type(error).__name__)  # noqa: TRY400 - no text
        return len(rows)


def _attended(session: Session, county: County, due: Due, at: datetime) -> str:
    """What was done about a row. What waits is not told: a pause after danger must not show in a count."""
    word = attend(session, county, due, at)
    session.flush()
    return "" if word == "put_off" else word
