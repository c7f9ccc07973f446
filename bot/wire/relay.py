"""POST /relay: call centre, SMS gateway, web form, 12345 exchange. Signed by a secret that both sides hold."""

import hmac
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from aiohttp import web

from bot.logs import traced
from bot.wire.body import JSON_TYPES, read_body, read_json
from bot.wire.callback import refusal, where
from bot.wire.envelope import CallbackRejected
from bot.wire.limit import CallbackLimits, Network, networks, origin
from bot.wire.signature import signature

KINDS = frozenset({"call", "sms", "web", "12345"})
LATE = 300  # seconds a stamp may lie from now, either way
MOST_TEXT = 8000  # characters
MOST_ID = 128
DIGEST = re.compile("[0-9a-f]{64}")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Relayed:
    """One message of a relay, read; `order`: the exchange's own number of the matter."""

    relay: str
    message_id: str
    kind: str
    sender: str
    text: str
    name: str = ""
    phone: str = ""
    place: str = ""
    order: str = ""


class Told(NamedTuple):
    """What is answered: the number of the matter, where it is one, and the words for the person."""

    number: str | None
    reply: str


class Relay:
    """The door of all relays: `secrets` by relay, `answer` for what is said, `is_new` for a nonce never used before."""

    def __init__(
        self,
        secrets: Mapping[str, Sequence[str]],
        *,
        answer: Callable[[Relayed], Awaitable[Told]],
        is_new: Callable[[str, str], Awaitable[bool]],
        clock: Callable[[], datetime],
        limits: CallbackLimits | None = None,
        trusted_proxies: Sequence[str] = (),
    ) -> None:
        self._secrets = secrets
        self._answer = answer
        self._is_new = is_new
        self._clock = clock
        self._limits = limits or CallbackLimits()
        self._trusted: tuple[Network, ...] = networks(trusted_proxies)

    def routes(self, path: str) -> list[web.RouteDef]:
        return [web.post(path, self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        with traced():
            return await self._receive(request)

    async def _receive(self, request: web.Request) -> web.Response:
        try:
            relayed = await self._believe(request)
        except CallbackRejected as rejected:
            return self._refuse(request, rejected)
        wait = self._limits.accepted.take(f"{relayed.relay}\n{relayed.sender}")
        if wait:
            log.info("relay limited", relay=relayed.relay)
            return refusal(CallbackRejected(429, "sender", wait))
        try:
            told = await self._answer(relayed)
        except Exception as error:  # noqa: BLE001 - the relay asks again; no traceback, it may hold what was said
            log.error("relay answer failed", relay=relayed.relay, error=where(error))  # noqa: TRY400 - as above
            return refusal(CallbackRejected(503, "answer"))
        log.info("relay answered", relay=relayed.relay)
        return web.json_response({"number": told.number, "reply": told.reply})

    async def _believe(self, request: web.Request) -> Relayed:
        """The signature first, then the nonce, which is kept whatever follows; then what it says."""
        body = await read_body(request, JSON_TYPES)
        relay, stamp, nonce, signed = (
            _header(request, name) for name in ("Id", "Timestamp", "Nonce", "Signature")
        )
        secrets = self._secrets.get(relay, ())
        if not any(hmac.compare_digest(signature(one, stamp, nonce, body), signed) for one in secrets):
            raise CallbackRejected(401, "signature")
        if not stamp.isdigit() or abs(self._clock().timestamp() - int(stamp)) > LATE:
            raise CallbackRejected(401, "timestamp")
        if not await self._is_new(relay, nonce):
            raise CallbackRejected(401, "nonce")
        return _read(relay, read_json(body))

    def _refuse(self, request: web.Request, rejected: CallbackRejected) -> web.Response:
        """As at the platforms' callbacks: refusals count for their address."""
        address = origin(request.remote, request.headers.getall("X-Forwarded-For", []), self._trusted)
        wait = self._limits.refused.take(address)
        if wait:
            rejected = CallbackRejected(429, rejected.reason, wait)
        log.info("relay refused", status=rejected.status, reason=rejected.reason)
        return refusal(rejected)


def _header(request: web.Request, name: str) -> str:
    """A header that must stand there once, in plain letters."""
    values = request.headers.getall(f"X-Relay-{name}", [])
    if len(values) != 1 or not values[0].isascii() or not 0 < len(values[0]) <= MOST_ID:
        raise CallbackRejected(401, name)
    if name == "Signature" and not DIGEST.fullmatch(values[0]):
        raise CallbackRejected(401, name)
    return values[0]


def _read(relay: str, content: dict[str, Any]) -> Relayed:
    kind, sender = content.get("kind"), content.get("from")
    if kind not in KINDS or not isinstance(sender, dict):
        raise CallbackRejected(400, "kind" if kind not in KINDS else "from")
    message_id = _text(content, "message_id", MOST_ID)
    _check_instant(content.get("at"))
    return Relayed(
        relay=relay,
        message_id=message_id,
        kind=kind,
        sender=_text(sender, "id", MOST_ID),
        text=_text(content, "text", MOST_TEXT),
        name=_text(sender, "name", MOST_ID, needed=False),
        phone=_text(sender, "phone", MOST_ID, needed=False),
        place=_text(content, "place", MOST_ID, needed=False),
        order=(_text(content, "order", MOST_ID, needed=False) or message_id) if kind == "12345" else "",
    )


def _text(content: dict[str, Any], name: str, most: int, *, needed: bool = True) -> str:
    value = content.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or len(value) > most or (needed and not value.strip()):
        raise CallbackRejected(400, name)
    return value.strip()


def _check_instant(at: object) -> None:
    """When it was said over there. Clocks start when it reaches us, so it is only looked at, never believed."""
    if at is None:
        return
    try:
        if isinstance(at, str) and datetime.fromisoformat(at).tzinfo is not None:
            return
    except ValueError:
        pass
    raise CallbackRejected(400, "at")
