"""What a phone of the simulator sends really is what the platforms send."""

import pytest

from bot.simulator import Simulator
from tests.bot.simulator.conftest import WECOM, Hand, TinyService


async def test_platforms_verify_both_addresses(simulator: Simulator) -> None:
    assert await simulator.verify()


async def test_villager_writes_and_reads_the_answer(
    simulator: Simulator, service: TinyService, clock: Hand
) -> None:
    villager = simulator.villager("o-one")
    assert await villager.says("no water ]]>since & <b> Monday") == ["heard no water since & <b> Monday"]
    assert [(line.at, line.who) for line in villager.chat.lines] == [(clock.at, "me"), (clock.at, "service")]
    (message,) = service.came
    assert (message.source, message.type, message.id > 0) == ("o-one", "text", True)
    assert message.content == "no water ]]>since & <b> Monday"
    assert int(message._data["CreateTime"]) == int(clock.at.timestamp())


async def test_cadre_writes_and_opens_the_application(simulator: Simulator, service: TinyService) -> None:
    cadre = simulator.cadre("lisi")
    assert await cadre.says("help") == ["heard help"]
    assert await cadre.enters() == []
    message, event = service.came
    assert (message.source, message.agent) == ("lisi", WECOM.agent_id)
    assert event._data["Event"] == "enter_agent"


async def test_everything_a_phone_can_send_is_understood_by_wechatpy(
    simulator: Simulator, service: TinyService
) -> None:
    villager = simulator.villager("o-one")
    await villager.sends_picture()
    await villager.sends_voice()
    await villager.sends_location(35.1, 116.2, "mill")
    await villager.sends_link("title", "description", "http://example.org/")
    await villager.taps("progress")
    await villager.leaves()
    await villager.scans("v:370801")
    await villager.scans("v:370801")
    kinds = [getattr(message, "event", message.type) for message in service.came]
    assert kinds == [
        "image", "voice", "location", "link", "click", "unsubscribe", "subscribe_scan", "scan",
    ]  # fmt: skip
    assert [message.scene_id for message in service.came[-2:]] == ["v:370801", "v:370801"]
    picture = simulator.wechat.shelf.get(service.came[0].media_id)
    assert picture is not None
    assert picture.content.startswith(b"\x89PNG")


async def test_who_left_cannot_write(simulator: Simulator) -> None:
    villager = simulator.villager("o-one")
    await villager.leaves()
    with pytest.raises(ValueError, match="does not follow"):
        await villager.says("hello")


async def test_no_answer_in_time_brings_the_same_message_in_new_envelopes(
    simulator: Simulator, service: TinyService
) -> None:
    service.slow = [0.4, 0.4]
    assert await simulator.villager("o-one").says("help") == ["heard help"]
    assert len({message.id for message in service.came}) == 1
    assert len(set(service.envelopes)) == 3


async def test_three_tries_in_all_and_then_the_platform_excuses_the_service(
    simulator: Simulator, service: TinyService
) -> None:
    service.statuses = [500, 503, 500, 200]
    villager = simulator.villager("o-one")
    assert await villager.says("help") == []
    assert len(service.came) == 3
    assert [(line.who, line.kind) for line in villager.chat.lines][1:] == [("platform", "unavailable")]


@pytest.mark.parametrize(
    "answer", ['{"text": "hello"}', "<xml></xml>", "<xml><Encrypt>AAAA</Encrypt></xml>", "hm"]
)
async def test_a_malformed_answer_is_not_shown(
    simulator: Simulator, service: TinyService, answer: str
) -> None:
    service.answer = answer
    villager = simulator.villager("o-one")
    assert await villager.says("help") == []
    assert villager.chat.lines[-1].kind == "unavailable"
    assert len(service.came) == 1


async def test_three_copies_at_once_show_one_answer(simulator: Simulator, service: TinyService) -> None:
    villager = simulator.villager("o-one")
    assert await villager.says("help", copies=3) == ["heard help"] * 3
    assert villager.chat.texts() == ["heard help"]
    assert len({message.id for message in service.came}) == 1
    assert len(set(service.envelopes)) == 3


async def test_a_late_copy_comes_after_the_next_message(simulator: Simulator, service: TinyService) -> None:
    villager = simulator.villager("o-one")
    simulator.disturbance.late = True
    await villager.says("first")
    await villager.says("second")
    assert [message.content for message in service.came] == ["first", "second", "first"]
    simulator.disturbance.late = False
    await villager.says("third")
    await villager.repeats()
    assert [message.content for message in service.came[3:]] == ["third", "second", "third"]


async def test_any_plaintext_can_be_posted(simulator: Simulator, service: TinyService) -> None:
    service.answer = "success"
    assert await simulator.villager("o-one").posts("<xml><MsgType>odd</MsgType></xml>") == []
    assert service.came[0].type == "unknown"
