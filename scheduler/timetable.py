"""Every job and its hour on one page; the only file that knows APScheduler.

Jobs live in memory and are declared anew at each start: the database remembers, the scheduler is only the bell.
"""

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Job = Callable[[], Awaitable[object]]
EVERY = {
    "petitions": 2,
    "media": 2,
    "letters": 1,
    "daily": 60,
}  # seconds; an idle look costs one index lookup


def timetable(zone: ZoneInfo, jobs: dict[str, Job]) -> AsyncIOScheduler:
    """A started scheduler. A job that is still running is not started twice; missed bells ring once."""
    scheduler = AsyncIOScheduler(timezone=zone)
    for name, job in jobs.items():
        scheduler.add_job(
            job,
            "interval",
            seconds=EVERY.get(name, 60),
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    scheduler.start()
    return scheduler


def stop(scheduler: AsyncIOScheduler) -> None:
    scheduler.shutdown(wait=False)
