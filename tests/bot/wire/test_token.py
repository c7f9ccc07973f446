import asyncio

from bot.wire.wechat import WechatClient
from bot.wire.wecom import WecomClient
from tests.bot.wire.standin import Standin, hangs, html, raw

CUSTOM, MEMBER = "/cgi-bin/message/custom/send", "/cgi-bin/message/send"
REFUSED = {"errcode": 40001, "errmsg": "invalid credential"}


async def kinds(wechat: WechatClient, times: int) -> set[str]:
    outcomes = await asyncio.gather(*(wechat.send_text("oV", f"{number}") for number in range(times)))
    return {outcome.kind for outcome in outcomes}


async def test_fifty_senders_ask_for_one_token(wechat: WechatClient, standin: Standin) -> None:
    assert wechat.token_state == "absent"
    assert await kinds(wechat, 50) == {"sent"}
    assert (standin.fetches(), len(standin.sends())) == (1, 50)
    assert wechat.token_state == "valid"


async def test_a_token_is_renewed_before_its_end_and_not_sooner(
    wechat: WechatClient, standin: Standin
) -> None:
    await kinds(wechat, 1)
    standin.clock.move(7200 - 300 - 61)
    await kinds(wechat, 1)
    assert standin.fetches() == 1
    standin.clock.move(62)
    await kinds(wechat, 50)
    assert standin.fetches() == 2
    assert standin.asked[-1].query["access_token"] == "token-2"


async def test_a_refused_token_is_renewed_once_for_all_who_used_it(
    wechat: WechatClient, standin: Standin
) -> None:
    await kinds(wechat, 1)
    standin.valid = "token-2"
    assert await kinds(wechat, 50) == {"sent"}
    assert standin.fetches() == 2
    assert len(standin.sends()) == 1 + 50 + 50
    assert standin.alarms == []


async def test_a_token_that_never_works_stops_the_channel_and_burns_no_quota(
    wechat: WechatClient, wecom: WecomClient, standin: Standin
) -> None:
    standin.on(CUSTOM, REFUSED)
    standin.on(MEMBER, {"errcode": 42001})
    assert await kinds(wechat, 50) == {"stop"}
    asked = len(standin.asked)
    assert standin.fetches() == 2
    assert len(standin.sends()) <= 100
    for _ in range(200):
        assert await kinds(wechat, 1) == {"stop"}
    assert len(standin.asked) == asked
    assert standin.alarms == ["token refused"]
    assert wechat.token_state == "token refused"
    for _ in range(24):  # an hour and a quarter later: at most two calls and one token for each rest
        standin.clock.move(200)
        await kinds(wechat, 1)
    assert standin.fetches() <= 2 + 16
    assert len(standin.sends()) <= 100 + 32
    standin.on(CUSTOM, {"errcode": 0})
    standin.clock.move(301)
    assert await kinds(wechat, 50) == {"sent"}
    assert (await wecom.send_text("li.si", "x")).kind == "stop"


async def test_a_wrong_secret_is_asked_about_once_in_ten_minutes(
    wechat: WechatClient, standin: Standin
) -> None:
    standin.on("/cgi-bin/stable_token", {"errcode": 40125, "errmsg": "invalid appsecret"})
    for _ in range(20):
        assert await kinds(wechat, 50) == {"stop"}
    assert (standin.fetches(), standin.sends(), standin.alarms) == (1, [], ["configuration"])
    standin.clock.move(601)
    del standin.replies["/cgi-bin/stable_token"]
    assert await kinds(wechat, 50) == {"sent"}


async def test_while_no_token_comes_letters_wait_and_nobody_hammers(
    wechat: WechatClient, standin: Standin
) -> None:
    for reply in (
        html,
        hangs,
        raw("{}"),
        raw('{"access_token": 7, "expires_in": 7200}'),
        {"errcode": -1},
        {"errcode": 777},
    ):
        standin.asked.clear()
        standin.on("/cgi-bin/stable_token", reply)
        assert await kinds(wechat, 50) == {"later"}
        assert standin.fetches() == 1
        standin.clock.move(301)
    assert standin.alarms == []


async def test_the_token_in_hand_serves_until_its_end_when_no_new_one_comes(
    wechat: WechatClient, standin: Standin
) -> None:
    await kinds(wechat, 1)
    standin.on("/cgi-bin/stable_token", html)
    standin.clock.move(7200 - 200)
    assert await kinds(wechat, 50) == {"sent"}
    assert standin.fetches() == 2
    standin.clock.move(201)
    assert await kinds(wechat, 50) == {"later"}


async def test_near_its_end_the_same_token_again_is_not_asked_for_every_time(
    wechat: WechatClient, standin: Standin
) -> None:
    standin.on("/cgi-bin/stable_token", {"access_token": "same", "expires_in": 305})
    await kinds(wechat, 1)
    standin.clock.move(59)
    await kinds(wechat, 50)
    assert standin.fetches() == 1
    standin.clock.move(2)
    await kinds(wechat, 50)
    assert standin.fetches() == 2
