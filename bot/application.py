"""The whole service, put together: the only file that knows all parts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import structlog
from aiohttp import web

from bot.courier import PlatformCourier
from bot.health import health_routes
from bot.inbound import inbound_routes
from bot.intake import Intake
from bot.knowledge import Knowledge
from bot.metrics import Tokens, metrics_routes
from bot.pages.door import Door
from bot.receipts import Receipts
from bot.schema import open_database
from bot.sections import SpeechSettings
from bot.settings import Settings
from bot.speech import PlatformEars
from bot.wire.robot import LateAnswers
from bot.wire.signature import SignedClient
from bot.wire.sms import SmsClient
from bot.wire.wechat import WechatClient
from bot.wire.wecom import WecomClient
from bot.wording import Chinese
from bot.writer import Writer
from handlers.lane_change import propose
from handlers.reader import Reader
from models.calendar import Calendar, seed
from models.database import Database
from models.leadership import Leadership
from scheduler import daily, digest, exchange, ledger, media, retention, study
from scheduler import petition as petitions
from scheduler.clock import Clock, wall_clock
from scheduler.outbox import deliver
from scheduler.station import Station
from scheduler.timetable import stop, timetable

JOBS: dict[str, Callable[[Station, datetime], object]] = {  # of a sweep, in this order
    "petitions": petitions.sweep,
    "study": study.bring,
    "exchange": exchange.report,
    "daily": daily.ring,
    "retention": retention.let_go,
    "checkpoint": ledger.pin,
    "digests": digest.publish,
}
LAST_BATCHES = 0.5  # seconds the writer goes on; what it leaves was promised, or is sent again
LAST_WAIT = 1.5  # seconds that letters on their way have to arrive, once the service was told to stop

log = structlog.get_logger(__name__)


@dataclass
class Service:
    """The parts that live as long as the process."""

    settings: Settings
    clock: Clock
    database: Database
    knowledge: Knowledge
    chinese: Chinese
    writer: Writer
    wechat: WechatClient | None = None
    wecom: WecomClient | None = None
    sms: SmsClient | None = None
    late_answers: LateAnswers | None = None
    ears: PlatformEars | None = None
    exchanges: dict[str, SignedClient] = field(default_factory=dict)
    http: aiohttp.ClientSession | None = None
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    carrying: asyncio.Lock = field(default_factory=asyncio.Lock)
    listening: asyncio.Lock = field(default_factory=asyncio.Lock)
    is_stopping: bool = False
    leadership: Leadership = field(init=False)

    def __post_init__(self) -> None:
        self.leadership = Leadership(self.database)

    @property
    def station(self) -> Station:
        return Station(self.database, self.knowledge.county, lambda: self.is_stopping)

    @property
    def courier(self) -> PlatformCourier:
        templates = self.settings.wechat.templates if self.settings.wechat else {}
        return PlatformCourier(
            self.knowledge,
            self.chinese,
            self.wechat,
            self.wecom,
            templates.get("petition_progress", ""),
            self.sms,
            templates.get("study_reminder", ""),
            {robot.name: robot.key for robot in self.settings.group_robots},
            self.late_answers,
            self.exchanges,
        )

    async def ring(self) -> dict[str, Any]:
        """At each bell: one of all processes does whatever is due, the others stand by."""
        leads = not self.is_stopping and await asyncio.to_thread(self.leadership.is_ours)
        return await self.sweep(self.clock()) if leads else {}

    async def carry(self, clock: Clock) -> dict[str, int]:
        """Letters, by any process, and beside the sweep: news of danger does not wait until all clocks were seen to."""
        concurrency = self.settings.outbox.concurrency
        async with self.carrying:
            if self.is_stopping:
                return {}
            return await deliver(self.station, self.courier, clock, concurrency)

    async def tick(self, at: datetime) -> dict[str, Any]:
        """Everything due at `at`, once: what ran, and how much each did."""
        heard = await self.listen(at)
        swept = await self.sweep(at)
        return swept | {"letters": await self.carry(lambda: at), "media": heard}

    async def listen(self, at: datetime) -> int:
        """Recordings and pictures; beside everything else, for a recording may take a minute to understand."""
        if self.ears is None:
            return 0
        folder = self.settings.path(self.settings.service.data_dir) / media.FOLDER
        async with self.listening:
            return await media.attend(self.station, self.ears, folder, at)

    async def sweep(self, at: datetime) -> dict[str, Any]:
        """The same without letters and files; told to stop, it begins no further job."""
        swept: dict[str, Any] = {"at": at.isoformat()}
        async with self.busy:
            for name, job in JOBS.items():
                if self.is_stopping:
                    break
                swept[name] = await asyncio.to_thread(job, self.station, at)
        return swept


def prepare(settings: Settings, clock: Clock = wall_clock, reader: Reader | None = None) -> Service:
    """Opens the database, brings it up to date, loads the rules (unless given): what every command needs."""
    database = open_database(settings)
    knowledge = Knowledge(settings, reader)
    at = clock()
    with database.transaction() as session:
        if not Calendar.load(session).sources:  # later years are taken in by the daily look ahead
            seed(session, at.astimezone(settings.zone).date())
        county = knowledge.county(session, at)
        lanes = knowledge.unagreed(session)
        if lanes is not None:
            propose(session, county, lanes, at)
    return Service(settings, clock, database, knowledge, Chinese.load(settings.zone), Writer(database))


async def connect(service: Service) -> None:
    """Opens the clients of the platforms that are switched on."""
    service.http = aiohttp.ClientSession()
    service.is_stopping = False
    timeout = service.settings.outbox.timeout
    wechat, wecom = service.settings.wechat, service.settings.wecom
    if wechat is not None:
        service.wechat = WechatClient(
            service.http,
            app_id=wechat.app_id,
            app_secret=wechat.app_secret,
            clock=service.clock,
            alarm=_alarm("wechat"),
            base_url=wechat.api_base_url,
            timeout=timeout,
        )
    if wecom is not None:
        service.wecom = WecomClient(
            service.http,
            corp_id=wecom.corp_id,
            agent_id=wecom.agent_id,
            secret=wecom.secret,
            clock=service.clock,
            alarm=_alarm("wecom"),
            base_url=wecom.api_base_url,
            timeout=timeout,
        )
    speech = service.settings.speech or SpeechSettings()
    service.ears = PlatformEars(
        service.http,
        service.wechat,
        service.wecom,
        command=speech.command,
        url=speech.url,
        convert=speech.convert,
        timeout=speech.timeout,
        least=speech.confidence,
    )
    if service.settings.sms is not None:
        service.sms = SmsClient(
            service.http,
            url=service.settings.sms.api_url,
            secret=service.settings.sms.secret,
            clock=service.clock,
            timeout=timeout,
        )
    if wecom is not None and service.settings.wecom_bot is not None:
        service.late_answers = LateAnswers(service.http, base_url=wecom.api_base_url, timeout=timeout)
    service.exchanges = {
        relay.id: SignedClient(
            service.http, url=relay.reply_url, secret=relay.secrets[0], clock=service.clock, timeout=timeout
        )
        for relay in service.settings.relays
        if relay.reply_url
    }


async def disconnect(service: Service) -> None:
    """In order: no further letter leaves, those on their way get a moment, and all are written down as they ended."""
    service.is_stopping = True
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST_WAIT), service.carrying:
            pass
    if service.http is not None:
        await service.http.close()  # who still waits for a platform hears that it did not answer
    async with service.carrying, service.busy:
        pass
    await asyncio.to_thread(service.writer.close, LAST_BATCHES)
    service.leadership.give_up()
    service.database.close()


def application(service: Service, *, with_scheduler: bool = True) -> web.Application:
    """The web service. Its parts open when it starts and close, everything durable, when it stops."""
    app = web.Application(client_max_size=1024 * 1024)
    folder = service.settings.path(service.settings.service.data_dir)
    app.router.add_routes(health_routes(service.database, folder, lambda: token_states(service)))
    Door(service.settings, service.database, service.knowledge, service.chinese, service.clock).mount(app)
    intake = _intake(service)
    figures = (*service.writer.figures, *intake.figures, Tokens(lambda: token_ages(service)))
    token = service.settings.service.metrics_token
    app.router.add_routes(metrics_routes(service.database, service.clock, token, figures))
    app.router.add_routes(inbound_routes(service.settings, service.chinese, service.clock, intake))

    async def life(_: web.Application) -> AsyncIterator[None]:
        await connect(service)
        await intake.open()
        scheduler = (
            timetable(service.settings.zone, bells(service) | {"receipts": intake.catch_up})
            if with_scheduler
            else None
        )
        yield
        await intake.stop()
        await disconnect(service)
        await intake.close()
        if scheduler is not None:
            stop(scheduler)  # only now: it would break off what is under way

    async def told(_: web.Application) -> None:
        service.is_stopping = True  # while the last requests are still answered

    app.cleanup_ctx.append(life)
    app.on_shutdown.append(told)
    return app


def token_states(service: Service) -> dict[str, str]:
    return {name: client.token_state for name, client in _clients(service).items()}


def token_ages(service: Service) -> dict[str, timedelta | None]:
    return {name: client.token_age for name, client in _clients(service).items()}


def _clients(service: Service) -> dict[str, WechatClient | WecomClient]:
    clients = {"wechat": service.wechat, "wecom": service.wecom}
    return {name: client for name, client in clients.items() if client is not None}


def _intake(service: Service) -> Intake:
    receipts = Receipts(service.settings.path(service.settings.service.data_dir) / "receipts.sqlite")
    return Intake(
        service.database, service.writer, service.knowledge, service.chinese, service.clock, receipts
    )


def bells(service: Service) -> dict[str, Callable[[], Awaitable[object]]]:
    """What the timetable rings."""

    async def files() -> None:
        if await asyncio.to_thread(service.leadership.is_ours):
            await service.listen(service.clock())

    async def letters() -> None:
        await service.carry(service.clock)

    return {"petitions": service.ring, "letters": letters, "media": files}


def _alarm(channel: str) -> Callable[[str], None]:
    return lambda reason: log.error("channel stopped", channel=channel, reason=reason)
