"""From a believed callback to the reply: the wire's message becomes mail, the writer commits, the answer leaves.

Where the writer does not come to it in time, a receipt leaves instead: durable, with its number, decided later.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import structlog
from prometheus_client import Histogram

from bot.backlog import Backlog
from bot.knowledge import Knowledge
from bot.mail import asked_mail, mail_of, relayed_mail
from bot.promises import Promises
from bot.receipts import Receipts
from bot.ticket import Ticket
from bot.wire.message import Incoming
from bot.wire.relay import Relayed, Told
from bot.wire.robot import Asked
from bot.wording import Chinese
from bot.writer import Writer
from handlers import intake
from handlers.turn import Mail
from models.base import TRACE, Session
from models.database import DATABASE_ERRORS, Database
from models.errors import TooMuch
from models.key import Keyring
from models.relay import note_nonce
from scheduler.clock import Clock

PATIENCE = 2.0  # seconds until a receipt is made; after five the platform has hung up
TRIES, AGAIN = 2, 0.5  # further tries for a receipt, and seconds between two
AT_START = 15.0  # seconds for what was promised before anybody is answered; the rest is decided meanwhile

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, PATIENCE, 3.0, 4.0, 5.0)

_Identity = tuple[str, str, str]  # of a message: channel, sender, key
_UnderWay = tuple[Ticket, "asyncio.Future[str]"]

log = structlog.get_logger(__name__)


class Intake:
    """What a callback calls for the text of its reply (`answer`)."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        knowledge: Knowledge,
        chinese: Chinese,
        clock: Clock,
        receipts: Receipts,
    ) -> None:
        self._database = database
        self._writer = writer
        writer.read_ahead = self._read_ahead
        self._knowledge = knowledge
        self._chinese = chinese
        self._clock = clock
        self._receipts = receipts
        self._seconds = Histogram(
            "lianxin_intake_seconds", "From a message to its answer.", buckets=SECONDS, registry=None
        )
        self.figures = (self._seconds, receipts.figure)
        self._promises = Promises(database, knowledge, chinese, receipts, writer.baton, self._want_numbers)
        self._drawing: asyncio.Future[None] | None = None
        self._latest: dict[str, asyncio.Future[None]] = {}  # by sender, of what is being promised
        self._promising: set[asyncio.Task[str | None]] = set()
        self._queued: dict[_Identity, _UnderWay] = {}  # what the writer was given
        self._backlog = Backlog(receipts, self._promises, writer, self._keys, self._begin_promised)

    async def open(self) -> None:
        """Before the first message: numbers set aside, and what an earlier stop left undecided."""
        await asyncio.to_thread(self._receipts.open, await asyncio.to_thread(self._keys))
        await asyncio.to_thread(self._database.set_aside, await asyncio.to_thread(self._receipts.numbers))
        await asyncio.wait([self._backlog.work_off()], timeout=AT_START)

    async def stop(self) -> None:
        """Once nobody is answered any more: what waits is left to the next start."""
        await self._backlog.stop()

    async def close(self) -> None:
        """Once the writer is closed too."""
        await asyncio.to_thread(self._receipts.close)

    async def catch_up(self) -> int:
        """Decides what was answered before a stop, or in vain, and never decided; how many."""
        return await self._backlog.work_off()

    async def answer(self, incoming: Incoming) -> str | None:
        return await self._answer(mail_of(incoming))

    async def relayed(self, relayed: Relayed) -> Told:
        """The same for what a relay hands in: the words, and the number they tell."""
        mail = relayed_mail(relayed)
        reply = await self._answer(mail) or ""
        return Told(await asyncio.to_thread(self._number_told, mail, reply), reply)

    async def asked(self, asked: Asked) -> str | None:
        """The same for a question to the robot: alone as in the application, in a group what a group may hear."""
        ticket = Ticket(asked_mail(asked), self._clock())
        decided = self._writer.begin(self._act(ticket))
        done, _ = await asyncio.wait([decided], timeout=PATIENCE)
        if not done and asked.later and ticket.hang_up():
            return None
        return await asyncio.shield(decided) or None

    async def is_new(self, relay: str, nonce: str) -> bool:
        """Whether a relay never used this nonce before; it is used now."""

        def act(session: Session) -> bool:
            keys = self._knowledge.keys(session, self._clock())
            return note_nonce(session, keys.lookup("nonce", f"{relay}\n{nonce}"), self._clock())

        return await self._writer.run(act)

    def _number_told(self, mail: Mail, reply: str) -> str | None:
        with self._database.reading() as session:
            county = self._knowledge.county(session, self._clock(), at_once=True)
            return intake.number_told(session, county, mail, reply)

    async def _answer(self, mail: Mail) -> str | None:
        with self._seconds.time():
            return await self._decided_or_promised(mail)

    async def _decided_or_promised(self, mail: Mail) -> str | None:
        at = self._clock()
        # An officer is promised nothing.
        waits = mail.channel != "wecom" and (self._writer.is_far_behind or await self._waits(mail))
        ticket, decided = self._under_way(mail) or (Ticket(mail, at), None)
        if decided is None:
            if waits:
                return await self._promised_at_once(ticket)
            decided = self._begin(ticket)
            ticket.is_queued = True
        try:
            return await self._answered(ticket, decided)
        except asyncio.CancelledError:  # he was told that it takes longer
            self._promises.tell_late(ticket)
            raise

    def _under_way(self, mail: Mail) -> _UnderWay | None:
        """The same message, where the writer was given it and nothing is told yet: it is told one number."""
        found = self._queued.get(_identity(mail))
        return found if found is not None and not found[0].name else None

    async def _waits(self, mail: Mail) -> bool:
        """Whether words of this person are being promised or lie on disk: what he says now comes after them."""
        if mail.sender in self._latest:
            return True
        with suppress(sqlite3.Error):  # nothing can be looked up, and nothing promised
            if not self._receipts.is_empty:
                return await asyncio.to_thread(self._receipts.holds, self._keys(), mail)
        return False

    async def _promised_at_once(self, ticket: Ticket) -> str | None:
        """Before the writer is given it: it waits on disk, unless that cannot be or may not be."""
        if self._promises.is_far_behind or self._receipts.is_full:
            raise TooMuch("more than can be promised in time")
        self._promising.add(promising := asyncio.ensure_future(self._promised_in_turn(ticket)))
        promising.add_done_callback(self._end_promising)
        try:
            return await asyncio.shield(promising)
        except asyncio.CancelledError:  # he was told that it takes longer; it goes on
            self._promises.tell_late(ticket)
            raise

    def _end_promising(self, promising: "asyncio.Task[str | None]") -> None:
        self._promising.discard(promising)
        if not promising.cancelled():
            promising.exception()  # heard by who waits; whoever was told late was told to say it again as well

    async def _promised_in_turn(self, ticket: Ticket) -> str | None:
        """What one person says is promised one after the other."""
        before = self._latest.get(sender := ticket.mail.sender)
        self._latest[sender] = mine = asyncio.get_running_loop().create_future()
        try:
            if before is not None:
                await asyncio.wait([before])
            same = self._under_way(ticket.mail)
            if same is None:
                told = await self._promised(ticket)
                if told is not None:
                    await self._leave(ticket)
                    return told or None
                same = ticket, await self._brought(ticket)
        except Exception:
            self._promises.forget(ticket)
            raise
        finally:
            mine.set_result(None)
            if self._latest.get(sender) is mine:
                del self._latest[sender]
        return await self._answered(*same)

    async def _leave(self, ticket: Ticket) -> None:
        """Once he was told something: what lies on disk waits there, but not where somebody is in danger."""
        if ticket.is_repeated:
            return
        is_on_disk = ticket.kept is ticket.mail
        if not is_on_disk or (ticket.is_urgent and not self._writer.is_full):
            # TooMuch: an accusation was told what to do, and is kept nowhere; any other waits as all do.
            with suppress(TooMuch, sqlite3.Error):
                await self._brought(ticket)
                return
        self._promises.forget(ticket)
        if ticket.kept is not None:
            self._backlog.put()

    async def _brought(self, ticket: Ticket) -> "asyncio.Future[str]":
        decided = await self._backlog.bring(ticket)
        ticket.is_queued = True
        decided.add_done_callback(partial(self._promises.settle, ticket))
        return decided

    async def _answered(self, ticket: Ticket, decided: "asyncio.Future[str]") -> str | None:
        if not (await asyncio.wait([decided], timeout=PATIENCE))[0]:
            decided.add_done_callback(partial(self._promises.settle, ticket))
            # Where none can be written, or nothing looked up, the decision is waited for.
            with suppress(sqlite3.Error, *DATABASE_ERRORS):
                told = await self._promised(ticket, decided)
                if told is not None:
                    return told or None
        return await asyncio.shield(decided) or None  # whoever hangs up stops nothing

    async def _promised(self, ticket: Ticket, decided: "asyncio.Future[str] | None" = None) -> str | None:
        """A receipt; where there is none now there may be soon, as where all numbers set aside are used up."""
        told = await self._promises.told(ticket)
        for _ in range(TRIES):
            if told is not None:
                break
            if decided is None:
                await asyncio.sleep(AGAIN)
            elif (await asyncio.wait([decided], timeout=AGAIN))[0]:
                break
            told = await self._promises.told(ticket)
        return told

    def _want_numbers(self) -> None:
        """The writer draws more with each batch; in a storm that is too seldom."""
        if self._drawing is None or self._drawing.done():
            self._drawing = asyncio.ensure_future(self._draw())

    async def _draw(self) -> None:
        with suppress(*DATABASE_ERRORS):  # those left are promised meanwhile
            await asyncio.to_thread(self._database.set_aside_more)

    def _keys(self) -> Keyring:
        with self._database.reading() as session:
            return self._knowledge.keys(session, self._clock())

    def _begin(self, ticket: Ticket, *, promised: bool = False) -> "asyncio.Future[str]":
        decided = self._writer.begin(self._act(ticket), ticket, promised=promised)
        self._queued[identity := _identity(ticket.mail)] = ticket, decided
        decided.add_done_callback(partial(self._came_to, identity))
        return decided

    def _came_to(self, identity: _Identity, decided: "asyncio.Future[str]") -> None:
        found = self._queued.get(identity)
        if found is not None and found[1] is decided:
            del self._queued[identity]

    def _begin_promised(self, ticket: Ticket) -> "asyncio.Future[str]":
        return self._begin(ticket, promised=True)

    def _read_ahead(self, session: Session, tickets: list[Ticket]) -> None:
        county = self._knowledge.county(session, self._clock(), at_once=True)
        intake.read_ahead(session, county, [ticket.mail for ticket in tickets])

    def _act(self, ticket: Ticket) -> Callable[[Session], str]:
        def act(session: Session) -> str:
            county = self._knowledge.county(session, ticket.at, at_once=True)
            mail = ticket.begin()
            session.info[TRACE] = mail.trace
            try:
                return intake.receive(session, county, mail, ticket.at, self._chinese.reply)
            finally:
                del session.info[TRACE]

        return act


def _identity(mail: Mail) -> _Identity:
    return mail.channel, mail.sender, mail.key
