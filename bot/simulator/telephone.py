"""Stand-ins at a county's own doors: a telephone that reaches `/relay`, an SMS gateway, a speech service."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web

from bot.simulator.loopback import loopback_only

KINDS = ("call", "sms")
CONFIDENCE = 0.9  # of the stand-in for speech recognition


@dataclass(frozen=True)
class Short:
    """One text message that reached a telephone."""

    at: datetime
    to: str
    text: str
    parts: int


@dataclass
class Telephones:
    """Every telephone of the county. `hears` is what the stand-in for speech understands of any recording."""

    clock: Callable[[], datetime]
    relay: str = ""
    secret: str = ""
    url: str = ""
    hears: str = ""
    changed: Callable[[], None] = lambda: None
    took: list[Short] = field(default_factory=list)

    async def says(self, phone: str, text: str, kind: str = "call") -> str:
        """Calls the hotline's centre, or writes to it, from this number; what is answered."""
        sender = {"id": phone, "phone": phone}
        content = {"message_id": secrets.token_hex(8), "kind": kind, "from": sender, "text": text}
        body = json.dumps(content, ensure_ascii=False).encode()
        stamp, nonce = str(int(self.clock().timestamp())), secrets.token_hex(8)
        signed = f"{stamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
        headers = {
            "Content-Type": "application/json",
            "X-Relay-Id": self.relay,
            "X-Relay-Timestamp": stamp,
            "X-Relay-Nonce": nonce,
            "X-Relay-Signature": hmac.new(self.secret.encode(), signed.encode(), hashlib.sha256).hexdigest(),
        }
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self.url}/relay", data=body, headers=headers) as response,
        ):
            answer: dict[str, Any] = await response.json() if response.status == 200 else {}
        return str(answer.get("reply") or response.status)

    def latest(self, count: int) -> Sequence[Short]:
        return self.took[-count:][::-1]

    def app(self) -> web.Application:
        """The gateway under `/send`, speech under `/speech`."""
        app = web.Application(middlewares=[loopback_only])
        app.router.add_post("/send", self._take)
        app.router.add_post("/speech", self._hear)
        return app

    async def _take(self, request: web.Request) -> web.Response:
        content = await request.json()
        self.took.append(Short(self.clock(), content["to"], content["text"], content.get("parts", 1)))
        self.changed()
        return web.Response()

    async def _hear(self, request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"text": self.hears, "confidence": CONFIDENCE if self.hears else 0.0})
