"""A month's digest over a large ledger: how long it takes.

20,000 petitions and 100,000 events by default; `LIANXIN_BENCH_FULL=1` makes it 1,000,000 and 5,000,000, three years of
a large county, and `LIANXIN_TEST_POSTGRESQL` adds that database. One month's lives are told by the fold that makes
every stroke; SQL repeats them month after month. That the
figures are right is tested (`tests/handlers/digest/test_histories.py`); this says how fast they come.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, text

from bot.schema import migrate
from models.counting import behind, count
from models.database import Database
from models.history import Happening
from models.ledger import FIRST, PetitionEvent
from models.petition import CLOSED, Petition
from models.stroke import Owned, lines_of, write
from models.tally import latest_event
from models.weighing import Window
from tests.postgresql import SERVER, fresh_postgresql

FULL = os.environ.get("LIANXIN_BENCH_FULL") == "1"
MONTHS = 36 if FULL else 4
PETITIONS = 27_778 if FULL else 5_000  # a month
MONTH = timedelta(days=30)
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
VILLAGERS = 40_000
LEAVES = [f"{top:02}{leaf:02}" for top in range(1, 17) for leaf in range(1, 8)]
GOALS = {"sqlite": 2.0, "postgresql": 1.0}
ROUNDS = 5
FOREIGN_KEYS = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"


def life(petition: int, dice: random.Random) -> list[Happening]:
    """About five events: received, handed out, signed, proposed, answered; a few stay open."""
    at = BEGIN + petition * (MONTH / PETITIONS)
    place = f"YX{dice.randrange(15):02}{dice.randrange(20):02}"
    due = (at + timedelta(days=7)).isoformat()
    told: list[tuple[str, dict[str, Any]]] = [("receive", {"place": place, "leaf": dice.choice(LEAVES)})]
    told += [
        ("assign", {"owner": "o", "office": f"K{dice.randrange(60):02}", "finish_due": due}),
        ("sign", {}),
    ]
    end = dice.random()
    if end < 0.97:
        told += [("propose", {}), ("confirm", {"mark": "satisfied" if end < 0.7 else "mostly"})]
        told += [("reopen", {}), ("propose", {}), ("confirm", {"mark": "mostly"})] if end < 0.02 else []
    elif end < 0.99:
        told += [("propose", {}), ("unanswered", {})]
    elif end < 0.994:
        told += [("propose", {}), ("half", {"mark": "half"})]
    events = []
    for kind, data in told:
        events.append(Happening(0, at, kind, data))
        at += timedelta(hours=dice.choice((1, 3, 12, 40, 70)))
    return events


def lay_out(database: Database) -> tuple[int, int]:
    """Petitions, events and strokes; how many petitions and events."""
    dice = random.Random(7)
    rows: list[dict[str, Any]] = []
    happened: list[dict[str, Any]] = []
    with _bare(database) as connection:
        for petition in range(1, PETITIONS + 1):
            lived = life(petition, dice)
            made = list(lines_of(Owned(petition, petition % VILLAGERS, "YX"), lived))
            write(connection, made)
            last = made[-1]
            closed = lived[-1].at if last.state in CLOSED else None
            rows.append(
                {"id": petition, "county": "YX", "month": 202401, "villager": last.villager, "key_id": 1}
                | {"state": last.state, "received_at": lived[0].at, "closed_at": closed, "number": None}
                | {"position": len(lived), "head": FIRST, "latest_at": lived[-1].at}
            )
            happened += [
                {"id": len(happened) + position, "petition": petition, "position": position, "county": "YX"}
                | {"month": 202401, "at": one.at, "kind": one.kind, "data": one.data}
                | {"previous_hash": FIRST, "hash": FIRST}
                for position, one in enumerate(lived, start=1)
            ]
        for table, values in ((Petition, rows), (PetitionEvent, happened)):
            for first in range(0, len(values), 1000):
                made_rows = [vars(table(**one)) for one in values[first : first + 1000]]
                some = [{name: value for name, value in one.items() if name[0] != "_"} for one in made_rows]
                connection.execute(sqlalchemy.insert(table), some)
        events = len(happened)
        for month in range(1, MONTHS):
            _repeat(connection, "tally", month, events)
            _repeat(connection, "petition", month, events)
            _repeat(connection, "petition_event", month, events)
        connection.commit()
    with _bare(database) as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    return PETITIONS * MONTHS, events * MONTHS


@contextmanager
def _bare(database: Database) -> Iterator[Connection]:
    """A connection that no foreign key holds: there are no people, texts or keys behind these petitions."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
            connection.exec_driver_sql("BEGIN")
        else:
            for table, constraint in connection.execute(text(FOREIGN_KEYS)).all():
                connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"'))
        yield connection


def _repeat(connection: Connection, table: str, month: int, events: int) -> None:
    """The first month's rows once more, so many months later."""
    micros = month * MONTH // timedelta(microseconds=1)
    petition = f"{month * PETITIONS}"
    shifted = {"villager": f"(villager + {month * 7919}) % {VILLAGERS}"}
    if table == "tally":
        times: tuple[str, ...] = ("at", "received_at", "contacted_at")
        times += ("finish_due", "stopped_at", "late_from")
        shifted |= {"petition": f"petition + {petition}"} | {one: f"{one} + {micros}" for one in times}
    else:
        times = ("received_at", "closed_at", "latest_at") if table == "petition" else ("at",)
        days = (month * MONTH).days
        if connection.dialect.name == "sqlite":
            shifted |= {one: f"strftime('%Y-%m-%d %H:%M:%S.000000', {one}, '+{days} days')" for one in times}
        else:
            shifted |= {one: f"{one} + interval '{days} days'" for one in times}
        shifted["id"] = f"id + {month * events if table == 'petition_event' else petition}"
        shifted["petition"] = f"petition + {petition}"
    names = [one["name"] for one in sqlalchemy.inspect(connection).get_columns(table)]
    of_first = {"tally": f"petition <= {PETITIONS}", "petition": f"id <= {PETITIONS}"}
    first_month = of_first.get(table, f"id <= {events}")
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(shifted.get(name, f'"{name}"') for name in names)
    repeated = f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table} WHERE {first_month}"  # noqa: S608 - names of ours
    connection.execute(text(repeated))


def timed(act: Callable[[], object]) -> float:
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


def measure(name: str, database: Database) -> int:
    migrate(database)
    began = time.perf_counter()
    petitions, events = lay_out(database)
    laid = time.perf_counter() - began
    with database.reading() as session:
        up_to = latest_event(session)
        # figures at once, the last month and one that is long over
        for label, month in (
            ("last month", MONTHS - 1),
            ("a year ago" if FULL else "two months ago", -13 % MONTHS),
        ):
            since = BEGIN + month * MONTH
            window = Window(since, since + MONTH, since + MONTH + timedelta(days=1), up_to)
            counting = partial(count, session, window)
            times = [timed(counting) for _ in range(ROUNDS)]
            found = timed(partial(behind, session, window, "late", "place", "YX0101"))
            new = count(session, window).counts()["new"]
            print(
                f"{name:<12}{petitions:>10}{events:>10}{label:>16}{new:>9}"
                f"{median(times):>9.3f}{found:>9.3f}{GOALS[name]:>7}   (laid out in {laid:.0f} s)"
            )
    return 0


def main() -> int:
    print(f"{'database':<12}{'petitions':>10}{'events':>10}", end="")
    print(f"{'month':>16}{'new':>9}{'count s':>9}{'list s':>9}{'goal':>7}")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'lianxin.db'}")
        measure("sqlite", database)
        database.close()
    if not os.environ.get(SERVER):
        print("postgresql: skipped, LIANXIN_TEST_POSTGRESQL names no server")
        return 0
    with fresh_postgresql() as url:
        database = Database(url)
        measure("postgresql", database)
        database.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
