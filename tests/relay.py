"""A relay for tests: signs and posts as a call centre, an SMS gateway or the exchange would."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp
from aiohttp import web

from tests.world import World, free_port

SECRETS = ["the one before", "the one of today"]
RELAYS = [
    {"id": "centre", "secrets": SECRETS},
    {"id": "gateway", "secrets": ["of the gateway"]},
    {"id": "exchange", "secrets": ["of the exchange"]},
]
PHONE = "13800000001"
_ids = count(1)


@dataclass
class Answered:
    """What came back."""

    status: int
    number: Any = None
    reply: str = ""
    headers: Any = None


def message(text: str, kind: str = "call", phone: str = PHONE, **further: Any) -> dict[str, Any]:
    sender = {"id": f"caller-{phone}", "phone": phone} if phone else {"id": "nobody-knows"}
    return {"message_id": f"m{next(_ids)}", "kind": kind, "from": sender, "text": text} | further


async def post(
    world: World,
    content: dict[str, Any] | bytes,
    relay: str = "centre",
    secret: str = SECRETS[1],
    *,
    late: int = 0,
    nonce: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answered:
    """Signed and posted; `late`: seconds added to the stamp."""
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    stamp = str(int(world.clock.now().timestamp()) + late)
    nonce = nonce or secrets.token_hex(8)
    signed = f"{stamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    sent = {
        "Content-Type": "application/json",
        "X-Relay-Id": relay,
        "X-Relay-Timestamp": stamp,
        "X-Relay-Nonce": nonce,
        "X-Relay-Signature": hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest(),
    } | dict(headers or {})
    address = f"http://127.0.0.1:{world.settings.service.port}/relay"
    async with aiohttp.ClientSession() as http, http.post(address, data=body, headers=sent) as response:
        told = await response.json() if response.status == 200 else {}
        return Answered(response.status, told.get("number"), told.get("reply", ""), response.headers)


class Gateway:
    """What receives our signed posts: the SMS gateway, or the exchange."""

    def __init__(self) -> None:
        self.port = free_port()
        self.took: list[dict[str, Any]] = []
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def open(self) -> "Gateway":
        async def take(request: web.Request) -> web.Response:
            self.took.append(await request.json())
            return web.Response()

        app = web.Application()
        app.router.add_post("/", take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
