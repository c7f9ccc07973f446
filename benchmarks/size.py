"""What many petitions on file cost: intake and sweeps beside the same with few, and beside raw SQL. On SQLite.

`LIANXIN_BENCH_PETITIONS` is how many is many (default 100,000; the goal speaks of 1,000,000, which takes some
minutes and 4 GB).
"""

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.callback import PLACES, WORDS
from benchmarks.figure import note
from bot.application import Service, prepare
from bot.demo import demo_settings, load_sample
from handlers import intake
from handlers.turn import Mail
from models.petition import due_ids
from scheduler.petition import BATCH, sweep
from tests.world import MONDAY_MORNING, TestClock, free_port

MANY = int(os.environ.get("LIANXIN_BENCH_PETITIONS", "100000"))
FEW = 10_000
FIRST = 313  # decided by the service; doubled five times they are few
DUE = 1000
TURNS = 30
TOGETHER = 48
FAR = MONDAY_MORNING + timedelta(days=30)
# Tables of one message, each with what has to differ from copy to copy.
COPIED = {
    "key": {"id": "id + :by"},
    "villager": {"id": "id + :by", "key_id": "key_id + :by", "address_hash": "hex(randomblob(32))"},
    "petition": {
        "id": "id + :by",
        "number": "CAST(900000000 + id + :by AS TEXT)",  # nine digits, as the service gives none
        "villager": "villager + :by",
        "key_id": "key_id + :by",
    },
    "text": {"id": "id + :by", "key_id": "key_id + :by"},
    "message": {
        "id": "id + :by",
        "key": "hex(randomblob(32))",
        "villager": "villager + :by",
        "petition": "petition + :by",
        "text": "text + :by",
        "key_id": "key_id + :by",
    },
    "petition_event": {"id": "id + :by", "petition": "petition + :by"},
    "tally": {"petition": "petition + :by", "villager": "villager + :by"},
}


def _service(folder: Path, petitions: int) -> Service:
    """A county with so many petitions on file: some real ones, doubled until it is enough."""
    folder.mkdir()
    service = prepare(demo_settings(folder, free_port()), TestClock().now)
    load_sample(service)
    decide(service, 0, FIRST)
    file = str(service.database.url.database)
    with sqlite3.connect(file, isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("UPDATE petition SET next_at = ?", (_stored(FAR),))
        while connection.execute("SELECT count(*) FROM petition").fetchone()[0] < petitions:
            _double(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    service.database.engine.dispose()
    return service


def _double(connection: sqlite3.Connection) -> None:
    """Every petition once more, with all that belongs to it."""
    tops = [connection.execute(_HIGHEST.format(table=table, id=_id(table))).fetchone()[0] for table in COPIED]
    connection.execute("BEGIN")
    for table, differs in COPIED.items():
        columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
        names = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(differs.get(name, f'"{name}"') for name in columns)
        connection.execute(_COPY.format(table=table, names=names, values=values), {"by": max(tops)})
    connection.execute("COMMIT")


_HIGHEST = 'SELECT max({id}) FROM "{table}"'
_COPY = 'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}"'


def _id(table: str) -> str:
    return "petition" if table == "tally" else "id"


def _stored(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def decide(service: Service, first: int, many: int) -> None:
    """So many messages of new people, batch by batch, as the writer does it."""
    for start in range(first, first + many, TOGETHER):
        mails = [
            Mail(
                "wechat", f"oSIZE{index:023}", str(index), "text", text=WORDS.format(place=PLACES[index % 5])
            )
            for index in range(start, min(start + TOGETHER, first + many))
        ]
        with service.database.transaction(hurried=True) as session:
            at = service.clock()
            county = service.knowledge.county(session, at)
            intake.read_ahead(session, county, mails)
            for mail in mails:
                intake.receive(session, county, mail, at, service.chinese.reply)


def _taken(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _intake(few: Service, many: Service) -> None:
    """Batch by batch in turn, so that what else the machine does meets both alike; by wall and by processor time."""
    walls: dict[str, list[float]] = {"few": [], "many": []}
    processor: dict[str, list[float]] = {"few": [], "many": []}
    for turn in range(TURNS):
        first = 10**6 + turn * TOGETHER
        for name, service in (("few", few), ("many", many)):
            began = time.process_time()
            walls[name].append(_taken(partial(decide, service, first, TOGETHER)))
            processor[name].append(time.process_time() - began)
    ratio, spent = (median(one["few"]) / median(one["many"]) for one in (walls, processor))
    note(f"intake with {MANY} petitions, by rate", ratio, f"with {FEW}", 0.9)
    print(
        f"intake with {MANY} petitions against {FEW}: {ratio:.2f} of the rate, {spent:.2f} by processor time (goal 0.9)"
        f", {median(processor['many']) / TOGETHER * 1e3:.2f} ms of a processor a message, load {os.getloadavg()[0]:.1f}"
    )


def _sweeps(many: Service) -> None:
    at = MONDAY_MORNING + timedelta(hours=1)
    file = str(many.database.url.database)
    raw = sqlite3.connect(file, isolation_level=None)
    raw.execute("UPDATE petition SET next_at = ?", (_stored(FAR),))
    statement = "SELECT id FROM petition WHERE next_at <= ? ORDER BY next_at LIMIT ?"
    idle = min(_taken(lambda: sweep(many.station, at)) for _ in range(50))
    idle_raw = min(_taken(lambda: raw.execute(statement, (_stored(at), BATCH)).fetchall()) for _ in range(50))
    some = "UPDATE petition SET next_at = ? WHERE id IN (SELECT id FROM petition WHERE abs(random()) % ? = 0 LIMIT ?)"
    raw.execute(some, (_stored(at), MANY // DUE // 2, DUE))

    def look() -> None:
        with many.database.reading() as session:
            assert len(due_ids(session, at, MANY)) == DUE

    ours = min(_taken(look) for _ in range(20))
    bare = min(_taken(lambda: raw.execute(statement, (_stored(at), MANY)).fetchall()) for _ in range(20))
    raw.close()
    print(
        f"nothing due among {MANY}: a whole sweep {idle * 1e3:.2f} ms (goal 1), raw SQL {idle_raw * 1e3:.3f} ms"
    )
    note(f"{DUE} due among {MANY}, found", ours / bare, "raw SQL", 3, most=True)
    print(
        f"{DUE} due among {MANY}: found in {ours * 1e3:.2f} ms, raw SQL {bare * 1e3:.2f} ms:"
        f" {ours / bare:.1f} x (goal 3)"
    )


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        begun = time.perf_counter()
        few, many = _service(Path(made) / "few", FEW), _service(Path(made) / "many", MANY)
        print(
            f"{FEW} and {MANY} petitions on file after {time.perf_counter() - begun:.0f} s;"
            f" load {os.getloadavg()[0]:.1f}"
        )
        _intake(few, many)
        _sweeps(many)
        for service in (few, many):
            service.writer.close()
            service.database.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
