"""Petitions for a test, made by the real acts on a real database; no service, no HTTP, no waiting."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.knowledge import Knowledge
from bot.settings import Settings
from handlers.county import County
from handlers.lanes import Satisfaction
from handlers.petition import closing, desk, dispatch, handing, work
from models import villager as people
from models.base import Session
from models.database import Database
from models.move import Actor, Capacity, Verb, move
from models.petition import Petition, create
from scheduler.station import Station
from tests.world import MONDAY_MORNING, Template

T = TypeVar("T")
WATER, LAMP, DOLE = "0301", "0304", "0601"


@dataclass
class Matters:
    """A county's petitions and the hour it is."""

    settings: Settings
    database: Database
    knowledge: Knowledge
    at: datetime = MONDAY_MORNING

    @property
    def station(self) -> Station:
        return Station(self.database, self.knowledge.county)

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)

    @contextmanager
    def reading(self) -> Iterator[tuple[Session, County]]:
        with self.database.reading() as session:
            yield session, self.knowledge.county(session, self.at)

    def do(self, number: int, act: Callable[[Session, County, Petition], T]) -> T:
        """One act on one petition, in a transaction of its own."""
        with self.database.transaction() as session:
            county = self.knowledge.county(session, self.at)
            petition = session.get_one(Petition, number)
            done = act(session, county, petition)
            session.add(petition)
            return done

    def told(self, leaf: str = WATER, place: str = "YX0101", who: str = "a", lane: str = "petition") -> int:
        """A matter received and handed out; its id."""
        with self.database.transaction() as session:
            county = self.knowledge.county(session, self.at)
            keys = county.keys
            person = people.find(session, keys, "wechat", who) or people.meet(
                session, keys, "wechat", who, self.at
            )
            petition = create(
                session, keys, county.code, person.id or 0, self.at, leaf=leaf, place=place, lane=lane
            )
            move(
                session,
                petition,
                Verb.RECEIVE,
                dispatch.SERVICE,
                self.at,
                channel="wechat",
                message="text",
                place=place,
                leaf=leaf,
            )
            dispatch.by_rules(session, county, petition, self.at)
            session.add(petition)
            return petition.identity

    def signed(self, number: int) -> None:
        self.do(
            number, lambda session, county, one: work.sign(session, county, one, one.owner or "", self.at)
        )

    def proposed(self, number: int) -> None:
        self.do(number, lambda session, county, one: work.propose(session, county, one, "done", self.at))

    def answered(self, number: int, said: Satisfaction) -> None:
        by = Actor(Capacity.VILLAGER)
        self.do(number, lambda session, county, one: closing.answer(session, county, one, said, by, self.at))

    def reopened(self, number: int) -> None:
        by = Actor(Capacity.VILLAGER)
        self.do(number, lambda session, county, one: closing.reopen(session, county, one, by, self.at))

    def sent_back(self, number: int) -> None:
        self.do(
            number, lambda session, county, one: handing.send_back(session, county, one, "not ours", self.at)
        )

    def withdrawn(self, number: int) -> None:
        self.do(number, lambda session, county, one: closing.ask_withdraw(session, one, self.at))
        self.later(hours=24)
        self.do(number, lambda session, county, one: closing.withdraw(session, county, one, self.at))

    def declined(self, number: int) -> None:
        first, second = "heruoping", "tangxiaoyu"
        self.do(
            number,
            lambda session, county, one: desk.ask_decline(session, county, one, "法院判决过", first, self.at),
        )
        self.do(
            number, lambda session, county, one: desk.decline(session, county, one, "no", second, self.at)
        )

    def unanswered(self, number: int) -> None:
        by = Actor(Capacity.CLOCK)
        self.do(number, lambda session, county, one: move(session, one, Verb.UNANSWERED, by, self.at))

    def contacted(self, number: int) -> None:
        self.do(number, lambda session, county, one: work.contacted(session, county, one, self.at))

    def closed(self, number: int, said: Satisfaction = Satisfaction.SATISFIED) -> None:
        """Signed, proposed and answered, an hour apart."""
        self.signed(number)
        self.later(hours=1)
        self.proposed(number)
        self.later(hours=1)
        self.answered(number, said)

    def close(self) -> None:
        self.database.close()


def open_matters(template: Template, folder: Path, database_url: str | None = None) -> Matters:
    """On a copy of the template: SQLite's file in `folder`, or the database given."""
    database = template.settings.database
    changed = {
        "folder": folder,
        "database": database.model_copy(update={"url": database_url or database.url}),
    }
    settings = template.settings.model_copy(update=changed)
    return Matters(settings, Database(settings.database_url), Knowledge(settings, template.reader))
