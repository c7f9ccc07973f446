"""A platform's API as small as it can be: it answers what the test says and writes down what it was asked."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

Reply = dict[str, Any] | Callable[[web.Request], Awaitable[web.StreamResponse]]
TOKEN_PATHS = ("/cgi-bin/stable_token", "/cgi-bin/gettoken")


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Hours:
    """A clock to move."""

    at: datetime = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Standin:
    """`replies` for a path are used up one by one; the last one stays."""

    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    valid: str | None = None  # the only token taken, where it matters
    tokens: int = 0
    url: str = ""
    alarms: list[str] = field(default_factory=list)
    clock: Hours = field(default_factory=Hours)

    def on(self, path: str, *replies: Reply) -> None:
        self.replies[path] = list(replies)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def sends(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.path not in TOKEN_PATHS]

    def fetches(self) -> int:
        return sum(asked.path in TOKEN_PATHS for asked in self.asked)

    def server(self) -> TestServer:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        return TestServer(app)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(Asked(request.method, request.path, dict(request.query), await request.read()))
        replies = self.replies.get(request.path)
        if replies:
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
            return await reply(request) if callable(reply) else web.json_response(reply)
        if request.path in TOKEN_PATHS:
            await asyncio.sleep(0.02)  # long enough for the others to come and ask as well
            self.tokens += 1
            return web.json_response({"access_token": f"token-{self.tokens}", "expires_in": 7200})
        if self.valid is not None and request.query.get("access_token") != self.valid:
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential"})
        return web.json_response({"errcode": 0, "errmsg": "ok", "msgid": 200163840})


async def html(_: web.Request) -> web.Response:
    return web.Response(text="<html>we are busy</html>", content_type="text/html")


async def hangs(_: web.Request) -> web.Response:
    await asyncio.sleep(2)
    return web.Response()


async def hangs_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def breaks_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "100", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"errcode": 0')
    assert request.transport is not None
    request.transport.close()
    return response


def raw(text: str | bytes, status: int = 200, content_type: str = "application/json") -> Reply:
    async def reply(_: web.Request) -> web.Response:
        body = text if isinstance(text, bytes) else text.encode()
        headers = {"Location": "/elsewhere"} if status == 302 else {}
        return web.Response(body=body, status=status, content_type=content_type, headers=headers)

    return reply
