"""The door and the clients against the simulator, which knows wechatpy and nothing of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.simulator import Simulator, WeChatAccount, WeComAccount
from bot.wire.callback import Callback
from bot.wire.envelope import Envelope
from bot.wire.message import Incoming
from bot.wire.wechat import Ticket, WechatClient
from bot.wire.wecom import WecomClient
from tests.bot.wire.account import APP_ID, CORP_ID, KEY, OLD_KEY, TOKEN
from tests.bot.wire.standin import Hours


@dataclass
class Both:
    simulator: Simulator
    wechat: WechatClient
    wecom: WecomClient
    heard: list[Incoming]
    clock: Hours


@pytest.fixture
async def both() -> AsyncIterator[Both]:
    clock, heard, alarms = Hours(), list[Incoming](), list[str]()

    async def answer(incoming: Incoming) -> str | None:
        heard.append(incoming)
        return f"received ]]> {incoming.text}" if incoming.kind == "text" else None

    simulator = Simulator(
        WeChatAccount(APP_ID, "app-secret", TOKEN, KEY),
        WeComAccount(CORP_ID, 1000002, "agent-secret", TOKEN, OLD_KEY),
        clock,
        members=lambda userid: userid == "li.si",
    )
    wechat = Callback(
        "wechat", token=TOKEN, envelope=Envelope(TOKEN, [KEY], APP_ID), answer=answer, clock=clock
    )
    wecom = Callback(
        "wecom", token=TOKEN, envelope=Envelope(TOKEN, [OLD_KEY], CORP_ID), answer=answer, clock=clock
    )
    service = web.Application()
    service.add_routes([*wechat.routes("/wechat"), *wecom.routes("/wecom")])
    async with (
        simulator,
        TestServer(service) as door,
        TestServer(simulator.platform_app()) as platform,
        ClientSession() as http,
    ):
        simulator.serve_at(str(door.make_url("")))
        url = str(platform.make_url("/"))
        yield Both(
            simulator,
            WechatClient(
                http,
                app_id=APP_ID,
                app_secret="app-secret",
                clock=clock,
                alarm=alarms.append,
                base_url=f"{url}wechat",
            ),
            WecomClient(
                http,
                corp_id=CORP_ID,
                agent_id=1000002,
                secret="agent-secret",
                clock=clock,
                alarm=alarms.append,
                base_url=f"{url}wecom",
            ),
            heard,
            clock,
        )


async def test_a_villager_and_a_cadre_talk_to_us_and_we_to_them(both: Both) -> None:
    assert await both.simulator.verify()
    villager, cadre = both.simulator.villager("oVillager"), both.simulator.cadre("li.si")
    await villager.scans("v:350124101")
    await villager.says("no water ]]> \U0001f6b0")
    await cadre.says("help")
    assert [(incoming.kind, incoming.event_key, incoming.text) for incoming in both.heard] == [
        ("event", "v:350124101", ""),
        ("text", "", "no water ]]> \U0001f6b0"),
        ("text", "", "help"),
    ]
    deliveries = both.simulator.wechat_callback.deliveries + both.simulator.wecom_callback.deliveries
    assert [delivery.last.trouble for delivery in deliveries] == ["", "", ""]
    assert [d.last.reply.text if d.last.reply else None for d in deliveries] == [
        None,
        "received ]]\uff1e no water ]]\uff1e \U0001f6b0",
        "received ]]\uff1e help",
    ]
    assert (await both.wechat.send_text("oVillager", "a question")).kind == "sent"
    assert (await both.wecom.send_text("li.si", "a task")).kind == "sent"
    assert (await both.wecom.send_text("nobody", "a task")).reason == "address"


async def test_the_platforms_limits_come_back_as_ends(both: Both) -> None:
    villager = both.simulator.villager("oVillager")
    await villager.follows()
    await villager.says("hello")
    for template in ("T1", "S1"):
        both.simulator.template(template, "progress", ("thing1",))
    ends = [(await both.wechat.send_text("oVillager", f"{number}")).reason for number in range(6)]
    assert ends == ["", "", "", "", "", "window used up"]
    both.clock.move(49 * 3600)
    assert (await both.wechat.send_text("oVillager", "late")).reason == "window closed"
    both.simulator.expire_tokens()
    outcome = await both.wechat.send_template("oVillager", "T1", {"thing1": "x" * 40})
    assert outcome.kind == "sent"
    assert outcome.reference
    assert (await both.wechat.send_template("oVillager", "T9", {"thing1": "x"})).reason == "template"
    assert (await both.wechat.send_subscription("oVillager", "S1", {"thing1": "x"})).reason == "refused"
    assert isinstance(await both.wechat.create_qr("v:350124101"), Ticket)
    await both.simulator.report_templates()
    assert (both.heard[-1].event_key, both.heard[-1].status) == (outcome.reference, "success")


async def test_a_group_hears_its_robot(both: Both) -> None:
    both.simulator.group("robot-key")
    assert (await both.wecom.send_robot("robot-key", "a digest")).kind == "sent"
    assert (await both.wecom.send_robot("another", "a digest")).reason == "robot key"
    media = await both.wecom.upload_file("digest.xlsx", b"PK" * 10)
    assert isinstance(media, str)
    assert (await both.wecom.send_file("li.si", media)).kind == "sent"
