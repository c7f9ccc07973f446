"""What both platforms' HTTP interfaces have in common: tokens, troubles, the record of calls."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import BodyPartReader, web

from bot.simulator.faults import DONE_ALL_THE_SAME, Fault, Faults
from bot.simulator.loopback import loopback_only
from bot.simulator.media import Shelf
from bot.simulator.quota import Quotas
from bot.simulator.tokens import Tokens

# Nobody waits longer than this for an answer that never comes.
FOREVER = 60.0
LARGEST = 20 * 1024 * 1024
PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class Refused(Exception):
    """The platform says no: an error code inside HTTP 200."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode = errcode
        self.errmsg = errmsg


@dataclass(frozen=True)
class Call:
    """One API call of the service: what it sent and what it was answered (None where nothing left)."""

    platform: str
    path: str
    json: dict[str, Any]
    at: datetime
    answer: dict[str, Any] | None

    @property
    def errcode(self) -> int | None:
        """The code in the answer; 0 where the answer names none."""
        return None if self.answer is None else int(self.answer.get("errcode", 0))


@dataclass(frozen=True)
class Asked:
    """A request in hand. `file` is what was uploaded: its name, type and bytes."""

    query: dict[str, str]
    json: dict[str, Any]
    file: tuple[str, str, bytes] | None = None


@dataclass(frozen=True)
class Binary:
    """An answer that is a file."""

    content: bytes
    content_type: str
    name: str


Answer = dict[str, Any] | Binary
Act = Callable[[Asked], Answer]


class Interface(ABC):
    """One platform's API. `routes()` names its paths; every other path is refused and recorded too."""

    def __init__(self, name: str, clock: Callable[[], datetime], calls: list[Call], faults: Faults) -> None:
        self.name = name
        self.clock = clock
        self.tokens = Tokens(clock)
        self.shelf = Shelf(clock)
        self.quotas = Quotas({})
        self._calls = calls
        self._faults = faults

    @abstractmethod
    def routes(self) -> list[tuple[str, str, Act]]:
        """Method, path and act of everything that can be called."""

    def app(self) -> web.Application:
        """The API, to be served alone or mounted under any base path."""
        app = web.Application(middlewares=[loopback_only])
        for method, path, act in self.routes():
            app.router.add_route(method, path, self._serving(path, act))
        app.router.add_route("*", "/{path:.*}", self._unknown)
        return app

    def granted(self, asked: Asked) -> None:
        """Every act but the token's own begins with this."""
        errcode = self.tokens.judge(asked.query.get("access_token"))
        if errcode:
            raise Refused(errcode, "access_token missing, invalid or expired")

    def got(self, asked: Asked) -> Binary:
        """`media/get`, alike on both platforms."""
        self.granted(asked)
        file = self.shelf.get(asked.query.get("media_id", ""))
        if file is None:
            raise Refused(40007, "invalid media_id")
        return Binary(file.content, file.content_type, file.name)

    def _serving(self, path: str, act: Act) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            fault = self._faults.due(self.name, path)
            at = self.clock()
            # The limit of the application this one is mounted in would count, and it knows no uploads.
            asked, unread = await _asked(request.clone(client_max_size=LARGEST))
            spent = self.quotas.spend(path, at)
            if fault is not None and fault.trouble not in DONE_ALL_THE_SAME:
                answer: Answer | None = _wrong(fault)
            elif spent:
                answer = {"errcode": spent, "errmsg": "reach max api freq limit"}
            else:
                answer = unread or self._answered(act, asked)
            self._calls.append(Call(self.name, path, asked.json, at, _recorded(answer)))
            return await _sent(request, answer, fault)

        return serve

    def _answered(self, act: Act, asked: Asked) -> Answer:
        try:
            return act(asked)
        except Refused as refused:
            return {"errcode": refused.errcode, "errmsg": refused.errmsg}

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        answer: dict[str, Any] = {"errcode": 40066, "errmsg": "invalid url"}
        self._calls.append(Call(self.name, f"/{request.match_info['path']}", {}, self.clock(), answer))
        return web.json_response(answer, status=404)


async def _asked(request: web.Request) -> tuple[Asked, dict[str, Any] | None]:
    """The request read, and the platform's complaint where its body is no JSON object."""
    query = dict(request.query)
    if request.method == "GET":
        return Asked(query, {}), None
    if request.content_type == "multipart/form-data":
        return Asked(query, {}, await _uploaded(request)), None
    try:
        body = json.loads(await request.read())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return Asked(query, {}), {"errcode": 47001, "errmsg": "data format error"}
    return Asked(query, body), None


async def _uploaded(request: web.Request) -> tuple[str, str, bytes] | None:
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "media":
            content_type = part.headers.get("Content-Type", "application/octet-stream")
            return part.filename or "", content_type, bytes(await part.read(decode=True))
    return None


def _wrong(fault: Fault) -> Answer | None:
    """What is said instead of acting; None for no JSON at all."""
    if fault.trouble == "errcode":
        return {"errcode": fault.errcode, "errmsg": "as requested of the simulator"}
    return None


def _recorded(answer: Answer | None) -> dict[str, Any] | None:
    return {"bytes": len(answer.content)} if isinstance(answer, Binary) else answer


async def _sent(request: web.Request, answer: Answer | None, fault: Fault | None) -> web.StreamResponse:
    trouble = "" if fault is None else fault.trouble
    if trouble == "html":
        return web.Response(text=PAGE, content_type="text/html")
    if trouble == "timeout":
        await _until_gone(request, FOREVER)
        raise web.HTTPGatewayTimeout
    if trouble == "dropped" and request.transport is not None:
        request.transport.close()
    if trouble == "slow" and fault is not None:
        await _until_gone(request, fault.seconds)
    if isinstance(answer, Binary):
        disposition = f'attachment; filename="{answer.name}"'
        headers = {"Content-Disposition": disposition, "Content-Type": answer.content_type}
        return web.Response(body=answer.content, headers=headers)
    text = json.dumps(answer, ensure_ascii=False)
    # The official account's API says text/plain about its JSON; a client must not rely on the type.
    return web.Response(text=text[: len(text) // 2] if trouble == "truncated" else text)


async def _until_gone(request: web.Request, seconds: float) -> None:
    """Waits, but not for a client that has given up."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    # A connection that is given up sets no event one could wait for.
    while loop.time() < ends and request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110 - as above
        await asyncio.sleep(min(0.02, max(0.0, ends - loop.time())))
