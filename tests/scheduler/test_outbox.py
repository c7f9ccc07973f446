"""The outbox: nothing goes twice; what a dead courier held comes back; what failed goes another way."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import select

from models.base import Session
from models.claim import claim
from models.database import Database
from models.letter import LEASE, Claimed, Letter, LetterState, count_letters, oldest_unsent
from scheduler.outbox import Delivery, Parcel, deliver
from scheduler.station import Station
from tests.matters import Matters


@dataclass
class Recorder:
    """A courier that remembers what it carried, and how many it had in hand at once."""

    carried: Counter[int] = field(default_factory=Counter)
    ends: dict[str, Delivery] = field(default_factory=dict)  # by channel
    in_hand: int = 0
    most: int = 0

    def read_ahead(self, session: Session, letters: list[Claimed]) -> list[object]:
        return []

    def failed(self, session: Session, letter: Claimed, at: datetime) -> None:
        """Nothing follows."""

    def prepare(self, session: Session, letter: Claimed, at: datetime) -> Parcel | Delivery:
        return Parcel(letter.id, letter.channels[0], "", "", letter.tries)

    async def carry(self, parcel: Parcel) -> Delivery:
        self.in_hand += 1
        self.most = max(self.most, self.in_hand)
        await asyncio.sleep(0.01)
        self.carried[parcel.letter] += 1
        self.in_hand -= 1
        return self.ends.get(parcel.channel, Delivery("sent"))

    def delivered(self, session: Session, letter: Claimed, at: datetime) -> None:
        """Nothing follows."""


def _letters(matters: Matters, many: int = 12) -> int:
    for who in range(many):
        matters.told(who=str(who))
    matters.later(minutes=1)
    with matters.reading() as (session, _):
        return len(list(session.exec(select(Letter.id))))


async def test_two_at_once_never_carry_one_letter_twice(matters: Matters):
    posted = _letters(matters)
    other = Database(matters.settings.database_url)
    stations = [matters.station, Station(other, matters.knowledge.county)]
    recorder = Recorder()
    await asyncio.gather(*(deliver(station, recorder, lambda: matters.at, 4) for station in stations))
    other.close()
    assert len(recorder.carried) == posted > 12
    assert set(recorder.carried.values()) == {1}
    assert recorder.most <= 8
    with matters.reading() as (session, _):
        assert count_letters(session) == {LetterState.SENT: posted}


async def test_what_a_dead_courier_held_comes_back_after_its_lease(matters: Matters):
    posted = _letters(matters, 2)
    with matters.database.transaction() as session:
        assert len(claim(session, matters.at, 100)) == posted
    assert await deliver(matters.station, Recorder(), lambda: matters.at, 4) == {}
    matters.at += LEASE
    assert await deliver(matters.station, Recorder(), lambda: matters.at, 4) == {"sent": posted}


async def test_a_closed_way_gives_place_to_the_next_in_the_same_round(matters: Matters):
    matters.told()
    recorder = Recorder(ends={"wechat": Delivery("next_channel", "window closed")})
    done = await deliver(matters.station, recorder, lambda: matters.at, 4)
    assert done["next_channel"] == 1
    assert done["sent"] == len(recorder.carried)


def test_the_oldest_unsent_letter_is_counted_from_when_it_could_have_left(matters: Matters):
    _letters(matters, 1)
    with matters.reading() as (session, _):
        assert oldest_unsent(session, matters.at) == timedelta(minutes=1)
        assert oldest_unsent(session, matters.at - timedelta(days=1)) == timedelta(0)
