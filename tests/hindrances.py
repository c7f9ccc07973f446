"""What others do while the service is under load: platforms refuse or lie, the database is held or cut off."""

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.simulator import Simulator
from bot.simulator.faults import Trouble
from models.database import Database

SENDS = {"wechat": "/cgi-bin/message/custom/send", "wecom": "/cgi-bin/message/send"}
TROUBLES: tuple[Trouble, ...] = ("errcode", "errcode", "html", "truncated", "dropped", "slow", "timeout")
CODES = (-1, 40001, 42001, 45009, 45015, 45033, 48001, 99999)
WAITS = (0.1, 20)  # seconds the service waits for a database held by another: it fails at once, or never
HELD = (0.05, 0.8)  # seconds that it is, at least and at most
_CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def upset(simulator: Simulator, chance: random.Random) -> None:
    """A few calls of each platform will go wrong, and now and then all tokens are worth nothing."""
    for platform, path in SENDS.items():
        trouble = chance.choice(TROUBLES)
        times, code = chance.randint(1, 8), chance.choice(CODES)
        simulator.fault(path, trouble, errcode=code, seconds=1, times=times, platform=platform)
    if chance.random() < 0.2:
        simulator.expire_tokens()


def hinder(url: str, folder: Path, chance: random.Random) -> None:
    """The database once, after a moment, in the thread that calls."""
    time.sleep(chance.uniform(0, 0.3))
    if url.startswith("sqlite"):
        _hold(folder / "lianxin.db", chance.uniform(*HELD))
    else:
        _cut(url)


def _hold(file: Path, seconds: float) -> None:
    with closing(sqlite3.connect(file, isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("ROLLBACK")


def _cut(url: str) -> None:
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            connection.execute(_CUT)
    except DBAPIError:  # another did it to us
        pass
    finally:
        database.close()
