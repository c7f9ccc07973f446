"""The other doors: a call, a text message, a web form and an order of the exchange are matters like any other."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from models.petition import State
from tests.relay import PHONE, RELAYS, SECRETS, Gateway, message, post
from tests.world import Template, World, start

WATER = "大坪村停水三天了，水管坏了"
ACCUSES = "我要举报大坪村支书收钱，低保要给他五千块才批"


@pytest.fixture
async def doors(template: Template, tmp_path: Path) -> AsyncIterator[tuple[World, Gateway, Gateway]]:
    """A county with its relays, an SMS gateway and an exchange that listens."""
    sms, exchange = await Gateway().open(), await Gateway().open()
    relays = [*RELAYS[:2], RELAYS[2] | {"reply_url": exchange.url}]
    world = await start(
        template, tmp_path, further={"sms": {"api_url": sms.url, "secret": "out"}, "relays": relays}
    )
    yield world, sms, exchange
    await world.close()
    await sms.close()
    await exchange.close()


async def solved(world: World, number: str) -> None:
    """The owner signs and says that it is done."""
    owner = world.cadre(world.owner(number))
    await owner.says(f"签收 {number}")
    await owner.says(f"办结 {number} 水管换好了，已经来水")
    await world.tick(seconds=5)


async def test_a_call_is_a_matter_and_the_text_message_asks_only_whether_it_is_solved(doors):
    world, sms, _ = doors
    told = await post(world, message(WATER, name="吴大娘"))
    assert told.status == 200
    assert told.number is not None
    assert "停水" in told.reply

    await world.tick(seconds=91)
    assert world.petition(told.number).owner == "mengxi"
    await solved(world, told.number)
    assert {one["to"] for one in sms.took} == {PHONE}
    asked = sms.took[-1]
    assert "解决了没有" in asked["text"]
    assert told.number in asked["text"].replace(" ", "")
    assert not any("三天" in one["text"] or "水管" in one["text"] for one in sms.took)
    assert asked["parts"] in (1, 2)

    thanks = await post(world, message("满意", "sms"), "gateway", "of the gateway")
    assert thanks.status == 200
    assert world.petition(told.number).state is State.CONFIRMED


async def test_a_text_message_understands_what_a_wechat_answer_would_say(doors):
    world, _, _ = doors
    told = await post(world, message(WATER, "sms"), "gateway", "of the gateway")
    await world.tick(seconds=91)
    standing = await post(world, message("进度", "sms"), "gateway", "of the gateway")
    assert told.number in standing.reply.replace(" ", "")
    assert standing.number is None
    assert "三天" not in told.reply, "nothing but the kind goes back by text message"
    await solved(world, told.number)
    await post(world, message("没解决", "sms"), "gateway", "of the gateway")
    assert world.petition(told.number).state is State.ACCEPTED


async def test_an_order_of_the_exchange_keeps_its_number_and_its_ending_goes_back(doors):
    world, _, exchange = doors
    order = message(WATER, "12345", phone="", order="GD20261123000187")
    told = await post(world, order, "exchange", "of the exchange")
    assert "GD20261123000187" in told.reply
    await world.tick(seconds=91)
    await solved(world, told.number)
    assert exchange.took == []
    await world.cadre("tangxiaoyu").says(f"回访 {told.number} 解决")
    assert world.petition(told.number).state is State.CONFIRMED
    await world.tick(seconds=5)
    [ending] = exchange.took
    assert (ending["order"], ending["number"], ending["state"]) == (
        "GD20261123000187",
        told.number,
        "confirmed",
    )
    assert "已经来水" in ending["text"]
    await world.tick(seconds=5)
    assert len(exchange.took) == 1


async def test_two_orders_of_one_desk_in_one_minute_are_two_matters(doors):
    world, _, _ = doors
    first = await post(world, message(WATER, "12345"), "exchange", "of the exchange")
    other = await post(world, message("云台村路灯不亮了", "12345"), "exchange", "of the exchange")
    assert None not in (first.number, other.number)
    assert first.number != other.number


async def test_the_same_message_signed_anew_gets_the_same_answer_three_at_once_and_after_a_restart(
    template: Template, tmp_path: Path
):
    world = await start(template, tmp_path, further={"relays": RELAYS})
    call = message(WATER)
    answers = await asyncio.gather(*(post(world, call) for _ in range(3)))
    assert {one.status for one in answers} == {200}
    assert len({(one.number, one.reply) for one in answers}) == 1
    assert len(world.petitions()) == 1
    again = await post(world, call, secret=SECRETS[0])
    await world.close()

    restarted = await start(
        Template(tmp_path, world.settings, template.reader), _moved(tmp_path), world.clock
    )
    try:
        late = await post(restarted, call)
        assert {(one.number, one.reply) for one in (*answers, again, late)} == {
            (answers[0].number, answers[0].reply)
        }
        assert len(restarted.petitions()) == 1
    finally:
        await restarted.close()


def _moved(folder: Path) -> Path:
    there = folder / "restarted"
    there.mkdir()
    return there


async def test_whoever_is_not_believed_gets_401_and_leaves_nothing(doors):
    world, _, _ = doors
    before = counted(world)
    good = message(WATER)
    assert (await post(world, good, secret="guessed")).status == 401
    assert (await post(world, good, relay="nobody")).status == 401
    assert (await post(world, good, relay="gateway")).status == 401
    assert (await post(world, good, late=-301)).status == 401
    assert (await post(world, good, late=301)).status == 401
    assert (await post(world, good, headers={"X-Relay-Timestamp": "soon"})).status == 401
    assert (await post(world, good, headers={"X-Relay-Signature": ""})).status == 401
    assert counted(world) == before


async def test_an_exact_replay_is_401_and_a_stamp_at_the_edge_is_believed(doors):
    world, _, _ = doors
    call = message(WATER)
    assert (await post(world, call, nonce="n1", late=-300)).status == 200
    assert (await post(world, call, nonce="n1", late=-300)).status == 401
    assert (await post(world, call, nonce="n2", late=300)).status == 200
    world.clock.move(minutes=9)
    assert (await post(world, call, nonce="n2", late=-240)).status == 401
    assert len(world.petitions()) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b'"x"',
        b"\xff",
        b'{"kind": "call", "kind": "sms"}',
        b"[" * 30000,
        {"kind": "fax"},
        {"kind": None},
        {"from": {}},
        {"from": None},
        {"from": "caller"},
        {"from": {"id": 7}},
        {"text": ""},
        {"text": ["x"]},
        {"text": "\ud800"},
        {"text": "x" * 9000},
        {"message_id": ""},
        {"message_id": None},
        {"at": "yesterday"},
        {"at": "2026-11-23T09:00:00"},
    ],
)
async def test_what_is_signed_and_malformed_is_400_and_only_its_nonce_is_kept(doors, content):
    world, _, _ = doors
    before = counted(world)
    body = content if isinstance(content, bytes) else json.dumps(message(WATER) | content).encode()
    assert (await post(world, body)).status == 400
    assert counted(world) == before | {"relay_nonce": 1}


async def test_what_is_no_json_is_415_and_what_is_too_large_413(doors):
    world, _, _ = doors
    assert (await post(world, b"<xml/>", headers={"Content-Type": "text/xml"})).status == 415
    assert (await post(world, b"x" * 70_000)).status == 413


async def test_an_accusation_by_relay_is_told_where_it_belongs_and_not_a_word_is_kept(doors):
    world, _, _ = doors
    told = await post(world, message(ACCUSES, name="吴大娘"))
    assert (told.status, told.number) == (200, None)
    assert "12388" in told.reply
    assert counted(world)["message"] == 1
    assert counted(world)["text"] == counted(world)["villager"] == counted(world)["petition"] == 0


async def test_an_emergency_by_relay_is_pushed_at_once_and_the_dial_comes_first(doors):
    world, _, _ = doors
    told = await post(world, message("大坪村我家着火了，快来人"))
    assert told.reply.startswith("马上打 119")
    assert world.petition(told.number).owner is not None
    await world.tick(seconds=1)
    assert any("着火" in text for text in world.cadre(world.owner(told.number)).chat.texts())


async def test_of_protection_neither_number_nor_text_message_leaves(doors):
    world, sms, _ = doors
    told = await post(world, message("我老公又打我，我怕他打死我"))
    assert told.number is None
    assert "110" in told.reply
    await world.tick(minutes=11)
    assert sms.took == []


async def test_nothing_said_on_the_telephone_is_told_in_wechat(doors):
    world, _, _ = doors
    told = await post(world, message(WATER))
    await world.tick(seconds=91)
    [standing] = await world.villager().says("进度")
    [asked] = await world.villager().says(f"进度 {told.number}")
    assert "停水" not in standing + asked
    copy = await post(world, message("给我一份"))
    assert "停水" not in copy.reply


async def test_one_sender_too_fast_is_told_to_wait_and_another_is_not(doors):
    world, _, _ = doors
    answers = await asyncio.gather(*(post(world, message("你好")) for _ in range(200)))
    refused = [one for one in answers if one.status == 429]
    assert refused
    assert int(refused[0].headers["Retry-After"]) >= 1
    assert (await post(world, message("你好", phone="13800000002"))).status == 200


def counted(world: World) -> dict[str, int]:
    tables = ("relay_nonce", "message", "text", "villager", "petition", "petition_event", "letter")
    with world.service.database.reading() as session:
        return {
            table: session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - names of ours
            for table in tables
        }
