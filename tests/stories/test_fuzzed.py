"""Callbacks of every shape, rightly signed or not: no server error, no hang, no growth, and the next villager
is served.

LIANXIN_FUZZED: how many; `make torture` sends many.
"""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.wire.envelope import Envelope, signature_of
from tests.ledgers import difference_in
from tests.stories.test_petition import WATER
from tests.world import World, number_in

COUNT = int(os.environ.get("LIANXIN_FUZZED", "120"))
STEP = 1000  # callbacks between two looks at what the service holds
MOST_GROWTH = 64  # MB, once the first of them were served
STAMP, NONCE = "1763776800", "903210"
HEADERS = {"Content-Type": "text/xml"}
PRINTED = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
KINDS = st.sampled_from(["text", "voice", "image", "location", "event", "link", "video", "hologram", ""])
FIELDS = st.sampled_from(
    ["Content", "MsgId", "MediaId", "Event", "EventKey", "Location_X", "Label", "Recognition", "CreateTime"]
)
MESSAGES = st.builds(
    lambda kind, sender, fields: (
        f"<xml><ToUserName>gh_1</ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{STAMP}</CreateTime><MsgType>{kind}</MsgType>"
        + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields)
        + "</xml>"
    ),
    KINDS,
    st.one_of(st.from_regex(r"o[A-Za-z0-9_-]{27}", fullmatch=True), PRINTED),
    st.lists(st.tuples(FIELDS, PRINTED), max_size=4),
)
CALLBACKS = st.tuples(
    st.sampled_from(["/wechat", "/wecom"]),
    st.one_of(MESSAGES, PRINTED),
    st.sampled_from(["sealed", "sealed", "signed wrongly", "cut", "raw"]),
)


def _resident() -> int:
    """Megabytes this process holds."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def drawn(count: int) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=count < 1000,  # the short form is the same each time
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(CALLBACKS)
    def draw(one: tuple[str, str, str]) -> None:
        found.append(one)

    draw()
    return found


def sealed_as(world: World, path: str, text: str, how: str) -> tuple[dict[str, str], bytes]:
    wechat, wecom = world.settings.wechat, world.settings.wecom
    assert wechat is not None
    assert wecom is not None
    ours: Any = wechat if path == "/wechat" else wecom
    receiver = wechat.app_id if path == "/wechat" else wecom.corp_id
    body = Envelope(ours.token, [ours.encoding_aes_key], receiver).seal(text, STAMP, NONCE)
    encrypt = body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    signature = signature_of(ours.token, STAMP, NONCE, encrypt)
    query = {"timestamp": STAMP, "nonce": NONCE, "encrypt_type": "aes", "msg_signature": signature}
    if how == "signed wrongly":
        query["msg_signature"] = signature[::-1]
    raw = text.encode() if how == "raw" else body.encode()
    return query, raw[: len(raw) // 2] if how == "cut" else raw


async def test_whatever_is_posted_no_server_error_and_the_next_villager_is_served(small_world: World):
    statuses: Counter[int] = Counter()
    errors, resident = [], [_resident()]
    address = f"http://127.0.0.1:{small_world.settings.service.port}"
    with capture_logs() as logs:
        async with aiohttp.ClientSession() as http:
            for number, (path, text, how) in enumerate(drawn(COUNT)):
                query, body = sealed_as(small_world, path, text, how)
                async with http.post(address + path, params=query, data=body, headers=HEADERS) as answer:
                    await answer.read()
                    assert answer.status < 500, (path, text, how)
                    statuses[answer.status] += 1
                if number % STEP == STEP - 1:
                    errors += [line for line in logs if line["log_level"] == "error"]
                    logs.clear()
                    resident.append(_resident())
                    told = dict(statuses)
                    print(f"{number + 1} callbacks, {told}, {resident[-1]} MB", flush=True)  # noqa: T201 - a long run
    assert statuses[200]
    assert errors + [line for line in logs if line["log_level"] == "error"] == []
    assert max(resident[2:], default=0) <= max(resident[:2]) + MOST_GROWTH
    [said] = await small_world.villager().says(WATER)
    assert number_in(said)
    assert difference_in(small_world.service.database, small_world.settings.service.data_key) is None
