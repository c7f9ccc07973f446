"""Promises: what is told to those whom the writer does not come to in time, and what became of each.

Receipts are made a round at a time, for all who wait just then: one look at the database, one write, one fsync. In a
storm the threads that decide, promise and answer share one interpreter, and a receipt each would cost them all.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from bot.baton import Baton
from bot.knowledge import Knowledge
from bot.receipt import sealed
from bot.receipts import Known, Receipts
from bot.ticket import Open, Ticket
from bot.wording import Chinese
from handlers import intake
from handlers.county import County
from handlers.receipt import receipt
from handlers.retry import key_of
from handlers.villager.burst import LONGEST, QUIET
from models.base import Session
from models.database import Database
from models.errors import Unserved
from models.key import Keyring
from models.number import number_for
from models.wording import Wording

MOST, STEP = 256, 64  # receipts in one round, and in one turn of the baton; so many are a storm
LULL = 1.0  # seconds without so many, and it is over
SOON = 1.0  # seconds; where somebody has waited longer for a receipt, whoever comes now comes too late

log = structlog.get_logger(__name__)

_Told = str | Exception | None  # None: nothing, the decision has to be waited for
_Due = tuple[Ticket, "asyncio.Future[str | None]"]


@dataclass(slots=True)
class _Round:
    """Those who are promised something together."""

    session: Session
    county: County
    names: dict[int, str]  # of each message, by the ticket's identity
    open: dict[str, list[Ticket]]  # what each sender was promised that is still in memory
    known: Known  # and on disk
    made: list[Ticket] = field(default_factory=list)  # to be written down


class Promises:
    """`told` promises, `settle` hears that the writer came to it. `want_numbers`: few are left to be promised."""

    def __init__(
        self,
        database: Database,
        knowledge: Knowledge,
        chinese: Chinese,
        receipts: Receipts,
        baton: Baton,
        want_numbers: Callable[[], None],
    ) -> None:
        self._database = database
        self._knowledge = knowledge
        self._chinese = chinese
        self._receipts = receipts
        self._baton = baton
        self._want_numbers = want_numbers
        self._open = Open()
        self._due: list[_Due] = []
        self._at_once = 0  # receipts of the round that is going
        self._pressed_at = -LULL

    def open(self, name: str) -> Ticket | None:
        """What is promised here, and not yet decided or left to the disk alone."""
        return self._open.get(name)

    @property
    def is_pressed(self) -> bool:
        """Whether so many ask, or did a moment ago, that deciding has to wait."""
        return time.monotonic() - self._pressed_at < LULL

    @property
    def is_far_behind(self) -> bool:
        """Whether whoever asks for a receipt now would get it too late."""
        return self._oldest > SOON

    @property
    def _oldest(self) -> float:
        """Seconds that somebody has waited for a receipt."""
        return time.monotonic() - self._due[0][0].since if self._due else 0.0

    async def told(self, ticket: Ticket) -> str | None:
        """What is said meanwhile, once it is safe; None: nothing, the decision has to be waited for."""
        answered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        ticket.since = time.monotonic()
        self._due.append((ticket, answered))
        if not self._at_once:
            self._go_round()
        return await answered

    def tell_late(self, ticket: Ticket) -> None:
        """The platform was told that it takes longer, and nothing else."""
        if ticket.mail.channel != "wecom":  # an officer asks again
            ticket.tell_late(self._chinese.say(Wording.RECEIVED_LATE, {}))

    def forget(self, ticket: Ticket) -> None:
        """It is on disk and nowhere else until its turn, or nowhere."""
        self._open.drop(ticket.name)

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
        # Whoever hung up needs none where the writer has his message.
        waiting = [one for one in self._due if not (one[1].done() and one[0].is_queued)]
        due, self._due = waiting[:MOST], waiting[MOST:]
        self._at_once = len(due)
        if len(due) >= STEP:
            self._pressed_at = time.monotonic()
        if not due:
            return
        going = asyncio.get_running_loop().run_in_executor(None, self._tell, [ticket for ticket, _ in due])
        going.add_done_callback(lambda told: self._end_round(due, told.result()))

    def _end_round(self, due: list[_Due], told: list[_Told]) -> None:
        for (ticket, answered), said in zip(due, told, strict=True):
            if ticket.settled and ticket.kept is not None:  # meanwhile
                self._receipts.drop(ticket.name)
            if answered.done():  # nobody waits for it any more
                self.tell_late(ticket)
            elif isinstance(said, Exception):
                answered.set_exception(said)
            else:
                answered.set_result(said)
        if self._database.reserve.is_low:
            self._want_numbers()
        self._go_round()

    def _tell(self, tickets: Sequence[Ticket]) -> list[_Told]:
        made = list[Ticket]()
        try:
            with self._database.reading() as session:
                keys = self._knowledge.keys(session, tickets[0].at)
            with self._database.reading() as session:
                with self._baton.held():
                    going = self._begun(session, keys, tickets)
                made = going.made
                told = self._made(going, tickets)
            mails = [one.mail for one in going.made]  # as they are now: who hangs up meanwhile changes his
            with self._baton.held():
                rows = sealed(
                    keys,
                    [(one.name, mail, one.at) for one, mail in zip(going.made, mails, strict=True)],
                )
            self._receipts.keep(rows)
            for one, mail in zip(going.made, mails, strict=True):
                one.kept = mail
        except Exception as error:  # noqa: BLE001 - nothing is safe: all who wait are told so
            self._take_back(made, error)
            return [error for _ in tickets]
        return told

    def _take_back(self, made: Sequence[Ticket], error: Exception) -> None:
        """What could not be written is told to nobody, now or when the same message comes again."""
        may_lie_there = getattr(error, "sqlite_errorname", "").startswith("SQLITE_IOERR")
        for ticket in made:
            self._open.drop(ticket.name)
            petition = ticket.take_back()
            if petition is not None and not may_lie_there:
                self._database.reserve.give_back(petition)

    def _begun(self, session: Session, keys: Keyring, tickets: Sequence[Ticket]) -> _Round:
        """All that is looked up is looked up together."""
        names = {id(ticket): key_of(keys, ticket.mail) for ticket in tickets}
        # Looked at before the database: whoever is settled in between is found there.
        still_open = {sender: self._open.of(sender) for sender in {ticket.mail.sender for ticket in tickets}}
        known = self._receipts.known(keys, [(names[id(ticket)], ticket.mail) for ticket in tickets])
        county = self._knowledge.county(session, tickets[0].at, at_once=True)
        intake.look_ahead(session, county, [ticket.mail for ticket in tickets])
        return _Round(session, county, names, still_open, known)

    def _made(self, going: _Round, tickets: Sequence[Ticket]) -> list[_Told]:
        told = list[_Told]()
        for first in range(0, len(tickets), STEP):
            with self._baton.held():
                for ticket in tickets[first : first + STEP]:
                    try:
                        told.append(self._receipt(going, ticket))
                    except Exception as error:  # noqa: BLE001 - told to the one who waits for it
                        told.append(error)
        return told

    def _receipt(self, going: _Round, ticket: Ticket) -> str | None:
        mail, keys, name = ticket.mail, going.county.keys, going.names[id(ticket)]
        theirs = going.open[mail.sender]
        said = _told_already(going, mail.sender, mail.key, name)
        if said is None:
            said = intake.answered(going.session, going.county, mail, self._chinese.reply)
        if said is not None:
            ticket.is_repeated = True
            return said
        earlier = None if mail.is_whole else _number_just_told(going, ticket, theirs)
        number = number_for(keys.number_key, earlier) if earlier else None
        found = receipt(going.session, going.county, mail, ticket.at, self._database.reserve.take, number)
        if found is None:
            return None
        self._open.add(name, ticket)  # before the promise: whoever settles it finds it
        if not ticket.promise(name, self._chinese.reply(found.said), found.petition):
            self._open.drop(name)
            if found.petition is not None:
                self._database.reserve.give_back(found.petition)
            return None
        theirs.append(ticket)
        ticket.is_urgent = found.urgent
        if found.kept:
            going.made.append(ticket)
        return ticket.mail.told


def _told_already(going: _Round, sender: str, key: str, name: str) -> str | None:
    """To the same message, before."""
    said = next((one.mail.told for one in going.open[sender] if one.mail.key == key), None)
    return going.known.told.get(name) if said is None else said


def _number_just_told(going: _Round, ticket: Ticket, theirs: Sequence[Ticket]) -> int | None:
    """The id told to this person for what these words are more of, as a burst goes."""
    said = [*going.known.said.get(ticket.mail.sender, ()), *((one.mail, one.at) for one in theirs)]
    said.sort(key=lambda one: one[1])
    if not said or ticket.at - said[-1][1] > QUIET:
        return None
    recent = (mail.petition for mail, at in said if mail.petition and ticket.at - at <= LONGEST)
    return next(recent, None)
