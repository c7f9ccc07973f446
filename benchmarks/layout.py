"""What stands in a large county: the sample county with twelve more townships, and three years of petitions.

One month's lives are told by the fold that makes every stroke, and SQL repeats them month after month; the last month
is told apart, up to now. Three in a hundred are open, and one in 150 is kept from somebody. With each come its ledger,
tally, words and letters; of what was closed some is drawn to be looked at once more.
"""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta

import sqlalchemy
from sqlalchemy import Connection, create_engine, text

from benchmarks.life import Chosen, Lived, life
from benchmarks.people import PEOPLE, SLICE, VILLAGERS, add_people, enlarge
from handlers.searching import hashes
from models import pending
from models.base import Table
from models.checkpoint import Checkpoint
from models.database import Database
from models.ledger import FIRST, PetitionEvent
from models.officer import Role, officers
from models.petition import Petition
from models.place import places
from models.recheck import Recheck, RecheckDraw
from models.stroke import Line, Owned, lines_of, write
from tests.world import MONDAY_MORNING, World

FULL = os.environ.get("LIANXIN_BENCH_FULL") == "1"
MONTHS = 36 if FULL else 4
A_MONTH = 27_778 if FULL else 5_000
PETITIONS = MONTHS * A_MONTH
MONTH = timedelta(days=30)
NOW = MONDAY_MORNING.astimezone(UTC)
BEGIN = NOW - MONTHS * MONTH
VOCABULARY, WORDS = 4001, 8
COMMON, OTHER, RARE = "\u505c\u6c34", "\u8def\u706f", "\u6865\u6d1e"  # water is off; street lamp; culvert
FOREIGN_KEYS = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"
INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(CAST(:tables AS text[]))
    AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""
GROWING = ("petition", "petition_event", "tally", "found_word", "letter")
SHIFTED = {
    "petition": (
        *("received_at", "closed_at", "latest_at", "finish_due"),
        *("proposed_at", "contacted_at", "unreachable_since"),
    ),
    "petition_event": ("at",),
    "tally": ("at", "received_at", "contacted_at", "finish_due", "stopped_at", "late_from"),
}


def lay_out(world: World) -> float:
    """Seconds it took."""
    began = time.perf_counter()
    database = world.service.database
    enlarge(world)
    with database.reading() as session:
        county = world.service.knowledge.county(session, MONDAY_MORNING)
        codes = [place.code for place in places(session)]
        of_township = [[code for code in codes if code.startswith(f"YX{n:02}")] for n in range(1, 16)]
        cadres = [(one.account, one.office) for one in officers(session) if Role.CADRE in one.roles]
        leaves = sorted(code for code in county.reader.category_codes if len(code) == 4)
    known = [next(iter(hashes(county, [word]))) for word in (COMMON, OTHER, RARE)]
    dice = random.Random(7)
    chosen = Chosen(of_township, leaves, cadres)
    with bare(database) as connection, _later(connection):
        add_people(connection, BEGIN)
        events = _month(connection, 0, 1, chosen, dice)
        _month(connection, MONTHS - 1, (MONTHS - 1) * events + 1, chosen, dice)
        for month in range(1, MONTHS - 1):
            for table in ("tally", "petition", "petition_event"):
                _repeat(connection, table, month, events)
        connection.commit()
    with bare(database) as connection, _later(connection):
        _words(connection, known)
        _letters(connection)
        _draws(connection)
        _pin(connection)
        _count_on(connection)
        connection.commit()
    counting = create_engine(database.url, isolation_level="AUTOCOMMIT")
    with counting.connect() as connection:
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))  # as autovacuum does
    counting.dispose()
    return time.perf_counter() - began


@contextmanager
def _later(connection: Connection) -> Iterator[None]:
    """PostgreSQL builds its indexes when the rows are there, and does not log them: ten times as fast."""
    if connection.dialect.name == "sqlite":
        yield
        return
    found = connection.execute(text(INDEXES), {"tables": list(GROWING)}).all()
    for name, _ in found:
        connection.execute(text(f"DROP INDEX {name}"))
    yield
    for _, made in found:
        connection.execute(text(made))
    connection.commit()


def _month(connection: Connection, month: int, first_event: int, chosen: Chosen, dice: random.Random) -> int:
    """A month's petitions, up to now; how many events they have."""
    rows: list[Table] = []
    lines: list[Line] = []
    events = 0
    for number in range(1, A_MONTH + 1):
        identity = month * A_MONTH + number
        at = BEGIN + month * MONTH + number * (MONTH / (A_MONTH + 1))
        lived = life(identity, at, NOW, chosen, dice)
        villager = PEOPLE + dice.randrange(VILLAGERS)
        lines += lines_of(Owned(identity, villager, "YX"), lived.events)
        rows.append(_row(identity, villager, lived))
        rows += [
            PetitionEvent(
                id=first_event + events + place,
                petition=identity,
                position=place + 1,
                county="YX",
                month=202401,
                at=one.at,
                kind=one.kind,
                data=one.data,
                previous_hash=FIRST,
                hash=FIRST,
            )
            for place, one in enumerate(lived.events)
        ]
        events += len(lived.events)
        if len(rows) > SLICE or number == A_MONTH:
            pending.write(connection, rows)
            write(connection, lines)
            rows, lines = [], []
    return events


def _row(identity: int, villager: int, lived: Lived) -> Petition:
    return Petition(
        id=identity,
        number=f"{10_000_000 + identity}",
        county="YX",
        month=202401,
        villager=villager,
        key_id=PEOPLE,
        received_at=lived.events[0].at,
        position=len(lived.events),
        latest_at=lived.events[-1].at,
        **lived.known,
    )


def _repeat(connection: Connection, table: str, month: int, events: int) -> None:
    """The first month's rows once more, so many months later."""
    sqlite = connection.dialect.name == "sqlite"
    days, micros = (month * MONTH).days, month * MONTH // timedelta(microseconds=1)
    if table == "tally":
        changed = {one: f"{one} + {micros}" for one in SHIFTED[table]}
    elif sqlite:
        changed = {
            one: f"strftime('%Y-%m-%d %H:%M:%S.000000', {one}, '+{days} days')" for one in SHIFTED[table]
        }
    else:
        changed = {one: f"{one} + interval '{days} days'" for one in SHIFTED[table]}
    apart, key = month * A_MONTH, "id" if table == "petition" else "petition"
    changed["villager"] = f"{PEOPLE} + (villager - {PEOPLE} + {month * 7919}) % {VILLAGERS}"
    changed[key] = f"{key} + {apart}"
    if table == "petition":
        changed["number"] = f"CAST({10_000_000 + apart} + id AS TEXT)"
    if table == "petition_event":
        changed["id"] = f"id + {month * events}"
    names = [one["name"] for one in sqlalchemy.inspect(connection).get_columns(table)]
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(changed.get(name, f'"{name}"') for name in names)
    repeated = f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table} WHERE {key} <= {A_MONTH}"  # noqa: S608 - names of ours
    connection.execute(text(repeated))


def _words(connection: Connection, known: list[int]) -> None:
    """Skewed: the product of two even draws makes a few words common and most of them rare."""
    connection.execute(text("CREATE TEMPORARY TABLE vocabulary (k INTEGER PRIMARY KEY, word BIGINT)"))
    words = [{"k": k, "w": known[k] if k < 2 else 1_000_000_007 * (k + 1)} for k in range(VOCABULARY)]
    words[-1]["w"] = known[2]
    connection.execute(text("INSERT INTO vocabulary VALUES (:k, :w)"), words)
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


def _letters(connection: Connection) -> None:
    """Two a matter; one in 300 matters has one that did not arrive, and the newest few are still to leave."""
    state = "CASE WHEN id % 300 = 0 THEN CASE id / 300 % 3 WHEN 0 THEN 'failed' WHEN 1 THEN 'skipped'"
    state += f" ELSE 'too_late' END WHEN id > {PETITIONS - 40} THEN 'pending' ELSE 'sent' END"
    for kind, to, way, of in (
        ("villager", "CAST(villager AS TEXT)", "wechat", "id > 0"),
        ("officer", "owner", "wecom", "owner IS NOT NULL"),
    ):
        empty = "x''" if connection.dialect.name == "sqlite" else "''::bytea"
        connection.execute(
            text(
                'INSERT INTO letter (key, county, month, petition, to_kind, "to", channels, wording, fields,'  # noqa: S608 - names of ours
                " made_at, not_before, state, reason, tries, next_at, ended_at)"
                f" SELECT 'bench-' || id || '-{kind}', county, month, id, '{kind}', {to}, '[\"{way}\"]',"
                f" 'letter.assign.{'villager' if kind == 'villager' else 'owner'}', {empty},"
                f" received_at, received_at, {state}, '', 1, received_at, received_at FROM petition WHERE {of}"
            )
        )


def _draws(connection: Connection) -> None:
    """Five months' tenths and a quarter's visits; of the older draws half was looked at."""
    for number in range(1, 7):
        draw = RecheckDraw(
            id=number,
            county="YX",
            kind="visit" if number == 6 else "tenth",
            period=20263 if number == 6 else 202605 + number,
            seed=f"{number:064}",
            checkpoint=FIRST,
            population=A_MONTH,
            made_at=NOW - (7 - number) * MONTH,
        )
        pending.write(connection, [draw])
        first = (MONTHS - 1 - (7 - number) % (MONTHS - 1)) * A_MONTH
        kept = "excluded" if connection.dialect.name == "sqlite" else "excluded::text"
        found = text(
            f"SELECT id FROM petition WHERE state = 'confirmed' AND {kept} = '[]'"  # noqa: S608 - names of ours
            " AND id > :first AND id <= :last AND id - id / 10 * 10 = 3 ORDER BY id"
        )
        taken = connection.execute(found, {"first": first, "last": first + A_MONTH}).scalars()
        rows = [
            Recheck(
                id=number * A_MONTH + place,
                draw=number,
                petition=identity,
                county="YX",
                month=202601,
                township=f"YX{identity % 15 + 1:02}",
                outcome="true" if number < 5 and place % 2 else None,
            )
            for place, identity in enumerate(taken)
        ]
        pending.write(connection, rows)


def _pin(connection: Connection) -> None:
    """The ledger as the day's checkpoint left it."""
    events = connection.execute(text("SELECT max(id) FROM petition_event")).scalar_one()
    pinned = Checkpoint(
        position=1, county="YX", month=202611, at=NOW, up_to=events, count=events, previous=FIRST, hash=FIRST
    )
    pending.write(connection, [pinned])


def _count_on(connection: Connection) -> None:
    """PostgreSQL gives the next rows ids beyond those that were given here."""
    if connection.dialect.name == "sqlite":
        return
    for table in ("key", "villager", "petition", "petition_event", "letter", "recheck_draw", "recheck"):
        last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608 - names of ours
        connection.execute(text(last))


@contextmanager
def bare(database: Database) -> Iterator[Connection]:
    """A connection that no foreign key holds: no texts and keys stand behind these petitions."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
            connection.exec_driver_sql("PRAGMA cache_size=-1000000")
            connection.exec_driver_sql("BEGIN")
        else:
            for table, constraint in connection.execute(text(FOREIGN_KEYS)).all():
                connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"'))
            for table in GROWING:
                connection.execute(text(f"ALTER TABLE {table} SET UNLOGGED"))
            connection.execute(text("SET maintenance_work_mem = '512MB'"))
        yield connection
