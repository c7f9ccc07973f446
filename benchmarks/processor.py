"""Processor time of what is measured: what else a machine does spoils it less than the time on the wall."""

import os
import time
from pathlib import Path

from sqlalchemy import text

from models.database import Database

TICK = os.sysconf("SC_CLK_TCK")  # a second's, in which the system counts
OURS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"


def spent(database: Database) -> float:
    """Seconds of this process and of a PostgreSQL server on this machine that worked for it, to a hundredth each."""
    if database.is_sqlite:
        return time.process_time()
    with database.engine.connect() as connection:
        return time.process_time() + sum(map(worked, connection.execute(text(OURS)).scalars()))


def worked(process: int) -> float:
    """Seconds of its own and of the system for it; 0 where it has gone."""
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / TICK


def warm(folder: Path) -> dict[str, str]:
    """The environment of a process that finds its byte code, or leaves it in `folder` for the next one."""
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return bare | {"PYTHONPYCACHEPREFIX": str(folder)}
