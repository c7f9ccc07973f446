"""The SMS gateway: signed as /relay is, and whatever it does is one of five ends."""

import hashlib
import hmac
import json

import aiohttp
import pytest
from aiohttp import web

from bot.wire.sms import SmsClient
from tests.world import TestClock, free_port

SECRET = "between us"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, "sent"), (409, "sent"), (503, "later"), (429, "later"), (401, "stop"), (400, "never")],
)
async def test_the_gateway_is_asked_in_our_signature_and_its_answer_is_an_end(status: int, kind: str):
    asked: list[tuple[dict[str, str], bytes]] = []

    async def take(request: web.Request) -> web.Response:
        asked.append((dict(request.headers), await request.read()))
        return web.Response(status=status)

    app, port = web.Application(), free_port()
    app.router.add_post("/send", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with aiohttp.ClientSession() as http:
        client = SmsClient(http, url=f"http://127.0.0.1:{port}/send", secret=SECRET, clock=TestClock().now)
        assert (await client.send("letter-7", "13800000000", "材料在这里")).kind == kind
    await runner.cleanup()
    [(headers, body)] = asked
    signed = f"{headers['X-Relay-Timestamp']}\n{headers['X-Relay-Nonce']}\n{hashlib.sha256(body).hexdigest()}"
    wanted = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).hexdigest()
    assert headers["X-Relay-Signature"] == wanted
    assert json.loads(body) == {
        "message_id": "letter-7",
        "to": "13800000000",
        "text": "材料在这里",
        "parts": 1,
    }


async def test_a_gateway_that_is_not_there_is_tried_later():
    async with aiohttp.ClientSession() as http:
        client = SmsClient(
            http, url=f"http://127.0.0.1:{free_port()}/send", secret=SECRET, clock=TestClock().now
        )
        assert (await client.send("letter-7", "13800000000", "x")).kind == "later"
