"""GET and POST of /wechat and /wecom: believe what is signed, refuse the rest, answer in time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import structlog
from aiohttp import web

from bot.logs import traced
from bot.wire.body import XML_TYPES, read_body
from bot.wire.document import read_document
from bot.wire.envelope import CallbackRejected, Envelope, check_signature
from bot.wire.limit import CallbackLimits, Network, networks, origin, retry_after
from bot.wire.message import Incoming, Platform, read_message
from bot.wire.reply import text_reply
from models.errors import TooMuch

MOST_ECHO = 4096  # characters of an echostr
DEADLINE = 4.0  # seconds for an answer; after five the platform asks again, three times in all

Answer = Callable[[Incoming], Awaitable[str | None]]

_XML = {"Content-Type": "text/xml; charset=utf-8"}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Believed:
    """A message whose sender is proven, and how to seal the reply to it."""

    incoming: Incoming
    seal: Callable[[str], str]


class Callback:
    """The callback of one account.

    `envelope` None is plain mode: the signature does not cover the body then, so only for a loopback host.
    `answer` gives the text of the reply, or None for none. `failure` is the text for a villager whose message
    could not be taken in: without it the platform is told `success` and stays silent. `late` is said where the
    answer takes too long: what was begun is then still finished.
    """

    def __init__(
        self,
        platform: Platform,
        *,
        token: str,
        envelope: Envelope | None,
        answer: Answer,
        clock: Callable[[], datetime],
        limits: CallbackLimits | None = None,
        trusted_proxies: Sequence[str] = (),
        failure: str | None = None,
        late: str | None = None,
        deadline: float | None = None,
    ) -> None:
        if platform == "wecom" and envelope is None:
            raise ValueError("WeCom has no plain mode")
        self._platform = platform
        self._token = token
        self._envelope = envelope
        self._answer = answer
        self._clock = clock
        self._limits = limits or CallbackLimits()
        self._trusted: tuple[Network, ...] = networks(trusted_proxies)
        self._failure = failure
        self._late = late or failure
        self._deadline = DEADLINE if deadline is None else deadline

    def routes(self, path: str) -> list[web.RouteDef]:
        return [web.get(path, self.verify, allow_head=False), web.post(path, self.receive)]

    async def verify(self, request: web.Request) -> web.Response:
        """GET: the platform asks whether this address is ours."""
        try:
            echo = self._echo(request)
        except CallbackRejected as rejected:
            return self._refuse(request, rejected)
        return web.Response(text=echo, headers={"X-Content-Type-Options": "nosniff"})

    async def receive(self, request: web.Request) -> web.Response:
        """POST: a message or an event."""
        with traced():
            return await self._receive(request)

    async def _receive(self, request: web.Request) -> web.Response:
        try:
            believed = self._believe(request, await _read_body(request))
        except CallbackRejected as rejected:
            return self._refuse(request, rejected)
        except Exception as error:  # noqa: BLE001 - a stranger never sees a 5xx
            log.error("callback broke", platform=self._platform, error=where(error))  # noqa: TRY400 - as `where`
            return self._refuse(request, CallbackRejected(400, "unexpected"))
        wait = self._limits.accepted.take(believed.incoming.sender)
        if wait:
            log.info("callback limited", platform=self._platform)
            return refusal(CallbackRejected(429, "sender", wait))
        return await self._respond(believed)

    def _echo(self, request: web.Request) -> str:
        timestamp, nonce = only(request, "timestamp") or "", only(request, "nonce") or ""
        echo = only(request, "echostr")
        if self._platform == "wechat":
            # the official account's GET is signed without the echo, in every mode
            check_signature(only(request, "signature"), self._token, timestamp, nonce)
            if not echo or len(echo) > MOST_ECHO:
                raise CallbackRejected(400, "echostr")
            return echo
        # a plus sign that nobody escaped arrives as a space; base64 has no spaces
        echo = (echo or "").replace(" ", "+")
        return self._sealed_by().open(echo, only(request, "msg_signature"), timestamp, nonce).text

    def _believe(self, request: web.Request, body: str) -> _Believed:
        timestamp, nonce = only(request, "timestamp") or "", only(request, "nonce") or ""
        signature = only(request, "signature")
        if self._envelope is None:
            check_signature(signature, self._token, timestamp, nonce)
            return _Believed(read_message(body, self._platform), str)
        sealed = only(request, "msg_signature")
        if not sealed:
            raise CallbackRejected(401, "signature missing")
        if signature and self._platform == "wechat":
            check_signature(signature, self._token, timestamp, nonce)  # cheap, and before any XML
        # Plain fields beside Encrypt (compatibility mode) carry no signature: only Encrypt is read.
        encrypt = read_document(body).needed("Encrypt")
        envelope = self._envelope
        opened = envelope.open(encrypt, sealed, timestamp, nonce)
        return _Believed(
            read_message(opened.text, self._platform),
            lambda text: envelope.seal(text, timestamp, nonce, opened.key),
        )

    def _sealed_by(self) -> Envelope:
        if self._envelope is None:
            raise CallbackRejected(400, "plain mode")
        return self._envelope

    async def _respond(self, believed: _Believed) -> web.Response:
        text = self._failure
        try:
            async with asyncio.timeout(self._deadline):
                text = await self._answer(believed.incoming)
        except TimeoutError:
            text = self._late  # the work goes on, and its answer follows as a letter
            log.error("answer late", platform=self._platform, kind=believed.incoming.kind)  # noqa: TRY400 - as below
        except TooMuch:  # said in one short line: in a storm it is said hundreds of times a second
            log.warning("answer refused", platform=self._platform)
            return self._reply(believed, text)
        except Exception as error:  # noqa: BLE001 - whatever broke, the platform gets its 200
            # no traceback: the arguments of a database error hold the villager's words
            log.error("answer failed", platform=self._platform, error=where(error))  # noqa: TRY400 - see above
        log.info("callback answered", platform=self._platform)
        return self._reply(believed, text)

    def _reply(self, believed: _Believed, text: str | None) -> web.Response:
        if not text:
            return web.Response(text="success" if self._platform == "wechat" else "")
        xml = text_reply(believed.incoming, text, self._clock())
        return web.Response(body=believed.seal(xml).encode(), headers=_XML)

    def _refuse(self, request: web.Request, rejected: CallbackRejected) -> web.Response:
        """Refused callbacks count for their address; past its limit the answer is 429, whatever was wrong."""
        address = origin(request.remote, request.headers.getall("X-Forwarded-For", []), self._trusted)
        wait = self._limits.refused.take(address)
        if wait:
            rejected = CallbackRejected(429, rejected.reason, wait)
        log.info("callback refused", platform=self._platform, status=rejected.status, reason=rejected.reason)
        return refusal(rejected)


async def _read_body(request: web.Request) -> str:
    try:
        return (await read_body(request, XML_TYPES)).decode()
    except UnicodeDecodeError as error:
        raise CallbackRejected(400, "encoding") from error


def only(request: web.Request, name: str) -> str | None:
    """A query value that may stand there once."""
    values = request.query.getall(name, [])
    if len(values) > 1:
        raise CallbackRejected(400, f"{name} repeated")
    return values[0] if values else None


def refusal(rejected: CallbackRejected) -> web.Response:
    headers = {"Retry-After": retry_after(rejected.wait)} if rejected.status == 429 else {}
    return web.Response(status=rejected.status, text=HTTPStatus(rejected.status).phrase, headers=headers)


def where(error: BaseException) -> str:
    """The error's type and place, never its text: that may hold what a villager wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return type(error).__name__ + place
