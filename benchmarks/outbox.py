"""The outbox at its limit: platforms that answer after 20 ms, 50 letters under way, everything on disk.

The goal is a share of what fifty at once could do in that time if nothing else cost anything (Little's law).
"""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.application import Service, connect, prepare
from bot.demo import demo_settings, load_sample
from handlers.turn import Mail
from models.base import Session
from models.letter import Letter, post
from models.petition import create
from models.villager import meet
from models.wording import Wording
from scheduler.outbox import Courier, Delivery, Parcel, deliver
from tests.world import MONDAY_MORNING, TestClock, free_port

LETTERS, CONCURRENCY, LATENCY = 3000, 50, 0.02


@dataclass(frozen=True)
class Slow:
    """A courier whose platform takes its time."""

    real: Courier

    def read_ahead(self, session: Session, letters: list[Letter]) -> list[object]:
        return []

    def failed(self, session: Session, letter: Letter, at: datetime) -> None:
        """Nothing follows."""

    def prepare(self, session: Session, letter: Letter, at: datetime) -> Parcel | Delivery:
        return self.real.prepare(session, letter, at)

    async def carry(self, parcel: Parcel) -> Delivery:
        await asyncio.sleep(LATENCY)
        return Delivery("sent")

    def delivered(self, session: Session, letter: Letter, at: datetime) -> None:
        self.real.delivered(session, letter, at)


def fill(service: Service, letters: int, at: datetime) -> None:
    """Progress letters, each of a matter and a person of its own."""
    with service.database.transaction() as session:
        county = service.knowledge.county(session, at)
        for index in range(letters):
            mail = Mail("wechat", f"o{index:027}", str(index), "text")
            person = meet(session, county.keys, mail.channel, mail.sender, at)
            person.window_until, person.window_left = at + timedelta(hours=48), 5
            petition = create(session, county.keys, county.code, person.id or 0, at)
            post(
                session,
                county.keys,
                occasion=str(index),
                to=("villager", str(person.id)),
                channels=("wechat",),
                wording=Wording.LETTER_AFTER_RECEIPT,
                fields={"text": "."},
                county=county.code,
                at=at,
                petition=petition.id,
                key_id=petition.key_id,
            )


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        service = prepare(demo_settings(Path(made), free_port()), TestClock().now)
        load_sample(service)
        fill(service, LETTERS, MONDAY_MORNING)
        begun, cpu = time.perf_counter(), time.process_time()
        sent = asyncio.run(_drain(service))
        taken, cpu = time.perf_counter() - begun, time.process_time() - cpu
        service.writer.close()
        service.database.close()
    limit = CONCURRENCY / LATENCY
    print(
        f"{sent} letters, SQLite, synchronous=FULL: {sent / taken:.0f}/s, {sent / taken / limit:.0%} of {limit:.0f}/s"
    )
    print(f"{cpu / sent * 1e6:.0f} us of CPU a letter")
    return 0


async def _drain(service: Service) -> int:
    await connect(service)
    done = await deliver(service.station, Slow(service.courier), service.clock, CONCURRENCY)
    assert service.http is not None
    await service.http.close()
    return done["sent"]


if __name__ == "__main__":
    raise SystemExit(main())
