"""A tiny service on wechatpy alone, so that the simulator is tried against somebody else's work."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise import create_reply as create_enterprise_reply
from wechatpy.enterprise import parse_message as parse_enterprise_message
from wechatpy.enterprise.crypto import WeChatCrypto as WeComCrypto
from wechatpy.utils import check_signature

from bot.simulator import Simulator, WeChatAccount, WeComAccount

WECHAT = WeChatAccount(
    "wx0123456789abcdef", "app-secret", "wechattoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
)
WECOM = WeComAccount(
    "ww0123456789abcdef", 1000002, "agent-secret", "wecomtoken", "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"
)


@dataclass
class Hand:
    """A clock somebody moves."""

    at: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class TinyService:
    """Answers every text with an echo; remembers what came; can be slow, broken or rude."""

    came: list[Any] = field(default_factory=list)
    envelopes: list[str] = field(default_factory=list)
    slow: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    answer: str | None = None

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/wechat", self.hello)
        app.router.add_post("/wechat", self.wechat)
        app.router.add_get("/wecom", self.wecom_hello)
        app.router.add_post("/wecom", self.wecom)
        return app

    async def hello(self, request: web.Request) -> web.Response:
        query = request.query
        check_signature(WECHAT.token, query["signature"], query["timestamp"], query["nonce"])
        return web.Response(text=query["echostr"])

    async def wechat(self, request: web.Request) -> web.Response:
        crypto = WeChatCrypto(WECHAT.token, WECHAT.encoding_aes_key, WECHAT.app_id)
        query = request.query
        check_signature(WECHAT.token, query["signature"], query["timestamp"], query["nonce"])
        plain = crypto.decrypt_message(
            await request.text(), query["msg_signature"], query["timestamp"], query["nonce"]
        )
        return await self.answered(parse_message(plain), query, crypto, create_reply)

    async def wecom_hello(self, request: web.Request) -> web.Response:
        query = request.query
        crypto = WeComCrypto(WECOM.token, WECOM.encoding_aes_key, WECOM.corp_id)
        echo = crypto.check_signature(
            query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"]
        )
        return web.Response(text=echo)

    async def wecom(self, request: web.Request) -> web.Response:
        crypto = WeComCrypto(WECOM.token, WECOM.encoding_aes_key, WECOM.corp_id)
        query = request.query
        plain = crypto.decrypt_message(
            await request.text(), query["msg_signature"], query["timestamp"], query["nonce"]
        )
        return await self.answered(parse_enterprise_message(plain), query, crypto, create_enterprise_reply)

    async def answered(self, message: Any, query: Any, crypto: Any, create: Any) -> web.Response:
        self.came.append(message)
        self.envelopes.append(query["msg_signature"])
        if self.slow:
            await asyncio.sleep(self.slow.pop(0))
        if self.statuses:
            return web.Response(status=self.statuses.pop(0))
        if self.answer is not None:
            return web.Response(text=self.answer)
        if message.type != "text":
            return web.Response(text="success")
        heard = message.content.replace("]]>", "")  # which wechatpy would not escape
        reply = create(f"heard {heard}", message).render()
        return web.Response(text=crypto.encrypt_message(reply, query["nonce"], query["timestamp"]))


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def service() -> TinyService:
    return TinyService()


@pytest.fixture
async def simulator(clock: Hand, service: TinyService) -> AsyncIterator[Simulator]:
    members = {"lisi", "wangwu"}
    async with (
        TestServer(service.app()) as server,
        Simulator(WECHAT, WECOM, clock, members=members.__contains__, patience=0.2) as simulator,
    ):
        simulator.serve_at(str(server.make_url("/")))
        yield simulator


class Client:
    """The service's side of the platforms' API, with a token."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self.session = session
        self.base = base
        self.token = ""

    async def signs_in(self) -> dict[str, Any]:
        body = {"grant_type": "client_credential", "appid": WECHAT.app_id, "secret": WECHAT.app_secret}
        got = await self.posts("/wechat/cgi-bin/stable_token", body)
        self.token = got["access_token"]
        return got

    async def signs_in_to_wecom(self) -> dict[str, Any]:
        query = f"corpid={WECOM.corp_id}&corpsecret={WECOM.secret}"
        async with self.session.get(f"{self.base}/wecom/cgi-bin/gettoken?{query}") as answer:
            got: dict[str, Any] = await answer.json(content_type=None)
        self.token = got["access_token"]
        return got

    async def posts(self, path: str, body: Any, **query: str) -> dict[str, Any]:
        async with self.session.post(
            self.base + path, json=body, params={"access_token": self.token} | query
        ) as answer:
            got: dict[str, Any] = await answer.json(content_type=None)
            return got

    async def writes(self, openid: str, text: str) -> int:
        body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        return int((await self.posts("/wechat/cgi-bin/message/custom/send", body))["errcode"])

    async def pushes(self, users: str, text: str, **further: Any) -> dict[str, Any]:
        body = {"touser": users, "msgtype": "text", "agentid": WECOM.agent_id, "text": {"content": text}}
        return await self.posts("/wecom/cgi-bin/message/send", body | further)


@pytest.fixture
async def client(simulator: Simulator) -> AsyncIterator[Client]:
    async with TestServer(simulator.platform_app()) as server, aiohttp.ClientSession() as session:
        yield Client(session, str(server.make_url("/")).rstrip("/"))
