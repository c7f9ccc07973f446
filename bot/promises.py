"""Receipts: what is told to those whom the writer does not come to in time, and what became of each.

They are made a round at a time, for all who wait just then: one look at the database, one file, one fsync. In a
storm the threads that decide, promise and answer share one interpreter, and a receipt each would cost them all.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock

import structlog

from bot.baton import Baton
from bot.knowledge import Knowledge
from bot.receipts import Receipts
from bot.wording import Chinese
from handlers import intake
from handlers.county import County
from handlers.receipt import receipt
from handlers.retry import key_of
from handlers.turn import Mail
from models.base import Session
from models.database import Database
from models.errors import Unserved
from models.number import number_for
from models.wording import Wording

MOST = 64  # receipts in one round
SOON = 0.5  # seconds; where somebody has waited longer for a receipt, whoever comes now comes too late

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class Ticket:
    """One message on its way: who comes first, the writer or the receipt, has it."""

    mail: Mail
    at: datetime  # when it came
    begun: bool = False
    name: str = ""  # of its receipt, once there is one
    settled: bool = False  # the database has it
    since: float = 0.0  # on the monotonic clock, when a receipt was asked for
    lock: Lock = field(default_factory=Lock)

    def begin(self) -> Mail:
        """The writer comes to it."""
        with self.lock:
            self.begun = True
            return self.mail

    def promise(self, name: str, told: str, petition: int | None) -> bool:
        """A receipt is told; False: the writer has begun, and its answer will be there in a moment."""
        with self.lock:
            if not self.begun:
                self.name, self.mail = name, replace(self.mail, told=told, petition=petition)
            return not self.begun

    def tell_late(self, told: str) -> None:
        """No more than this was said in time: what is decided follows as a letter, unless the writer has begun."""
        with self.lock:
            if not self.begun:
                self.mail = replace(self.mail, told=told, is_late=True)

    def hang_up(self) -> bool:
        """Nobody waits any more; False: the writer has begun, and its answer will be there in a moment."""
        with self.lock:
            if not self.begun:
                self.mail = replace(self.mail, is_late=True)
            return not self.begun


_Told = str | Exception | None  # None: nothing, the decision has to be waited for


class _Open:
    """What is promised and not decided, by name and by sender."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tickets: dict[str, Ticket] = {}
        self._by_sender: dict[str, list[Ticket]] = {}  # in the order they came

    def __contains__(self, name: str) -> bool:
        return name in self._tickets

    def add(self, name: str, ticket: Ticket) -> None:
        self.drop(name)  # promised before, in vain
        with self._lock:
            self._tickets[name] = ticket
            self._by_sender.setdefault(ticket.mail.sender, []).append(ticket)

    def drop(self, name: str) -> bool:
        """Whether it was there."""
        with self._lock:
            ticket = self._tickets.pop(name, None)
            if ticket is None:
                return False
            theirs = self._by_sender[ticket.mail.sender]
            theirs.remove(ticket)
            if not theirs:
                del self._by_sender[ticket.mail.sender]
            return True

    def of(self, sender: str) -> list[Ticket]:
        with self._lock:
            return list(self._by_sender.get(sender, ()))


class Promises:
    """`told` promises, `settle` hears that the writer came to it."""

    def __init__(
        self, database: Database, knowledge: Knowledge, chinese: Chinese, receipts: Receipts, baton: Baton
    ) -> None:
        self._database = database
        self._knowledge = knowledge
        self._chinese = chinese
        self._receipts = receipts
        self._due: list[tuple[Ticket, asyncio.Future[str | None]]] = []
        self._is_going = False  # a round is
        self._baton = baton
        self._open = _Open()  # until the writer has come to it

    def __contains__(self, name: str) -> bool:
        """Whether that receipt's message is still on its way to the writer."""
        return name in self._open

    def know(self, ticket: Ticket) -> None:
        """Promised by an earlier process, and on its way to the writer again."""
        self._open.add(ticket.name, ticket)

    @property
    def is_far_behind(self) -> bool:
        """Whether whoever asks now would hardly have his receipt in time."""
        return bool(self._due) and time.monotonic() - self._due[0][0].since > SOON

    async def told(self, ticket: Ticket) -> str | None:
        """What is said meanwhile, once it is safe; None: nothing, the decision has to be waited for."""
        answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        ticket.since = time.monotonic()
        self._due.append((ticket, answered))
        if not self._is_going:
            self._go_round()
        return await answered

    def tell_late(self, ticket: Ticket) -> None:
        """The platform was told that it takes longer, and nothing else."""
        if ticket.mail.channel != "wecom":  # an officer asks again
            ticket.tell_late(self._chinese.say(Wording.RECEIVED_LATE, {}))

    def settle(self, ticket: Ticket, decided: "asyncio.Future[str]") -> None:
        """The writer came to it: the promise is kept, or will be when what is left is caught up with."""
        error = decided.exception()
        if not self._open.drop(ticket.name):
            return  # nothing was promised, or what another of the same message was told
        ticket.settled = error is None
        if isinstance(error, Unserved):  # told to stop: the next start decides it
            return
        if error is not None:
            log.error("promise not kept yet", error=type(error).__name__)
            return
        self._receipts.drop(ticket.name)

    def _go_round(self) -> None:
        waiting = [one for one in self._due if not one[1].done()]  # whoever hung up needs none
        due, self._due = waiting[:MOST], waiting[MOST:]
        self._is_going = bool(due)
        if not due:
            return
        going = asyncio.get_running_loop().run_in_executor(None, self._tell, [ticket for ticket, _ in due])
        going.add_done_callback(lambda told: self._end_round(due, told.result()))

    def _end_round(self, due: list[tuple[Ticket, "asyncio.Future[str | None]"]], told: list[_Told]) -> None:
        for (ticket, answered), said in zip(due, told, strict=True):
            if answered.done():  # nobody waits for it any more
                self.tell_late(ticket)
                continue
            if isinstance(said, Exception):
                answered.set_exception(said)
            else:
                answered.set_result(said)
        self._go_round()

    def _tell(self, tickets: Sequence[Ticket]) -> list[_Told]:
        made = list[Ticket]()
        try:
            with self._baton.held():
                county, told = self._made(tickets, made)
            self._keep(county, made)
        except Exception as error:  # noqa: BLE001 - nothing is safe: all who wait are told so
            return [error for _ in tickets]
        return told

    def _made(self, tickets: Sequence[Ticket], made: list[Ticket]) -> tuple[County, list[_Told]]:
        """`made`: where those go that have to be written down."""
        # Looked at before the database: whoever is settled in between is found there.
        others = {sender: self._open.of(sender) for sender in {ticket.mail.sender for ticket in tickets}}
        told = list[_Told]()
        with self._database.reading() as session:
            county = self._knowledge.county(session, tickets[0].at, at_once=True)
            intake.look_ahead(session, county, [ticket.mail for ticket in tickets])
            for ticket in tickets:
                try:
                    told.append(self._receipt(session, county, ticket, others, made))
                except Exception as error:  # noqa: BLE001 - told to the one who waits for it
                    told.append(error)
        return county, told

    def _keep(self, county: County, made: Sequence[Ticket]) -> None:
        if made:
            self._receipts.keep(county.keys, [(one.name, one.mail, one.at) for one in made])
        for one in made:
            if one.settled:  # meanwhile
                self._receipts.drop(one.name)

    def _receipt(
        self,
        session: Session,
        county: County,
        ticket: Ticket,
        others: dict[str, list[Ticket]],
        made: list[Ticket],
    ) -> str | None:
        """`made`: where it goes if it has to be written down."""
        mail, at = ticket.mail, ticket.at
        theirs = others[mail.sender]
        said = next((one.mail.told for one in theirs if one.mail.key == mail.key), None)
        if said is None:
            said = intake.answered(session, county, mail, self._chinese.reply)
        if said is not None:
            return said
        earlier = next((one.mail.petition for one in theirs if one.mail.petition), None)
        number = number_for(county.keys.number_key, earlier) if earlier else None
        found = receipt(session, county, mail, at, self._database.reserve.take, number)
        if found is None:
            return None
        name, reply = key_of(county.keys, mail), self._chinese.reply(found.said)
        self._open.add(name, ticket)  # before the promise: whoever settles it finds it
        if not ticket.promise(name, reply, found.petition):
            self._open.drop(name)
            if found.petition is not None:
                self._database.reserve.give_back(found.petition)
            return None
        theirs.append(ticket)
        if found.kept:
            made.append(ticket)
        return ticket.mail.told
