"""Cadres' groups: what a robot says there, what it answers, and what no group ever hears."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlmodel import select

from bot import courier
from bot.keys import aes_key
from bot.simulator import wecom
from bot.simulator.robot import RobotAccount, RobotDoor
from models.letter import Letter, LetterState, post
from models.officer import Role, officers_with
from models.wording import Wording
from tests.world import Template, World, number_in, start

ACCOUNT = RobotAccount("token-of-the-robot", aes_key())
KEY = "key-of-the-webhook"
BOT = {"token": ACCOUNT.token, "encoding_aes_key": ACCOUNT.encoding_aes_key}
WATER = "大坪村停水三天了，水管坏了，我叫吴秀兰，电话13800000001"


@pytest.fixture
async def county(template: Template, tmp_path: Path) -> AsyncIterator[World]:
    groups = [{"name": "town", "key": KEY, "place": "YX01"}]
    world = await start(template, tmp_path, further={"wecom_bot": BOT, "group_robots": groups})
    world.simulator.group(KEY)
    yield world
    await world.close()


def robot(world: World) -> RobotDoor:
    port = world.settings.service.port
    return RobotDoor(ACCOUNT, world.clock.now, f"http://127.0.0.1:{port}/wecom/bot")


def heard(world: World) -> list[str]:
    return world.simulator.group(KEY).texts()


async def late_matter(world: World, words: str = WATER) -> str:
    replies = await world.villager().says(words)
    await world.tick(seconds=91)
    await world.tick(days=3)
    return number_in(replies[0])


async def test_a_late_matter_is_said_in_the_group_of_its_place_without_the_petitioner(county: World):
    number = await late_matter(county)
    [text, *more] = [one for one in heard(county) if "超期" in one]
    assert more == []
    assert number in text.replace(" ", "")
    assert not any(word in text for word in ("吴秀兰", "138", "三天", "水管"))
    asked = county.simulator.called("/cgi-bin/webhook/send")[-1].json
    assert asked["text"]["mentioned_list"] == [county.owner(number)]


async def test_danger_is_called_into_the_group_at_once_but_never_who_needs_protection(county: World):
    await county.villager().says("大坪村我家着火了，快来人")
    await county.tick(seconds=1)
    assert any("着火" in text for text in heard(county))
    before = heard(county)
    await county.villager("b").says("大坪村我老公又打我，我怕他打死我")
    await county.villager("c").says("大坪村的，我不想活了")
    await county.tick(minutes=2)
    assert heard(county) == before


async def test_no_group_hears_of_a_complaint_about_conduct(county: World):
    await county.villager().says("大坪村干部办事拖拉，找他三次都不给盖章，态度很差，我要投诉")
    await county.tick(seconds=91)
    await county.tick(days=40)
    assert heard(county) == []


def post_many(county: World, kind: str, to: str, many: int) -> None:
    at = county.clock.now()
    with county.service.database.transaction() as session:
        keys = county.service.knowledge.keys(session, at)
        for one in range(many):
            post(
                session,
                keys,
                occasion=f"test:{one}",
                to=(kind, to),
                channels=("robot" if kind == "robot" else "wecom",),
                wording=Wording.GROUP_LATE,
                fields={"count": one, "mentioned": []},
                county="YX",
                at=at,
            )


@pytest.mark.parametrize(("kind", "to", "most"), [("robot", "town", 20), ("officer", "jiangshuisheng", 30)])
async def test_nobody_is_sent_more_in_a_minute_than_the_platform_shows_and_the_rest_comes_later(
    county: World, kind: str, to: str, most: int
):
    post_many(county, kind, to, most + 5)
    shown = heard if kind == "robot" else lambda world: world.cadre(to).chat.texts()
    await county.tick(seconds=1)
    assert len(shown(county)) == most
    await county.tick(seconds=62)
    assert len(shown(county)) == most + 5


async def test_nor_in_an_hour_and_the_rest_comes_in_the_next(county: World, monkeypatch: pytest.MonkeyPatch):
    """The platform says "sent" to what it drops; here it drops from the 41st on."""
    monkeypatch.setattr(wecom, "MEMBER_AN_HOUR", 40)
    monkeypatch.setitem(courier.MOST["officer"], courier.HOUR, 40)
    post_many(county, "officer", "jiangshuisheng", 45)
    for _ in range(10):
        await county.tick(seconds=62)
    assert len(county.cadre("jiangshuisheng").chat.texts()) == 40
    for _ in range(60):
        await county.tick(seconds=62)
    assert len(county.cadre("jiangshuisheng").chat.texts()) == 45


async def test_a_robot_taken_out_of_its_group_is_an_honest_end_and_one_alarm(county: World):
    county.simulator.wecom.groups.clear()
    await county.villager().says("大坪村我家着火了，快来人")
    await county.villager("b").says("云台村的房子着火了，快来人")
    await county.tick(seconds=1)
    await county.tick(seconds=1)
    with county.service.database.reading() as session:
        dead = [one for one in session.exec(select(Letter)) if one.to_kind == "robot"]
    assert {(one.state, one.reason) for one in dead} == {(LetterState.FAILED, "robot key")}
    alarms = [to for to, wording, _ in county.letters() if wording == "group.key_dead"]
    assert len(alarms) == len(set(alarms)) > 0


async def test_in_a_group_one_hears_figures_and_for_all_else_is_asked_to_come_aside(county: World):
    number = await late_matter(county)
    asking = robot(county)
    tasks = await asking.asks("mengxi", "待办")
    assert tasks is not None
    assert "1 件" in tasks
    assert number not in tasks.replace(" ", "")
    late = await asking.asks(_supervisor(county), "超期")
    assert "超期 1 件" in (late or "")
    day = await asking.asks(_supervisor(county), "日报")
    assert "私聊" in (day or "")
    for words in (f"看 {number}", "吴秀兰家的水好了没", f"办结 {number} 好了", "日报", ""):
        aside = await asking.asks("mengxi", words)
        assert "请私聊" in (aside or ""), words
        assert not words or words not in (aside or "")
    assert "请私聊" in (await asking.asks("stranger", "待办") or "")
    alone = await asking.asks("mengxi", "待办", group=False)
    assert number in (alone or "").replace(" ", "")


async def test_the_same_question_again_gets_the_same_answer(county: World):
    asking = robot(county)
    first = await asking.asks("mengxi", "待办", message_id="m1")
    await late_matter(county)
    assert await asking.asks("mengxi", "待办", message_id="m1") == first


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"msgtype": "stream", "stream": {"id": "x"}}, 200),
        ({"msgtype": "image", "msgid": "1", "from": {"userid": "mengxi"}}, 200),
        (
            {"msgtype": "event", "msgid": "1", "from": {"userid": "mengxi"}, "event": {"eventtype": "new"}},
            200,
        ),
        ({"msgtype": "text", "msgid": "1", "text": {"content": "x"}}, 400),
        ({"msgtype": "text", "from": {"userid": "mengxi"}}, 400),
        ({"msgtype": "text", "msgid": "1", "from": {"userid": "a b"}, "text": 7}, 400),
        ({}, 400),
    ],
)
async def test_what_the_robot_does_not_know_is_no_error_and_what_is_malformed_is_400(
    county: World, content: dict[str, Any], status: int
):
    assert (await robot(county).posts(content))[0] == status


async def test_a_question_nobody_signed_is_401(county: World):
    address = f"http://127.0.0.1:{county.settings.service.port}/wecom/bot"
    query = {"msg_signature": "0" * 40, "timestamp": "1", "nonce": "n"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(address, params=query, json={"encrypt": "x" * 64}) as response,
    ):
        assert response.status == 401


def _supervisor(world: World) -> str:
    with world.service.database.reading() as session:
        return officers_with(session, Role.SUPERVISOR)[0].account
