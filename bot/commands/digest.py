"""`lianxin digest`: a digest recomputed from the ledger. Stores nothing."""

import sys
from datetime import date, datetime
from pathlib import Path

from bot.application import Service
from bot.digest import rendered
from bot.simulator.clock import SimulatedClock
from handlers.digest.compose import basis, compose
from handlers.digest.period import Kind, NotYet, Period
from models import checkpoint
from models.tally import latest_at
from scheduler.clock import wall_clock


def run(service: Service, kind: str, on: date, form: str, out: Path | None) -> int:
    """Prints the digest, or writes it to a file; 2 where the period lies in the future."""
    at = _now(service)
    try:
        content = _composed(service, Period.of(Kind(kind), on), at)
    except NotYet as not_yet:
        sys.stderr.write(f"lianxin digest: --on: {not_yet}\n")
        return 2
    told = rendered(content, form, service.settings.zone)
    if out is None:
        sys.stdout.buffer.write(told)
        sys.stdout.buffer.flush()
        return 0
    try:
        out.write_bytes(told)
    except OSError as error:
        sys.stderr.write(f"lianxin digest: --out: {out}: {error.strerror}\n")
        return 1
    return 0


def _composed(service: Service, period: Period, at: datetime) -> dict[str, object]:
    with service.database.reading() as session:  # the ledger is closed no longer than this
        head = checkpoint.now(session)
    with service.database.reading() as session:
        county = service.knowledge.county(session, at)
        found = basis(session, county, period, at, head.up_to)
        return compose(session, county, period, found, at, head.hash)


def _now(service: Service) -> datetime:
    """The wall clock's time, the simulator's where it is on; after a rehearsal, where the ledger has got to."""
    now = wall_clock()
    if service.settings.simulated:
        now = SimulatedClock(
            wall_clock, service.settings.path(service.settings.service.data_dir) / "simulator-clock"
        ).now()
    with service.database.reading() as session:
        reached = latest_at(session)
    return now if reached is None else max(now, reached)
