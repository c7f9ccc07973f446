"""From a believed callback to the reply: the wire's message becomes mail, the writer commits, the answer leaves.

Where the writer does not come to it in time, a receipt leaves instead: durable, with its number, decided later.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog
from prometheus_client import Histogram

from bot.knowledge import Knowledge
from bot.logs import trace
from bot.promises import Promises, Ticket
from bot.receipts import Receipts
from bot.wire.message import Incoming
from bot.wire.relay import Relayed, Told
from bot.wire.robot import Asked
from bot.wording import Chinese
from bot.writer import Writer
from handlers import intake
from handlers.officer.intake import GROUP
from handlers.turn import Mail
from handlers.villager.doors import RELAY, sender_of
from models.base import TRACE, Session
from models.database import Database
from models.errors import TooMuch
from models.relay import note_nonce
from scheduler.clock import Clock

PATIENCE = 2.0  # seconds until a receipt is made; after five the platform has hung up
TRIES, AGAIN = 2, 0.5  # further tries for a receipt, and seconds between two
AT_START = 15.0  # seconds for what was promised before anybody is answered; the rest is decided meanwhile
TOGETHER = 64  # of what an earlier stop left undecided

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, PATIENCE, 3.0, 4.0, 5.0)

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
        self.seconds = Histogram(
            "lianxin_intake_seconds", "From a message to its answer.", buckets=SECONDS, registry=None
        )
        self._promises = Promises(database, knowledge, chinese, receipts, writer.baton)

    async def open(self) -> None:
        """Before the first message: numbers set aside, and what an earlier stop left undecided."""
        self._receipts.clear_away()
        left = await asyncio.to_thread(self._left)
        promised = {mail.petition for _, mail, _ in left if mail.petition}
        await asyncio.to_thread(self._database.set_aside, promised)
        begun = []  # in their order and before all that comes
        for name, mail, at in left:
            ticket = Ticket(mail, at, name=name)
            self._promises.know(ticket)
            decided = self._begin(ticket, promised=True)
            decided.add_done_callback(partial(self._promises.settle, ticket))
            begun.append(decided)
        if begun:
            await asyncio.wait(begun, timeout=AT_START)

    async def answer(self, incoming: Incoming) -> str | None:
        return await self._answer(_mail(incoming))

    async def relayed(self, relayed: Relayed) -> Told:
        """The same for what a relay hands in: the words, and the number they tell."""
        mail = _relayed(relayed)
        reply = await self._answer(mail) or ""
        return Told(await asyncio.to_thread(self._number_told, mail, reply), reply)

    async def asked(self, asked: Asked) -> str | None:
        """The same for a question to the robot: alone as in the application, in a group what a group may hear."""
        ticket = Ticket(_asked(asked), self._clock())
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
        with self.seconds.time():
            return await self._decided_or_promised(mail)

    async def _decided_or_promised(self, mail: Mail) -> str | None:
        hurries = (
            self._writer.is_far_behind
        )  # then a receipt is asked for at once, before anybody else is looked at
        if hurries and self._promises.is_far_behind:
            raise TooMuch("more than can be promised in time")
        ticket = Ticket(mail, self._clock())
        decided = self._begin(ticket)
        try:
            return await self._answered(ticket, decided, hurries=hurries)
        except asyncio.CancelledError:  # he was told that it takes longer
            self._promises.tell_late(ticket)
            raise

    async def _answered(self, ticket: Ticket, decided: "asyncio.Future[str]", *, hurries: bool) -> str | None:
        if hurries or not (await asyncio.wait([decided], timeout=PATIENCE))[0]:
            decided.add_done_callback(partial(self._promises.settle, ticket))
            told = await self._promised(ticket, decided)
            if told is not None:
                return told or None
        return await asyncio.shield(decided) or None  # whoever hangs up stops nothing

    async def _promised(self, ticket: Ticket, decided: "asyncio.Future[str]") -> str | None:
        """A receipt; where there is none now there may be soon, as where all numbers set aside are used up."""
        told = await self._promises.told(ticket)
        for _ in range(TRIES):
            if told is not None or (await asyncio.wait([decided], timeout=AGAIN))[0]:
                break
            told = await self._promises.told(ticket)
        return told

    async def catch_up(self) -> int:
        """Decides what was answered before a stop, or in vain, and never decided; how many."""
        left = [one for one in await asyncio.to_thread(self._left) if one[0] not in self._promises]
        for first in range(0, len(left), TOGETHER):
            some = left[first : first + TOGETHER]
            begun = [self._begin(Ticket(mail, at), promised=True) for _, mail, at in some]
            ended = await asyncio.gather(*begun, return_exceptions=True)
            for (name, *_), end in zip(some, ended, strict=True):
                if isinstance(end, BaseException):  # the others still have theirs; this one is tried again
                    log.error("promise not kept yet", error=type(end).__name__)
                else:
                    self._receipts.drop(name)
        return len(left)

    def _left(self) -> list[tuple[str, Mail, datetime]]:
        with self._database.reading() as session:
            keys = self._knowledge.keys(session, self._clock())
        return list(self._receipts.left(keys))

    def _begin(self, ticket: Ticket, *, promised: bool = False) -> "asyncio.Future[str]":
        return self._writer.begin(self._act(ticket), ticket, promised=promised)

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


def _mail(incoming: Incoming) -> Mail:
    return Mail(
        channel=incoming.platform,
        sender=incoming.sender,
        key=incoming.key,
        kind=incoming.kind,
        text=incoming.text,
        event=incoming.event,
        event_key=incoming.event_key,
        media=incoming.media_id or "",
        label=" ".join(
            filter(None, [incoming.location.label if incoming.location else "", incoming.title, incoming.url])
        ),
        consents=tuple((one.template, one.accepted) for one in incoming.consents),
        trace=trace(),
    )


def _relayed(relayed: Relayed) -> Mail:
    return Mail(
        channel=RELAY,
        sender=sender_of(relayed.relay, relayed.kind, relayed.sender, relayed.phone),
        key=relayed.message_id,
        kind="text",
        text=relayed.text,
        relay=relayed.relay,
        door=relayed.kind,
        name=relayed.name,
        phone=relayed.phone,
        place=relayed.place,
        order=relayed.order,
        trace=trace(),
    )


def _asked(asked: Asked) -> Mail:
    return Mail(
        channel="wecom",
        sender=asked.sender,
        key=asked.key,
        later=asked.later,
        kind="event" if asked.event else "text",
        text=asked.text,
        event="enter_agent" if asked.event == "enter_chat" else asked.event,
        door=GROUP if asked.in_group else "single",
        trace=trace(),
    )
