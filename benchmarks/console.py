"""The console's first pages over a large county: list, filters, search and home, as a browser gets them.

20,000 petitions by default; `LIANXIN_BENCH_FULL=1` makes it 1,000,000, and `LIANXIN_TEST_POSTGRESQL` adds that
database. The sample county's people and places, petitions made by SQL: three in a hundred are open, each has eight
words of a vocabulary in which some are common and most are rare.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, insert, text

from bot.pages import passwords
from handlers.searching import hashes
from models.base import Table
from models.database import Database
from models.key import Key
from models.petition import Petition
from models.villager import Villager
from tests.bot.pages.browser import CHEAP, Browser, add_user
from tests.postgresql import SERVER, fresh_postgresql
from tests.world import MONDAY_MORNING, World, make_template, start

PETITIONS = 1_000_000 if os.environ.get("LIANXIN_BENCH_FULL") == "1" else 20_000
GOAL = 0.150  # seconds
ROUNDS = 5
PICKS, VOCABULARY, WORDS = 997, 4001, 8
COMMON, OTHER, RARE = "\u505c\u6c34", "\u8def\u706f", "\u6865\u6d1e"  # water is off; street lamp; culvert
PERSON = 9_000_001
SPAN = timedelta(days=3 * 365)
FOREIGN_KEYS = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"
# account of the sample county, role, and the pages he asks for
ASKED = {
    "tangxiaoyu dispatcher": (
        "/console/",
        "/console/petitions",
        "/console/petitions?clock=late",
        "/console/petitions?state=ended",
        "/console/petitions?state=ended&place=YX0101",
        "/console/petitions?state=all&category=0301&place=YX0101",
        "/console/petitions?state=all&kind=praise",
        f"/console/petitions?q={COMMON}",
        f"/console/petitions?q={COMMON}+{OTHER}",
        f"/console/petitions?q={RARE}",
        "/console/queue",
        "/console/calls",
    ),
    "bochuan dispatcher": (
        "/console/petitions",
        "/console/petitions?state=ended",
        f"/console/petitions?q={COMMON}",
    ),
    "mengxi cadre": (
        "/console/",
        "/console/petitions",
        "/console/petitions?state=all",
        f"/console/petitions?q={OTHER}",
    ),
    "lubaichuan supervisor": ("/console/", "/console/petitions?clock=late"),
}


def lay_out(world: World) -> float:
    """Seconds it took."""
    began = time.perf_counter()
    database = world.service.database
    with database.reading() as session:
        county = world.service.knowledge.county(session, MONDAY_MORNING)
        places = [
            row[0] for row in session.connection().execute(text("SELECT code FROM place ORDER BY code"))
        ]
        people = [
            row[0]
            for row in session.connection().execute(text("SELECT account FROM officer ORDER BY account"))
        ]
    leaves = sorted(code for code in county.reader.category_codes if len(code) == 4)
    known = [next(iter(hashes(county, [word]))) for word in (COMMON, OTHER, RARE)]
    with _bare(database) as connection:
        connection.execute(
            text("CREATE TABLE pick (k INTEGER PRIMARY KEY, place TEXT, leaf TEXT, owner TEXT)")
        )
        connection.execute(text("CREATE TABLE vocabulary (k INTEGER PRIMARY KEY, word BIGINT)"))
        picks = [
            {
                "k": k,
                "p": places[k * 31 % len(places)],
                "l": leaves[k * 17 % len(leaves)],
                "o": people[k * 13 % len(people)],
            }
            for k in range(PICKS)
        ]
        connection.execute(text("INSERT INTO pick VALUES (:k, :p, :l, :o)"), picks)
        words = [{"k": k, "w": known[k] if k < 2 else 1_000_000_007 * (k + 1)} for k in range(VOCABULARY)]
        words[-1]["w"] = known[2]
        connection.execute(text("INSERT INTO vocabulary VALUES (:k, :w)"), words)
        _petitions(connection)
        connection.commit()
    with _bare(database) as connection:
        _words(connection)
        connection.commit()
    with _bare(database) as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    return time.perf_counter() - began


def _petitions(connection: Connection) -> None:
    """One row by its own table's rules, then all others like it."""
    made: tuple[Table, ...] = (
        Key(id=PERSON, purpose="villager", made_at=MONDAY_MORNING),
        Villager(id=PERSON, key_id=PERSON, channel="wechat", address_hash="", made_at=MONDAY_MORNING),
    )
    for one in made:
        connection.execute(insert(type(one)), [_values(one)])
    row = _values(
        Petition(
            id=1,
            county="YX",
            month=202401,
            villager=PERSON,
            key_id=PERSON,
            received_at=MONDAY_MORNING,
            number="0",
        )
    )
    connection.execute(insert(Petition), [row])
    sqlite = connection.dialect.name == "sqlite"
    minutes = int(SPAN.total_seconds()) // 60

    def moment(later: str) -> str:
        at = f"(n.i * {minutes} / {PETITIONS}) + ({later})"
        if sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', '2023-11-24 01:00:00', '+' || ({at}) || ' minutes')"
        return f"(timestamptz '2023-11-24 01:00:00+00' + ({at}) * interval '1 minute')"

    is_open = "n.i % 33 = 0"
    state = "CASE n.i / 33 % 5 WHEN 0 THEN 'received' WHEN 1 THEN 'assigned' WHEN 2 THEN 'accepted'"
    state += " WHEN 3 THEN 'waiting' ELSE 'proposed' END"
    changed = {
        "id": "n.i",
        "number": "'8' || substr('0000000' || n.i, -7)" if sqlite else "'8' || lpad(n.i::text, 7, '0')",
        "state": f"CASE WHEN {is_open} THEN {state} ELSE 'confirmed' END",
        "kind": "CASE WHEN n.i % 251 = 0 THEN 'praise' ELSE 'help' END",
        "place": "pick.place",
        "leaf": "pick.leaf",
        "owner": f"CASE WHEN {is_open} AND n.i / 33 % 5 = 0 THEN NULL ELSE pick.owner END",
        "received_at": moment("0"),
        "finish_due": f"CASE WHEN {is_open} AND n.i / 33 % 5 = 0 THEN NULL ELSE {moment('7 * 1440 + n.i % 40000')} END",
        "closed_at": f"CASE WHEN {is_open} THEN NULL ELSE {moment('3 * 1440')} END",
        "proposed_at": moment("2 * 1440"),
    }
    kept = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(changed.get(name, f'petition."{name}"') for name in row)
    counted = f"SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {PETITIONS}"  # noqa: S608 - a number of ours
    series = (
        f"WITH RECURSIVE n(i) AS ({counted})"
        if sqlite
        else f"WITH n AS (SELECT generate_series(2, {PETITIONS}) AS i)"
    )
    of_one = f"n JOIN pick ON pick.k = n.i * 7919 % {PICKS} JOIN petition ON petition.id = 1"
    body = f"SELECT {values} FROM {of_one}"  # noqa: S608 - names of ours
    if sqlite:
        connection.execute(text(f"{series} INSERT INTO petition ({kept}) {body}"))
    else:
        connection.execute(text(f"INSERT INTO petition ({kept}) {series} {body}"))
    connection.execute(text("UPDATE petition SET closed_at = received_at, state = 'confirmed' WHERE id = 1"))


def _values(row: Table) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name[0] != "_"}


def _words(connection: Connection) -> None:
    """Skewed: the product of two even draws makes a few words common and most of them rare."""
    each = "SELECT 0 AS j" + "".join(f" UNION ALL SELECT {j}" for j in range(1, WORDS))
    first = f"(p.id * 31 + w.j * 1009) % {VOCABULARY}"
    second = f"(p.id * 17 + w.j * 409) % {VOCABULARY}"
    connection.execute(
        text(
            "INSERT INTO found_word (word, petition, county, month)"  # noqa: S608 - numbers of ours
            " SELECT DISTINCT v.word, p.id, 'YX', 202401"
            f" FROM petition p CROSS JOIN ({each}) w"
            f" JOIN vocabulary v ON v.k = ({first}) * ({second}) / {VOCABULARY}"
            " ORDER BY v.word, p.id"
        )
    )


@contextmanager
def _bare(database: Database) -> Iterator[Connection]:
    """A connection that no foreign key holds: no people and texts stand behind these petitions."""
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


async def measure(name: str, world: World) -> bool:
    """Whether every page came within the goal."""
    laid = lay_out(world)
    slowest = 0.0
    for who, pages in ASKED.items():
        account, role = who.split()
        browser = Browser(world)
        await browser.log_in(add_user(world, f"bench-{account}", role, account))
        for page in pages:
            times: list[float] = []
            size = 0
            for _ in range(ROUNDS):
                began = time.perf_counter()
                got = await browser.get(page)
                times.append(time.perf_counter() - began)
                size = len(got.text.encode())
                assert got.status == 200, (page, got.status)
            slowest = max(slowest, median(times))
            print(
                f"{name:<12}{PETITIONS:>10}  {who:<24}{page:<52}{median(times) * 1000:>8.0f}{size // 1024:>6}"
            )
    print(f"{name:<12}slowest {slowest * 1000:.0f} ms, goal {GOAL * 1000:.0f} ms (laid out in {laid:.0f} s)")
    return slowest <= GOAL


async def run() -> None:
    passwords._HASHER = CHEAP  # noqa: SLF001 - a login is not what is measured
    print(f"{'database':<12}{'petitions':>10}  {'who':<24}{'page':<52}{'ms':>8}{'KB':>6}")
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as used:
        template = make_template(Path(made))
        world = await start(template, Path(used))
        await measure("sqlite", world)
        await world.close()
    if not os.environ.get(SERVER):
        print("postgresql: skipped, LIANXIN_TEST_POSTGRESQL names no server")
        return
    with (
        tempfile.TemporaryDirectory() as made,
        tempfile.TemporaryDirectory() as used,
        fresh_postgresql() as url,
    ):
        template = make_template(Path(made), url)
        world = await start(template, Path(used), database_url=url)
        await measure("postgresql", world)
        await world.close()


def main() -> int:
    asyncio.run(run())
    return 0


if __name__ == "__main__":
    main()
