"""From callback to encrypted reply, one message after another: the whole path, durable, on SQLite."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp

from bot.wire.envelope import Envelope, signature_of
from tests.world import make_template, start

MESSAGES = 500
WORDS = "{place}停水三天了，水管坏了没人管，老人娃儿都没水吃"
PLACES = ("大坪村", "桃树湾村", "云台村", "双河村", "沙洲村")


def sealed(token: str, envelope: Envelope, index: int, nonce: str = "") -> tuple[dict[str, str], str]:
    """A callback as the platform sends it: query and body; the same message again by another `nonce`."""
    words = WORDS.format(place=PLACES[index % len(PLACES)])
    plain = (
        f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oBENCH{index:022}]]></FromUserName>"
        f"<CreateTime>1760000000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{words}]]></Content><MsgId>{10**12 + index}</MsgId></xml>"
    )
    stamp, nonce = "1760000000", nonce or f"n{index}"
    body = envelope.seal(plain, stamp, nonce)
    encrypt = body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    query = {
        "timestamp": stamp,
        "nonce": nonce,
        "encrypt_type": "aes",
        "msg_signature": signature_of(token, stamp, nonce, encrypt),
    }
    return query, body


async def measure(messages: int = MESSAGES) -> list[float]:
    """Milliseconds of each message."""
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as served:
        world = await start(make_template(Path(made)), Path(served))
        wechat = world.settings.wechat
        assert wechat is not None
        envelope = Envelope(wechat.token, [wechat.encoding_aes_key], wechat.app_id)
        url = f"http://127.0.0.1:{world.settings.service.port}/wechat"
        taken = []
        async with aiohttp.ClientSession() as http:
            for index in range(messages):
                query, body = sealed(wechat.token, envelope, index)
                begun = time.perf_counter()
                async with http.post(
                    url, params=query, data=body, headers={"Content-Type": "text/xml"}
                ) as answer:
                    assert answer.status == 200
                    assert b"Encrypt" in await answer.read()
                taken.append((time.perf_counter() - begun) * 1000)
        assert len(world.petitions()) == messages
        await world.close()
    return taken


def main() -> None:
    taken = sorted(asyncio.run(measure()))
    print(f"callback to encrypted reply, {len(taken)} messages one after another, SQLite, synchronous=FULL")
    print(
        f"median {statistics.median(taken):.1f} ms   99th percentile {taken[int(len(taken) * 0.99)]:.1f} ms"
    )


if __name__ == "__main__":
    main()
