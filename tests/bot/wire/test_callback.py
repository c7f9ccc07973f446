"""Real requests against a real aiohttp server."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import xmltodict
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from bot.wire.callback import Callback
from bot.wire.envelope import Envelope
from bot.wire.limit import Buckets, CallbackLimits
from bot.wire.message import Incoming
from tests.bot.wire.account import (
    APP_ID,
    CORP_ID,
    KEY,
    NONCE,
    OLD_KEY,
    SENDER,
    STAMP,
    TOKEN,
    message_xml,
    posted,
    seal_query,
    sign,
    text_xml,
    wechat_crypto,
    wecom_crypto,
)

AT = datetime(2026, 11, 22, tzinfo=UTC)
XML = {"Content-Type": "text/xml"}
SECRETS = (SENDER, "hello", TOKEN, KEY, "Traceback")


class Door:
    """The server under test, what it was told, and how it should answer."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.reply: Callable[[Incoming], Awaitable[str | None]] | str | None = "received"
        self.url = ""
        self.session: ClientSession

    async def answer(self, incoming: Incoming) -> str | None:
        self.heard.append(incoming)
        return await self.reply(incoming) if callable(self.reply) else self.reply

    async def ask(self, method: str, path: str, **request: Any) -> tuple[int, str, Any]:
        async with self.session.request(method, self.url + path, **request) as response:
            return response.status, await response.text(), response.headers

    async def post(self, xml: str, crypto: Any = None, path: str = "/wechat") -> tuple[int, str]:
        query, body = posted(xml, crypto)
        status, text, _ = await self.ask("POST", path, params=query, data=body, headers=XML)
        return status, text


@pytest.fixture
def limits() -> CallbackLimits:
    return CallbackLimits()


@pytest.fixture
async def door(limits: CallbackLimits) -> AsyncIterator[Door]:
    door = Door()
    app = web.Application()
    shared: dict[str, Any] = {"token": TOKEN, "answer": door.answer, "clock": lambda: AT, "limits": limits}
    wechat = Callback("wechat", envelope=Envelope(TOKEN, [KEY, OLD_KEY], APP_ID), deadline=0.2, **shared)
    wecom = Callback("wecom", envelope=Envelope(TOKEN, [KEY], CORP_ID), **shared)
    plain = Callback("wechat", envelope=None, failure="try again", **shared)
    app.add_routes([*wechat.routes("/wechat"), *wecom.routes("/wecom"), *plain.routes("/plain")])
    async with TestServer(app) as server, ClientSession() as session:
        door.url, door.session = str(server.make_url("")).rstrip("/"), session
        yield door


def unsealed(body: str, crypto: Any) -> dict[str, str]:
    fields = xmltodict.parse(body)["xml"]
    plain = crypto.decrypt_message(body, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
    reply: dict[str, str] = xmltodict.parse(plain)["xml"]
    return reply


async def test_the_platform_finds_its_echo(door: Door) -> None:
    query = {"signature": sign(TOKEN, STAMP, NONCE), "timestamp": STAMP, "nonce": NONCE, "echostr": "58 <b>7"}
    assert (await door.ask("GET", "/wechat", params=query))[:2] == (200, "58 <b>7")
    _, _, headers = await door.ask("GET", "/wechat", params=query)
    assert headers["Content-Type"].startswith("text/plain")
    echo = xmltodict.parse(wecom_crypto().encrypt_message("6158", NONCE, STAMP))["xml"]["Encrypt"]
    sealed = seal_query(echo) | {"echostr": echo}
    assert (await door.ask("GET", "/wecom", params=sealed))[:2] == (200, "6158")
    unescaped = "&".join(f"{name}={value}" for name, value in sealed.items())
    assert (await door.ask("GET", f"/wecom?{unescaped}"))[:2] == (200, "6158")


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/wechat", {}, 401),
        ("/wechat", {"signature": "0" * 40, "timestamp": STAMP, "nonce": NONCE, "echostr": "x"}, 401),
        ("/wechat", {"signature": sign(TOKEN, STAMP, NONCE), "timestamp": STAMP, "nonce": NONCE}, 400),
        ("/wechat", [("nonce", "1"), ("nonce", "2")], 400),
        ("/wecom", {}, 401),
        ("/wecom", {"echostr": "AAAA"}, 401),
        ("/wecom", seal_query("AAAA") | {"echostr": "AAAA"}, 400),
        ("/wecom", seal_query("AAAA") | {"echostr": "AAAB"}, 401),
    ],
)
async def test_nobody_else_gets_an_echo(door: Door, path: str, query: Any, status: int) -> None:
    assert (await door.ask("GET", path, params=query))[0] == status


@pytest.mark.parametrize(
    ("path", "crypto"),
    [
        ("/wechat", wechat_crypto()),
        ("/wechat", wechat_crypto(OLD_KEY)),
        ("/wecom", wecom_crypto()),
    ],
)
async def test_a_message_gets_its_sealed_reply(door: Door, path: str, crypto: Any) -> None:
    status, body = await door.post(text_xml(), crypto, path)
    assert status == 200
    reply = unsealed(body, crypto)
    assert reply["Content"] == "received"
    assert reply["ToUserName"] == SENDER
    assert reply["CreateTime"] == str(int(AT.timestamp()))
    assert door.heard[0].text == "hello"


async def test_nothing_to_say_is_success_or_silence(door: Door) -> None:
    door.reply = None
    assert await door.post(text_xml()) == (200, "success")
    assert await door.post(message_xml("hologram")) == (200, "success")
    assert await door.post(text_xml(), wecom_crypto(), "/wecom") == (200, "")


async def test_a_late_or_broken_answer_is_a_quiet_success(door: Door) -> None:
    async def late(_: Incoming) -> str:
        await asyncio.sleep(5)
        return "too late"

    async def broken(incoming: Incoming) -> str:
        raise RuntimeError(incoming.text)

    for reply in (late, broken):
        door.reply = reply
        with capture_logs() as logs:
            assert await door.post(text_xml()) == (200, "success")
        assert logs[0]["log_level"] == "error"
        assert not any(secret in repr(logs) for secret in SECRETS)
    query = {"signature": sign(TOKEN, STAMP, NONCE), "timestamp": STAMP, "nonce": NONCE}
    status, text, _ = await door.ask("POST", "/plain", params=query, data=text_xml(), headers=XML)
    assert (status, xmltodict.parse(text)["xml"]["Content"]) == (200, "try again")


async def test_in_plain_mode_the_body_is_read_as_it_stands(door: Door) -> None:
    query = {"signature": sign(TOKEN, STAMP, NONCE), "timestamp": STAMP, "nonce": NONCE}
    status, text, _ = await door.ask("POST", "/plain", params=query, data=text_xml(), headers=XML)
    assert (status, xmltodict.parse(text)["xml"]["Content"]) == (200, "received")
    status, _, _ = await door.ask(
        "POST", "/plain", params=query | {"signature": "0" * 40}, data=text_xml(), headers=XML
    )
    assert status == 401


async def test_plain_fields_beside_the_sealed_ones_are_not_believed(door: Door) -> None:
    query, body = posted(text_xml("hello"))
    forged = text_xml("forged", sender="oForged").replace("</xml>", body.partition("</ToUserName>")[2])
    status, _, _ = await door.ask("POST", "/wechat", params=query, data=forged, headers=XML)
    assert (status, door.heard[0].text, door.heard[0].sender) == (200, "hello", SENDER)


QUERY, BODY = posted(text_xml())
BARE = {name: QUERY[name] for name in ("signature", "timestamp", "nonce")}


def broken(encrypt: str) -> dict[str, Any]:
    return {"params": seal_query(encrypt), "data": f"<xml><Encrypt>{encrypt}</Encrypt></xml>"}


def inner(xml: str) -> dict[str, Any]:
    query, body = posted(xml)
    return {"params": query, "data": body}


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"params": QUERY, "data": BODY, "headers": {"Content-Type": "application/xml; charset=utf-8"}}, 200),
        ({"params": QUERY, "data": BODY.encode(), "skip_auto_headers": ["Content-Type"], "headers": {}}, 200),
        ({"params": {}, "data": BODY}, 401),
        ({"params": BARE, "data": BODY}, 401),
        ({"params": BARE, "data": text_xml()}, 401),
        ({"params": BARE | {"encrypt_type": "raw"}, "data": text_xml()}, 401),
        ({"params": QUERY, "data": text_xml()}, 400),  # a plain body in AES mode
        ({"params": QUERY | {"msg_signature": "0" * 40}, "data": BODY}, 401),
        ({"params": QUERY | {"msg_signature": QUERY["signature"]}, "data": BODY}, 401),
        ({"params": QUERY | {"signature": "0" * 40}, "data": BODY}, 401),
        ({"params": QUERY | {"nonce": "1"}, "data": BODY}, 401),
        ({"params": [*QUERY.items(), ("nonce", "1")], "data": BODY}, 400),
        ({"params": QUERY, "data": ""}, 400),
        ({"params": QUERY, "data": b"\xff\xfe\x00"}, 400),
        ({"params": QUERY, "data": "<!DOCTYPE xml>" + BODY}, 400),
        ({"params": QUERY, "data": BODY.replace("</xml>", "<Encrypt>AAAA</Encrypt></xml>")}, 400),
        ({"params": QUERY, "data": "<a>" * 9000}, 400),
        ({"params": QUERY, "data": BODY, "headers": {"Content-Type": "application/json"}}, 415),
        (
            {
                "params": QUERY,
                "data": json.dumps({"encrypt": "x"}),
                "headers": {"Content-Type": "text/plain"},
            },
            415,
        ),
        (
            {
                "params": QUERY,
                "data": gzip.compress(BODY.encode()),
                "headers": XML | {"Content-Encoding": "gzip"},
            },
            415,
        ),
        ({"params": QUERY, "data": "not gzip", "headers": XML | {"Content-Encoding": "gzip"}}, 415),
        ({"params": QUERY, "data": "x" * (64 * 1024 + 1)}, 413),
        ({"params": {}, "data": "x" * 900_000}, 413),
        ({"params": QUERY, "data": BODY.ljust(64 * 1024)}, 200),
        (broken("AAAA"), 400),
        (broken("!!!!"), 400),
        (broken("A" * 64), 400),
        (inner("not xml"), 400),
        (inner("<xml/>"), 400),
        (inner(text_xml().replace("<CreateTime>1", "<CreateTime>x")), 400),
    ],
    ids=range(30),
)
async def test_each_bad_callback_has_its_status(door: Door, request_: dict[str, Any], status: int) -> None:
    with capture_logs() as logs:
        got, text, _ = await door.ask("POST", "/wechat", **({"headers": XML} | request_))
    assert got == status
    if status != 200:
        assert len(text) < 40
        assert door.heard == []
        assert [entry["event"] for entry in logs] == ["callback refused"]
        assert not any(secret in repr(logs) + text for secret in SECRETS)


async def test_a_wrong_receiver_or_a_stranger_s_method_is_refused(door: Door) -> None:
    query, body = posted(text_xml(), wecom_crypto())
    assert (await door.ask("POST", "/wechat", params=query, data=body, headers=XML))[0] == 400
    assert (await door.ask("PUT", "/wechat", data=body))[0] == 405
    assert (await door.ask("HEAD", "/wechat"))[0] == 405


async def test_a_body_without_a_length_is_counted_as_it_comes(door: Door) -> None:
    async def chunks(size: int) -> AsyncIterator[bytes]:
        for _ in range(size // 1024):
            yield b"x" * 1024

    assert (await door.ask("POST", "/wechat", params=QUERY, data=chunks(65 * 1024), headers=XML))[0] == 413
    assert (await door.ask("POST", "/wechat", params=QUERY, data=chunks(2_000_000), headers=XML))[0] == 413
    assert (await door.ask("POST", "/wechat", params=QUERY, data=chunks(1024), headers=XML))[0] == 400


async def test_garbage_on_the_socket_is_no_server_error(door: Door) -> None:
    host, _, port = door.url.removeprefix("http://").partition(":")
    head = b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n"
    for raw in (
        head + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nbad\r\n0\r\n\r\n",
        head + b"Content-Length: 5\r\nContent-Encoding: gzip\r\n\r\nhello",
        head + b"Content-Length: -5\r\n\r\nhello",
        head + b"Content-Length: 99999\r\n\r\n",  # said, and then nothing is sent
        b"GET /wechat?signature=%ff%fe&nonce=%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(raw)
        status = (await reader.readline()).split()[1:2]
        assert status
        assert status[0] == b"413" if b"99999" in raw else status[0].startswith(b"4")
        writer.close()
        await writer.wait_closed()


class TestLimits:
    @pytest.fixture
    def limits(self) -> CallbackLimits:
        return CallbackLimits(Buckets(3, 0.1, lambda: 0.0), Buckets(3, 0.1, lambda: 0.0))

    async def test_a_stranger_who_keeps_knocking_is_told_to_wait_and_the_platform_is_not(
        self, door: Door
    ) -> None:
        answers = [await door.ask("POST", "/wechat", data=BODY, headers=XML) for _ in range(5)]
        assert [status for status, _, _ in answers] == [401, 401, 401, 429, 429]
        assert answers[-1][2]["Retry-After"] == "10"
        assert (await door.ask("GET", "/wecom"))[0] == 429
        for number in range(8):  # the same address, eight villagers
            assert (await door.post(text_xml(sender=f"oVillager{number}")))[0] == 200

    async def test_one_villager_who_floods_us_is_told_to_wait_and_the_others_are_not(
        self, door: Door
    ) -> None:
        assert [(await door.post(text_xml()))[0] for _ in range(5)] == [200, 200, 200, 429, 429]
        assert (await door.post(text_xml(sender="oAnother")))[0] == 200
        assert (await door.ask("POST", "/wechat", data=BODY, headers=XML))[0] == 401


def test_wecom_cannot_be_run_in_the_plain() -> None:
    with pytest.raises(ValueError, match="plain"):
        Callback("wecom", token=TOKEN, envelope=None, answer=Door().answer, clock=lambda: AT)
