"""Knocking on the service's door as the platforms do: encrypted, signed, patient for five seconds, thrice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.parsers.expat import ExpatError

import aiohttp
from wechatpy.exceptions import WeChatException

from bot.simulator.seal import Seal, parsed

TRIES = 3
# A passive text longer than this is not shown (measured by others; the platform's page gives no figure).
LONGEST_TEXT = 2048


@dataclass(frozen=True)
class Reply:
    """A passive reply as the phone shows it."""

    kind: str
    text: str
    link: str = ""


@dataclass(frozen=True)
class Try:
    """One envelope and what became of it. `status` is None where no answer came in time."""

    status: int | None
    trouble: str
    reply: Reply | None


@dataclass
class Delivery:
    """One callback with all its tries. `trouble` is empty where the service answered as it should."""

    at: datetime
    sender: str
    plain: str
    tries: list[Try] = field(default_factory=list)

    @property
    def last(self) -> Try:
        return self.tries[-1]


class Callback:
    """One callback address of the service."""

    def __init__(self, seal: Seal, clock: Callable[[], datetime], patience: float = 5.0) -> None:
        self._seal = seal
        self._clock = clock
        self.url = ""
        self.patience = patience  # seconds of real time, not of the simulated clock
        self.deliveries: list[Delivery] = []
        self._session: aiohttp.ClientSession | None = None

    async def post(self, plain: str, sender: str) -> Delivery:
        """Delivers, and again where nothing came back in time: the same plaintext in a new envelope."""
        delivery = Delivery(self._clock(), sender, plain)
        self.deliveries.append(delivery)
        for _ in range(TRIES):
            attempt = await self._once(plain, sender)
            delivery.tries.append(attempt)
            if attempt.status is not None and attempt.status < 500:
                break
        return delivery

    async def verify(self) -> bool:
        """The GET by which a platform makes sure that the address is ours."""
        query, echo = self._seal.hello(self._clock())
        patience = aiohttp.ClientTimeout(total=self.patience)
        async with self._client().get(self.url, params=query, timeout=patience) as answer:
            return answer.status == 200 and await answer.text() == echo

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def _once(self, plain: str, sender: str) -> Try:
        query, body = self._seal.wrap(plain, sender, self._clock())
        headers = {"Content-Type": "text/xml"}
        patience = aiohttp.ClientTimeout(total=self.patience)
        try:
            async with self._client().post(
                self.url, params=query, data=body, headers=headers, timeout=patience
            ) as answer:
                status, text = answer.status, await answer.text()
        except TimeoutError:
            return Try(None, "no answer in time", None)
        except (aiohttp.ClientError, UnicodeDecodeError) as trouble:
            return Try(None, type(trouble).__name__, None)
        if status != 200:
            return Try(status, f"status {status}", None)
        try:
            return Try(status, "", self._understood(text, sender))
        except (ExpatError, KeyError, TypeError, ValueError, WeChatException) as trouble:
            return Try(status, f"malformed answer: {trouble}", None)

    def _understood(self, text: str, sender: str) -> Reply | None:
        if text in ("", "success"):
            return None
        plain = self._seal.unwrap(parsed(text))
        fields = parsed(plain)
        if fields.get("ToUserName") != sender or not self._seal.addressed(fields):
            raise ValueError("a reply to or from somebody else")
        int(fields["CreateTime"])
        return _shown(fields)


def _shown(fields: dict[str, Any]) -> Reply:
    kind = fields["MsgType"]
    if kind == "text":
        text = fields["Content"] or ""
        if len(text.encode()) > LONGEST_TEXT:
            raise ValueError("a text over 2048 bytes")
        return Reply(kind, text)
    if kind == "news":
        items = fields["Articles"]["item"]
        first = items[0] if isinstance(items, list) else items
        return Reply(kind, f"{first['Title']}\n{first.get('Description') or ''}", first.get("Url") or "")
    if kind in ("image", "voice", "video", "music"):
        return Reply(kind, "")
    raise ValueError("an unknown kind of reply")
