"""Study for a whole county: planning 63,636 members, who is due among many rows, and the platforms' limits kept.

`LIANXIN_BENCH_LETTERS=63636` delivers to all; PostgreSQL is measured where LIANXIN_TEST_POSTGRESQL names one.
"""

import asyncio
import os
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter, thread_time
from typing import Any

from sqlalchemy import insert, literal, select, update
from sqlmodel import col

from bot.application import Service, prepare
from bot.demo import demo_settings
from bot.simulator.wechat import QUOTAS
from models.base import Session
from models.key import seal
from models.member import Member
from models.study.course import Course, Lesson
from models.study.due import Due, due_ids
from models.study.subscription import Subscription
from models.villager import Villager
from scheduler.study import plan, sweep
from tests.postgresql import SERVER, fresh_postgresql
from tests.world import SHANGHAI, TestClock, World, make_template, start

MEMBERS, BRANCHES = 63_636, 2_010
SLICE = 1_000
KINDS = ("ordinary",) * 6 + ("away", "affiliated", "aged", "unlettered")
ROUNDS = 201
DUE = 500  # rows that are due, among few and among many
DAY = date(2026, 12, 1)
BEGIN = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
LETTERS = int(
    os.environ.get("LIANXIN_BENCH_LETTERS", "5000")
)  # 63636 takes a quarter of an hour of a processor
A_MINUTE = QUOTAS["/cgi-bin/message/subscribe/bizsend"].a_minute  # above it the simulator refuses, 45011


def main() -> int:
    print(f"{'':<44}{'measured':>12}{'goal':>10}")
    with tempfile.TemporaryDirectory() as folder:
        service = _service(Path(folder), "sqlite:///lianxin.db")
        _row("memory of the service before planning", _megabytes(), "MB")
        _planning(service, "SQLite", 60)
        _row("memory at its most after it", _megabytes(), "MB", 300)
    if os.environ.get(SERVER):
        with fresh_postgresql() as url, tempfile.TemporaryDirectory() as folder:
            _planning(_service(Path(folder), url), "PostgreSQL", 30)
    with tempfile.TemporaryDirectory() as folder:
        _who_is_due(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_delivery(Path(folder)))
    return 0


def _row(what: str, value: float, unit: str, goal: float | None = None) -> None:
    print(f"{what:<44}{value:>9.1f} {unit:<3}{'' if goal is None else f'{goal:g} {unit}':>9}", flush=True)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _service(folder: Path, url: str) -> Service:
    service = prepare(demo_settings(folder, 1, database_url=url), TestClock(BEGIN).now)
    with service.database.transaction() as session:
        for first in range(0, MEMBERS, SLICE):
            session.execute(insert(Member), list(_members(first, min(first + SLICE, MEMBERS))))
    return service


def _members(first: int, last: int) -> Iterator[dict[str, object]]:
    for number in range(first, last):
        yield {
            "code": f"M{number:06}",
            "name": b"",
            "phone": b"",
            "location": b"",
            "branch": f"B{number % BRANCHES:04}",
            "kind": KINDS[number % len(KINDS)],
            "zone": "Europe/Berlin" if number % 50 == 0 else "Asia/Shanghai",
            "ways": ["wechat", "visit"],
            "joined_on": date(2026, 1, 1),
            "by_ear": False,
        }


def _lesson(session: Session, number: int) -> Lesson:
    course = session.get(Course, 1) or Course(county="-", name="bench", began_on=DAY)
    session.add(course)
    session.flush()
    lesson = Lesson(
        course=course.id or 0,
        number=number,
        audience="* * *",
        title="bench",
        day=DAY,
        hour=time(9),
        text="bench",
        audio="https://study.example.org/1.mp3",
        changed_at=BEGIN,
    )
    session.add(lesson)
    session.flush()
    return lesson


def _planning(service: Service, name: str, goal: float) -> None:
    with service.database.transaction() as session:
        _lesson(session, 1)
    before = perf_counter()
    made = plan(service.station, BEGIN, lambda count: print(f"\r{count} rows", end="", file=sys.stderr))
    took = perf_counter() - before
    assert made == MEMBERS
    print("\r", end="", file=sys.stderr)
    _row(f"planning a lesson for {made:,} members, {name}", took, "s", goal)
    _close(service)


def _who_is_due(folder: Path) -> None:
    """The same number due, among 10,000 and among 1,000,000 rows on file.

    Asked in turn, told by the lower quartile of a processor's time: what a busy machine adds is no cost of the look.
    """
    services = {rows: _filed(folder / str(rows), rows) for rows in (10_000, 1_000_000)}
    costs: dict[int, list[float]] = {rows: [] for rows in services}
    for _ in range(ROUNDS):
        for rows, service in services.items():
            costs[rows].append(_seconds_to_ask(service))
    few, many = (quantiles(runs, n=4)[0] for runs in costs.values())
    for rows, seconds in zip(costs, (few, many), strict=True):
        _row(f"who is due: {DUE} among {rows:,} rows", seconds * 1000, "ms")
    _row("who is due: many rows beside few", many / few, "x", 1.5)
    for service in services.values():
        _close(service)


def _filed(folder: Path, rows: int) -> Service:
    """A county with so many rows of study on file, of which some are due."""
    folder.mkdir()
    service, lessons = _service(folder, "sqlite:///lianxin.db"), -(-rows // MEMBERS)
    with service.database.transaction() as session:
        for number in range(1, lessons + 1):
            _file(session, _lesson(session, number), rows // lessons)
        first = select(col(Due.id)).order_by(col(Due.id)).limit(DUE)
        session.execute(update(Due).values(next_at=None))
        session.execute(update(Due).where(col(Due.id).in_(first)).values(next_at=BEGIN))
    return service


def _file(session: Session, lesson: Lesson, rows: int) -> None:
    """Rows that ended long ago."""
    known = select(col(Due.member)).where(col(Due.lesson) == lesson.id)
    columns: dict[str, Any] = {
        "county": literal("-"),
        "month": literal(202612),
        "member": col(Member.code),
        "lesson": literal(lesson.id),
        "course": literal(lesson.course),
        "number": literal(lesson.number),
        "version": literal(1),
        "branch": col(Member.branch),
        "day": literal(DAY),
        "standing": literal("arrived"),
        "tries": literal(1),
    }
    source = select(*columns.values()).where(col(Member.code).not_in(known)).limit(rows)
    session.execute(insert(Due).from_select(list(columns), source))


def _seconds_to_ask(service: Service) -> float:
    with service.database.reading() as session:
        before = thread_time()
        found = due_ids(session, BEGIN + timedelta(hours=1), DUE + 1)
        took = thread_time() - before
    assert len(found) == DUE
    return took


async def _delivery(folder: Path) -> None:
    """One lesson as subscription notices, minute by minute as the plan spreads it."""
    world = await _county(folder)
    service, simulator = world.service, world.simulator
    before = perf_counter()
    plan(service.station, BEGIN)
    attended = 0.0
    a_minute: Counter[int] = Counter()
    for minute in range(75):
        world.clock.at = BEGIN + timedelta(minutes=minute)
        started = perf_counter()
        sweep(service.station, world.clock.at)
        attended += perf_counter() - started
        sent = len(simulator.called(NOTICE_PATH))
        await world.tick()
        a_minute[minute] = len(simulator.called(NOTICE_PATH)) - sent
    took = perf_counter() - before
    calls = simulator.called(NOTICE_PATH)
    refused = sum(call.errcode != 0 for call in calls)
    _row(f"{len(calls):,} notices, planned to delivered", took, "s")
    _row("of it deciding, for each", attended / max(1, len(calls)) * 1000, "ms")
    _row("in the busiest minute of the platform's clock", max(a_minute.values()), "", A_MINUTE)
    _row("refused for rate or otherwise", refused, "", 0)
    await world.close()


NOTICE_PATH = "/cgi-bin/message/subscribe/bizsend"


async def _county(folder: Path) -> World:
    (folder / "template").mkdir()
    (folder / "world").mkdir()
    template = make_template(folder / "template")
    further = {"wechat": {"templates": {"study_reminder": "study"}}}
    world = await start(template, folder / "world", TestClock(BEGIN - timedelta(days=1)), further=further)
    world.simulator.template("study", "study", ("thing1",))
    at = world.clock.now()
    with world.service.database.transaction() as session:
        secret = world.service.knowledge.keys(session, at).secret(session, 1)
        for first in range(0, LETTERS, SLICE):
            people = list(enumerate(_members(first, min(first + SLICE, LETTERS)), start=first + 1))
            villagers = [_villager(number, secret, at) for number, _ in people]
            consents = [
                {"villager": number, "template": "study", "left": 1, "changed_at": at} for number, _ in people
            ]
            members = [row | {"villager": number, "kind": "ordinary"} for number, row in people]
            for table, rows in ((Villager, villagers), (Subscription, consents), (Member, members)):
                session.execute(insert(table), rows)
        _lesson(session, 1)
    for number in range(1, LETTERS + 1):
        world.simulator.villager(_openid(number)).consents["study"] = 1
    return world


def _openid(number: int) -> str:
    return f"oBENCH{number:022}"


def _villager(number: int, secret: bytes, at: datetime) -> dict[str, object]:
    return {
        "id": number,
        "key_id": 1,
        "channel": "wechat",
        "address_hash": f"{number:064}",
        "address_sealed": seal(secret, _openid(number), "address"),
        "made_at": at,
        "followed": True,
        "anonymous": False,
        "window_left": 0,
        "name_sealed": b"",
        "phone_sealed": b"",
    }


def _close(service: Service) -> None:
    service.writer.close()
    service.database.close()


if __name__ == "__main__":
    raise SystemExit(main())
