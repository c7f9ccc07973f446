"""The platforms' API keeps the limits the real one keeps."""

import asyncio
from io import BytesIO
from json import JSONDecodeError
from typing import Any

import aiohttp
import pytest
from aiohttp import FormData

from bot.simulator import Simulator
from bot.simulator.faults import Trouble
from tests.bot.simulator.conftest import Client, Hand, TinyService

CUSTOM = "/cgi-bin/message/custom/send"


async def test_five_messages_in_48_hours_after_the_villager_wrote(
    simulator: Simulator, client: Client, clock: Hand
) -> None:
    await client.signs_in()
    villager = simulator.villager("o-one")
    assert await client.writes("o-one", "unasked") == 45015
    await villager.says("hello")
    assert [await client.writes("o-one", f"letter {n}") for n in range(6)] == [0, 0, 0, 0, 0, 45047]
    assert villager.chat.texts()[1:] == [f"letter {n}" for n in range(5)]
    await villager.says("again")
    clock.move(hours=48)
    await client.signs_in()
    assert await client.writes("o-one", "too late") == 45015


async def test_following_allows_three_messages_for_one_minute(
    simulator: Simulator, client: Client, clock: Hand
) -> None:
    await client.signs_in()
    villager = simulator.villager("o-one")
    await villager.follows()
    assert [await client.writes("o-one", "welcome") for _ in range(4)] == [0, 0, 0, 45047]
    await villager.scans("v:370801")
    clock.move(minutes=1)
    assert await client.writes("o-one", "too late") == 45015


async def test_a_tap_does_not_shorten_an_open_window(
    simulator: Simulator, client: Client, clock: Hand
) -> None:
    await client.signs_in()
    villager = simulator.villager("o-one")
    await villager.says("hello")
    await villager.taps("progress")
    clock.move(minutes=5)
    assert [await client.writes("o-one", "letter") for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


async def test_token_is_the_same_until_nearly_spent_and_then_expires(
    simulator: Simulator, client: Client, clock: Hand
) -> None:
    villager = simulator.villager("o-one")
    await villager.says("hello")
    assert await client.writes("o-one", "no token") == 41001
    client.token = "made up"
    assert await client.writes("o-one", "bad token") == 40001
    first = await client.signs_in()
    assert first["expires_in"] == 7200
    clock.move(hours=1)
    assert await client.signs_in() == {"access_token": first["access_token"], "expires_in": 3600}
    clock.move(minutes=56)
    second = await client.signs_in()
    assert second["access_token"] != first["access_token"]
    client.token = first["access_token"]
    assert await client.writes("o-one", "both are good") == 0
    clock.move(minutes=5)
    assert await client.writes("o-one", "expired") == 42001
    simulator.expire_tokens()
    client.token = second["access_token"]
    assert await client.writes("o-one", "expired at once") == 42001


WRONG: list[tuple[str, dict[str, Any], int]] = [
    ("/wechat/cgi-bin/stable_token", {"grant_type": "password"}, 40002),
    ("/wechat/cgi-bin/stable_token", {"grant_type": "client_credential", "appid": "wx0"}, 40013),
    (f"/wechat{CUSTOM}", {"touser": "o-nobody", "msgtype": "text", "text": {"content": "x"}}, 40003),
    (f"/wechat{CUSTOM}", {"touser": "o-one", "msgtype": "sound", "sound": {}}, 40008),
    (f"/wechat{CUSTOM}", {"touser": "o-one", "msgtype": "text", "text": {"content": "x" * 2049}}, 45002),
    (f"/wechat{CUSTOM}", {"touser": "o-one", "msgtype": "text", "text": {"content": ""}}, 44004),
    ("/wechat/cgi-bin/message/template/send", {"touser": "o-one", "template_id": "none", "data": {}}, 40037),
    ("/wechat/cgi-bin/message/template/send", {"touser": "o-one", "template_id": "t", "data": {}}, 47003),
    ("/wechat/cgi-bin/menu/create", {"button": []}, 40016),
    ("/wechat/cgi-bin/qrcode/create", {"action_name": "QR", "action_info": {}}, 40053),
]


@pytest.mark.parametrize(("path", "body", "errcode"), WRONG)
async def test_a_wrong_call_gets_the_platforms_own_code(
    simulator: Simulator, client: Client, path: str, body: dict[str, Any], errcode: int
) -> None:
    await client.signs_in()
    simulator.villager("o-one")
    simulator.template("t", fields=("thing1",))
    assert (await client.posts(path, body))["errcode"] == errcode
    assert simulator.calls[-1].errcode == errcode
    assert simulator.calls[-1].json == body


async def test_template_message_arrives_as_a_card_and_its_fate_is_reported(
    simulator: Simulator, service: TinyService, client: Client
) -> None:
    await client.signs_in()
    villager = simulator.villager("o-one")
    simulator.template("t", "Progress", ("thing1", "character_string2"))
    letter = {"touser": "o-one", "template_id": "t", "url": "http://example.org/p", "client_msg_id": "l-1"}
    values = {
        "thing1": {"value": "water"},
        "character_string2": {"value": "100237"},
        "remark": {"value": "no"},
    }
    path = "/wechat/cgi-bin/message/template/send"
    assert (await client.posts(path, letter | {"data": values}))["errcode"] == 0
    assert (await client.posts(path, letter | {"data": values}))["errcode"] == 0
    too_long = {"thing1": {"value": "x" * 21}, "character_string2": {"value": "100237"}}
    assert (await client.posts(path, letter | {"data": too_long}))["errcode"] == 47003
    (card,) = villager.chat.lines
    assert (card.text, card.kind, card.link) == (
        "Progress\nwater\n100237",
        "template",
        "http://example.org/p",
    )
    assert await simulator.report_templates() == 1
    assert service.came[0]._data["Status"] == "success"
    villager.templates_refused = True
    assert (await client.posts(path, letter | {"data": values}))["errcode"] == 43101
    await villager.leaves()
    assert (await client.posts(path, letter | {"data": values}))["errcode"] == 43004
    assert await client.writes("o-one", "gone") == 45015


async def test_one_consent_is_one_notice(simulator: Simulator, client: Client) -> None:
    await client.signs_in()
    villager = simulator.villager("o-one")
    simulator.template("s", fields=("thing1",))
    notice = {"touser": "o-one", "template_id": "s", "data": {"thing1": {"value": "lesson"}}}

    async def send() -> int:
        return int((await client.posts("/wechat/cgi-bin/message/subscribe/bizsend", notice))["errcode"])

    assert await send() == 43101
    await villager.consents_to("s")
    assert [await send(), await send()] == [0, 43101]
    await villager.consents_to("s", -1)
    assert [await send(), await send()] == [0, 0]
    await villager.refuses("s")
    assert await send() == 43101


async def test_menu_and_code(simulator: Simulator, client: Client) -> None:
    await client.signs_in()
    menu = {
        "button": [{"name": "help", "sub_button": [{"type": "click", "name": "progress", "key": "progress"}]}]
    }
    assert (await client.posts("/wechat/cgi-bin/menu/create", menu))["errcode"] == 0
    assert simulator.wechat.menu == menu["button"]
    code = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "v:370801"}}}
    made = await client.posts("/wechat/cgi-bin/qrcode/create", code)
    assert simulator.wechat.scenes[made["ticket"]] == "v:370801"


async def test_push_names_who_is_no_member(simulator: Simulator, client: Client, clock: Hand) -> None:
    await client.signs_in_to_wecom()
    assert (await client.pushes("lisi|nobody", "a task"))["invaliduser"] == "nobody"
    assert (await client.pushes("nobody", "a task"))["errcode"] == 81013
    assert simulator.cadre("lisi").chat.texts() == ["a task"]
    checked = {"enable_duplicate_check": 1, "duplicate_check_interval": 600}
    for _ in range(2):
        assert (await client.pushes("wangwu", "once", **checked))["errcode"] == 0
    assert simulator.cadre("wangwu").chat.texts() == ["once"]
    clock.move(minutes=11)
    await client.pushes("wangwu", "once", **checked)
    assert simulator.cadre("wangwu").chat.texts() == ["once", "once"]
    simulator.cadre("lisi").quits()
    assert (await client.pushes("lisi", "a task"))["errcode"] == 81013


async def test_more_than_thirty_a_minute_to_one_member_vanish(simulator: Simulator, client: Client) -> None:
    await client.signs_in_to_wecom()
    for n in range(32):
        assert (await client.pushes("lisi", f"task {n}"))["errcode"] == 0
    assert len(simulator.cadre("lisi").chat.lines) == 30


async def test_robot_speaks_twenty_times_a_minute(simulator: Simulator, client: Client, clock: Hand) -> None:
    group = simulator.group("key-one")
    body = {"msgtype": "text", "text": {"content": "please write to me alone"}}
    path = "/wecom/cgi-bin/webhook/send"
    codes = [(await client.posts(path, body, key="key-one"))["errcode"] for _ in range(21)]
    assert codes == [0] * 20 + [45009]
    clock.move(minutes=1)
    assert (await client.posts(path, body, key="key-one"))["errcode"] == 0
    assert len(group.lines) == 21
    assert (await client.posts(path, body, key="key-two"))["errcode"] == 93000


async def test_media_live_three_days(client: Client, clock: Hand) -> None:
    await client.signs_in_to_wecom()
    chart = b"a chart of the week" * 100_000
    form = FormData()
    form.add_field("media", BytesIO(chart), filename="chart.png", content_type="image/png")
    address = f"{client.base}/wecom/cgi-bin/media/upload"
    query = {"access_token": client.token, "type": "image"}
    async with client.session.post(address, params=query, data=form) as answer:
        media_id = (await answer.json(content_type=None))["media_id"]

    async def fetch() -> bytes:
        await client.signs_in_to_wecom()
        query = {"access_token": client.token, "media_id": media_id}
        async with client.session.get(f"{client.base}/wecom/cgi-bin/media/get", params=query) as answer:
            return await answer.read()

    assert await fetch() == chart
    clock.move(days=3)
    assert b"40007" in await fetch()


async def test_error_code_on_request_happens_so_often_and_no_more(
    simulator: Simulator, client: Client
) -> None:
    await client.signs_in()
    await simulator.villager("o-one").says("hello")
    simulator.fault(CUSTOM, errcode=-1, times=2)
    assert [await client.writes("o-one", "letter") for _ in range(3)] == [-1, -1, 0]
    assert [call.errcode for call in simulator.called(CUSTOM)] == [-1, -1, 0]


@pytest.mark.parametrize(("trouble", "arrives"), [("html", False), ("truncated", True)])
async def test_answer_that_is_no_json(
    simulator: Simulator, client: Client, trouble: Trouble, arrives: bool
) -> None:
    await client.signs_in()
    villager = simulator.villager("o-one")
    await villager.says("hello")
    simulator.fault(CUSTOM, trouble)
    with pytest.raises(JSONDecodeError):
        await client.writes("o-one", "letter")
    assert ("letter" in villager.chat.texts()) is arrives


@pytest.mark.parametrize(("trouble", "arrives"), [("timeout", False), ("slow", True)])
async def test_answer_that_does_not_come(
    simulator: Simulator, client: Client, trouble: Trouble, arrives: bool
) -> None:
    await client.signs_in()
    villager = simulator.villager("o-one")
    await villager.says("hello")
    simulator.fault(CUSTOM, trouble, seconds=30)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.writes("o-one", "letter"), 0.1)
    assert ("letter" in villager.chat.texts()) is arrives


async def test_connection_cut_after_the_message_went_out(simulator: Simulator, client: Client) -> None:
    await client.signs_in()
    villager = simulator.villager("o-one")
    await villager.says("hello")
    simulator.fault(CUSTOM, "dropped")
    with pytest.raises(aiohttp.ClientError):
        await client.writes("o-one", "letter")
    assert "letter" in villager.chat.texts()


async def test_a_path_nobody_agreed_on_is_recorded(simulator: Simulator, client: Client) -> None:
    assert (await client.posts("/wechat/cgi-bin/token", {}))["errcode"] == 40066
    assert simulator.called("/cgi-bin/token")[0].errcode == 40066


async def test_no_json_is_47001(client: Client) -> None:
    await client.signs_in()
    assert (await client.posts(f"/wechat{CUSTOM}", ["not", "an", "object"]))["errcode"] == 47001
