"""GET and POST of /wecom/bot: WeCom's intelligent robot, named in a cadres' group or written to alone (JSON).

Documents 100719 (messages), 101031 (answers), 101033 (encryption), 101138 (response_url), as wechat.md C4 reads them.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from aiohttp import web

from bot.logs import traced
from bot.wire.body import JSON_TYPES, read_body, read_json
from bot.wire.callback import only, refusal, where
from bot.wire.envelope import CallbackRejected, Envelope
from bot.wire.limit import CallbackLimits, Network, networks, origin
from bot.wire.outcome import NO_ANSWER, Outcome
from bot.wire.reply import clean, cut

MOST_ID = 128
MOST_MARKDOWN = 4096  # bytes
ACCOUNT = re.compile(r"[^\s<>&\x00-\x20\x7f]{1,64}")
NAMED = re.compile(r"^\s*@\S+\s*")  # the robot's name, before the question

log = structlog.get_logger(__name__)


class LateAnswers:
    """Posts an answer that came too late for its response: once, to WeCom's own address alone (document 101138)."""

    def __init__(self, http: aiohttp.ClientSession, *, base_url: str, timeout: float = 10.0) -> None:
        self._http = http
        self._host = urlsplit(base_url).netloc
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def send(self, url: str, text: str) -> Outcome:
        """Never tried twice: the address is good for one answer."""
        if urlsplit(url).netloc != self._host:
            return Outcome("never", "address")
        content = {"msgtype": "markdown", "markdown": {"content": cut(clean(text), MOST_MARKDOWN)}}
        try:
            async with self._http.post(
                url, json=content, timeout=self._timeout, allow_redirects=False
            ) as response:
                return Outcome("sent") if response.status == 200 else Outcome("never", "refused")
        except (aiohttp.ClientError, TimeoutError):
            return Outcome("never", NO_ANSWER)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the robot. `in_group`: others read it and the answer. `later`: where a late answer goes, once."""

    sender: str
    key: str
    text: str
    in_group: bool
    event: str = ""
    later: str = ""


class Robot:
    """`answer` gives the words, or nothing where they come later by the question's own address."""

    def __init__(
        self,
        envelope: Envelope,
        *,
        answer: Callable[[Asked], Awaitable[str | None]],
        clock: Callable[[], datetime],
        limits: CallbackLimits | None = None,
        trusted_proxies: Sequence[str] = (),
    ) -> None:
        self._envelope = envelope
        self._answer = answer
        self._clock = clock
        self._limits = limits or CallbackLimits()
        self._trusted: tuple[Network, ...] = networks(trusted_proxies)

    def routes(self, path: str) -> list[web.RouteDef]:
        return [web.get(path, self.verify, allow_head=False), web.post(path, self.receive)]

    async def verify(self, request: web.Request) -> web.Response:
        """GET: the platform asks whether this address is ours."""
        try:
            signature, stamp, nonce = _signed(request)
            echo = (only(request, "echostr") or "").replace(" ", "+")
            return web.Response(text=self._envelope.open(echo, signature, stamp, nonce).text)
        except CallbackRejected as rejected:
            return self._refuse(request, rejected)

    async def receive(self, request: web.Request) -> web.Response:
        with traced():
            return await self._receive(request)

    async def _receive(self, request: web.Request) -> web.Response:
        try:
            signature, stamp, nonce = _signed(request)
            encrypt = read_json(await read_body(request, JSON_TYPES)).get("encrypt")
            opened = self._envelope.open(encrypt, signature, stamp, nonce)
            asked = read_question(read_json(opened.text))
        except CallbackRejected as rejected:
            return self._refuse(request, rejected)
        if asked is None:
            return web.Response()
        wait = self._limits.accepted.take(asked.sender)
        if wait:
            log.info("callback limited", platform="robot")
            return refusal(CallbackRejected(429, "sender", wait))
        text = await self._answered(asked)
        log.info("callback answered", platform="robot")
        if not text:
            return web.Response()
        sealed = self._envelope.seal_json(_said(text), stamp or "", nonce or "", opened.key)
        return web.Response(text=sealed, content_type="application/json", charset="utf-8")

    async def _answered(self, asked: Asked) -> str | None:
        """The words; None where there are none, or none yet."""
        try:
            return await self._answer(asked)
        except Exception as error:  # noqa: BLE001 - whatever broke, the platform gets its 200
            log.error("answer failed", platform="robot", error=where(error))  # noqa: TRY400 - no text of a message
        return None

    def _refuse(self, request: web.Request, rejected: CallbackRejected) -> web.Response:
        address = origin(request.remote, request.headers.getall("X-Forwarded-For", []), self._trusted)
        wait = self._limits.refused.take(address)
        if wait:
            rejected = CallbackRejected(429, rejected.reason, wait)
        log.info("callback refused", platform="robot", status=rejected.status, reason=rejected.reason)
        return refusal(rejected)


def read_question(content: dict[str, Any]) -> Asked | None:
    """None: nothing to answer, as the platform's look after a stream or a kind of message nobody knows."""
    kind, sender = content.get("msgtype"), content.get("from")
    if not isinstance(kind, str):
        raise CallbackRejected(400, "msgtype")
    if kind == "stream":
        return None
    account = sender.get("userid") if isinstance(sender, dict) else None
    message_id = content.get("msgid")
    if not isinstance(account, str) or not ACCOUNT.fullmatch(account):
        raise CallbackRejected(400, "from")
    if not isinstance(message_id, str) or not 0 < len(message_id) <= MOST_ID:
        raise CallbackRejected(400, "msgid")
    event = _inner(content, "event").get("eventtype", "") if kind == "event" else ""
    text = _text(content, kind)
    if text is None and not event:
        return None
    return Asked(
        sender=account,
        key=hashlib.sha256(f"robot\x1f{account}\x1f{message_id}".encode()).hexdigest(),
        text=NAMED.sub("", text or "").strip(),
        in_group=content.get("chattype") != "single",
        event=event if isinstance(event, str) else "",
        later=later if isinstance(later := content.get("response_url"), str) else "",
    )


def _text(content: dict[str, Any], kind: str) -> str | None:
    """The words of a message; what it quotes is somebody else's."""
    if kind == "mixed":
        items = _inner(content, "mixed").get("msg_item")
        parts = [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
        return " ".join(str(_inner(one, "text").get("content", "")) for one in parts).strip()
    if kind not in ("text", "voice"):  # a voice comes as the text the platform made of it
        return None
    said = _inner(content, kind).get("content")
    return said if isinstance(said, str) else ""


def _inner(content: dict[str, Any], name: str) -> dict[str, Any]:
    inner = content.get(name)
    return inner if isinstance(inner, dict) else {}


def _signed(request: web.Request) -> tuple[str | None, str | None, str | None]:
    return only(request, "msg_signature"), only(request, "timestamp"), only(request, "nonce")


def _said(text: str) -> str:
    """A whole answer as the stream it has to be: begun and finished at once."""
    stream = {"id": secrets.token_hex(8), "finish": True, "content": text}
    return json.dumps({"msgtype": "stream", "stream": stream}, ensure_ascii=False)
