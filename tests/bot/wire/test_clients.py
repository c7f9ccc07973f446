from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from bot.wire.account import Media
from bot.wire.outcome import WECHAT_RULES, Outcome, outcome_of
from bot.wire.wechat import Ticket, WechatClient
from bot.wire.wecom import WecomClient
from tests.bot.wire.standin import Reply, Standin, breaks_off, hangs, hangs_up, html, raw

CUSTOM, TEMPLATE = "/cgi-bin/message/custom/send", "/cgi-bin/message/template/send"
MEMBER, ROBOT = "/cgi-bin/message/send", "/cgi-bin/webhook/send"
DAY = 13 * 3600 + 300.0  # from 11:00 in China to five past midnight


def code(number: int) -> dict[str, Any]:
    return {"errcode": number, "errmsg": "whatever the platform says"}


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, ("sent", "", 0)),
        (45065, ("sent", "sent before", 0)),
        (-1, ("later", "busy", 20)),
        (45011, ("later", "too many a minute", 60)),
        (45009, ("later", "daily quota", DAY)),
        (43117, ("later", "too often to one person", 14400)),
        (99999, ("later", "unknown code", 300)),
        (40003, ("next_channel", "address", 0)),
        (43004, ("next_channel", "not following", 0)),
        (43101, ("next_channel", "refused", 0)),
        (45015, ("next_channel", "window closed", 0)),
        (45047, ("next_channel", "window used up", 0)),
        (43019, ("never", "blocked by us", 0)),
        (45002, ("never", "too long", 0)),
        (47001, ("never", "parameter", 0)),
        (40035, ("never", "parameter", 0)),
        (40037, ("never", "template", 0)),
        (47003, ("never", "template", 0)),
        (40007, ("never", "media", 0)),
        (40013, ("stop", "configuration", 600)),
        (40125, ("stop", "configuration", 600)),
        (41002, ("stop", "configuration", 600)),
        (40164, ("stop", "configuration", 600)),
        (48001, ("stop", "no right", 600)),
        (48004, ("stop", "no right", 600)),
        (50002, ("stop", "no right", 600)),
    ],
)
async def test_each_code_of_the_official_account_has_its_end(
    wechat: WechatClient, standin: Standin, number: int, expected: tuple[str, str, float]
) -> None:
    standin.on(TEMPLATE, code(number))
    outcome = await wechat.send_template("oV", "T", {"thing1": "x"})
    assert (outcome.kind, outcome.reason, outcome.seconds) == expected
    assert outcome.code == number
    assert standin.alarms == ([outcome.reason] if outcome.kind == "stop" else [])


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (code(0), "sent", ""),
        (code(0) | {"invaliduser": ""}, "sent", ""),
        (code(0) | {"invaliduser": "wang|LI.SI"}, "next_channel", "address"),
        (code(0) | {"unlicenseduser": "li.si"}, "next_channel", "unlicensed"),
        (code(0) | {"invaliduser": "li.si2"}, "sent", ""),
        (code(81013), "next_channel", "address"),
        (code(60111), "next_channel", "address"),
        (code(-1), "later", "busy"),
        (code(45009), "later", "too many calls"),
        (code(40058), "never", "parameter"),
        (code(60020), "stop", "configuration"),
        (code(40056), "stop", "configuration"),
        (code(48002), "stop", "no right"),
    ],
    ids=repr,
)
async def test_each_code_of_wecom_has_its_end(
    wecom: WecomClient, standin: Standin, answer: dict[str, Any], kind: str, reason: str
) -> None:
    standin.on(MEMBER, answer)
    outcome = await wecom.send_text("li.si", "a task")
    assert (outcome.kind, outcome.reason) == (kind, reason)


def test_a_quota_of_the_month_is_waited_for_to_the_first() -> None:
    assert outcome_of(45028, WECHAT_RULES, datetime(2026, 12, 31, 15, 0, tzinfo=UTC)).seconds == 3900
    assert outcome_of(45028, WECHAT_RULES, datetime(2027, 1, 30, 15, 0, tzinfo=UTC)).seconds == 86400 + 3900


UNKNOWN: list[Reply] = [
    html,
    hangs,
    hangs_up,
    breaks_off,
    raw("", 500),
    raw("<html>bad gateway</html>", 502, "text/html"),
    raw(""),
    raw("[]"),
    raw("null"),
    raw('{"errcode": "many"}'),
    raw('{"errcode": true}'),
    raw('{"errmsg": "ok"}'),
    raw("[" * 100_000),
    raw('{"errcode": ' + "9" * 5000 + "}"),
    raw(b"\xff\xfe"),
    raw('{"errcode": 0'),
]


@pytest.mark.parametrize("reply", UNKNOWN, ids=range(len(UNKNOWN)))
async def test_without_a_readable_answer_only_what_can_bear_it_is_sent_again(
    wechat: WechatClient, wecom: WecomClient, standin: Standin, reply: Reply
) -> None:
    for path in (CUSTOM, TEMPLATE, MEMBER, ROBOT):
        standin.on(path, reply)
    again = Outcome("later", "no answer", 60)
    elsewhere = Outcome("next_channel", "no answer")
    assert await wechat.send_text("oV", "x") == again
    assert await wechat.send_text("oV", "x", resent=True) == elsewhere
    assert await wechat.send_template("oV", "T", {}) == elsewhere
    assert await wechat.send_template("oV", "T", {}, letter="L1") == again
    assert await wechat.send_template("oV", "T", {}, letter="L1", resent=True) == elsewhere
    assert await wecom.send_text("li.si", "x") == again
    assert await wecom.send_robot("key", "x") == again
    assert await wecom.send_robot("key", "x", resent=True) == elsewhere
    assert len(standin.sends()) == 8  # one call each, nothing repeated behind our back


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (raw("", 429), "later"),
        (raw("", 302), "later"),
        (raw("not here", 404, "text/html"), "stop"),
        (raw("", 403), "stop"),
    ],
)
async def test_an_http_refusal_was_not_sent(
    wechat: WechatClient, standin: Standin, reply: Reply, kind: str
) -> None:
    standin.on(CUSTOM, reply)
    assert (await wechat.send_text("oV", "x")).kind == kind
    assert len(standin.sends()) == 1


async def test_where_nobody_listens_the_letter_waits(http: ClientSession, standin: Standin) -> None:
    for base_url in ("http://127.0.0.1:1", "http://", "nonsense"):
        client = WechatClient(
            http,
            app_id="a",
            app_secret="s",
            clock=standin.clock,
            alarm=standin.alarms.append,
            base_url=base_url,
        )
        assert (await client.send_text("oV", "x")).kind == "later"


async def test_what_goes_out_is_what_the_platform_documents(
    wechat: WechatClient, wecom: WecomClient, standin: Standin
) -> None:
    text = chr(0x6C34) + "\x00\ud800"
    assert (await wechat.send_text("oV", text)).kind == "sent"
    assert (await wechat.send_text("oV", chr(0x6C34) * 900)).kind == "sent"
    fields = {"thing1": "x" * 30, "time2": "2026-11-22"}
    outcome = await wechat.send_template("oV", "T", fields, url="https://h/p/1", letter="L1")
    assert outcome == Outcome("sent", code=0, reference="200163840")
    assert (await wechat.send_subscription("oV", "S", {"thing1": "x"}, page="https://h")).kind == "sent"
    assert (await wechat.create_menu({"button": []})).kind == "sent"
    assert (await wecom.send_text("li.si", text)).kind == "sent"
    assert (await wecom.send_robot("robot-key", "x", mentioned=["@all"])).kind == "sent"
    token, first, long, template, notice, menu, gettoken, member, robot = standin.asked
    assert (token.method, token.path) == ("POST", "/cgi-bin/stable_token")
    assert token.body == {
        "grant_type": "client_credential",
        "appid": "wx0123456789abcdef",
        "secret": "a-secret-of-ours",
        "force_refresh": False,
    }
    assert (first.method, first.path, first.query) == ("POST", CUSTOM, {"access_token": "token-1"})
    assert first.body == {"touser": "oV", "msgtype": "text", "text": {"content": chr(0x6C34)}}
    assert chr(0x6C34).encode() in first.raw
    assert len(long.body["text"]["content"].encode()) <= 2000
    assert template.body == {
        "touser": "oV",
        "template_id": "T",
        "url": "https://h/p/1",
        "client_msg_id": "L1",
        "data": {"thing1": {"value": "x" * 19 + "\u2026"}, "time2": {"value": "2026-11-22"}},
    }
    assert (notice.path, notice.body["page"]) == ("/cgi-bin/message/subscribe/bizsend", "https://h")
    assert (menu.path, menu.body) == ("/cgi-bin/menu/create", {"button": []})
    assert (gettoken.method, gettoken.path) == ("GET", "/cgi-bin/gettoken")
    assert gettoken.query == {"corpid": "ww0123456789abcdef", "corpsecret": "a-secret-of-ours"}
    assert member.body == {
        "touser": "li.si",
        "agentid": 1000002,
        "msgtype": "text",
        "text": {"content": chr(0x6C34)},
        "enable_duplicate_check": 1,
        "duplicate_check_interval": 1800,
    }
    assert (robot.path, robot.query) == (ROBOT, {"key": "robot-key"})
    assert robot.body == {"msgtype": "text", "text": {"content": "x", "mentioned_list": ["@all"]}}


async def test_files_come_and_go(wechat: WechatClient, wecom: WecomClient, standin: Standin) -> None:
    get, upload = "/cgi-bin/media/get", "/cgi-bin/media/upload"
    standin.on(get, raw(b"#!AMR\n", content_type="application/x-msdownload"))
    assert await wechat.fetch_media("m1") == Media(b"#!AMR\n", "audio/amr")
    assert await wecom.fetch_media("m1") == Media(b"#!AMR\n", "audio/amr")
    assert standin.sends()[0].query == {"media_id": "m1", "access_token": "token-1"}
    standin.on(get, raw(b"MZ\x90\x00", content_type="audio/amr"))
    assert (await wechat.fetch_media("m1")) == Outcome("never", "neither recording, picture nor film")
    standin.on(get, {"video_url": "http://v/1"})
    assert await wechat.fetch_media("m1") == Media(b"", "", "http://v/1")
    standin.on(get, raw('{"errcode": 40007, "errmsg": "invalid media_id"}', content_type="text/plain"))
    assert await wechat.fetch_media("m1") == Outcome("never", "media", code=40007)
    standin.on(get, {})
    assert (await wechat.fetch_media("m1")).__class__ is Outcome
    standin.on(get, {"surprise": 1})
    assert await wechat.fetch_media("m1") == Outcome("never", "no file")
    standin.on(upload, {"errcode": 0, "media_id": "up-1"})
    assert await wecom.upload_file("digest.xlsx", b"PK") == "up-1"
    assert standin.asked[-1].query["type"] == "file"
    assert b'filename="digest.xlsx"' in standin.asked[-1].raw
    assert (await wecom.send_file("li.si", "up-1")).kind == "sent"
    standin.on(upload, {"errcode": 0})
    assert isinstance(await wecom.upload_file("digest.xlsx", b"PK"), Outcome)


async def test_a_village_gets_its_code(wechat: WechatClient, standin: Standin) -> None:
    standin.on("/cgi-bin/qrcode/create", {"ticket": "t", "url": "http://weixin/q/1"})
    assert await wechat.create_qr("v:350124101") == Ticket("t", "http://weixin/q/1")
    assert standin.asked[-1].body == {
        "action_name": "QR_LIMIT_STR_SCENE",
        "action_info": {"scene": {"scene_str": "v:350124101"}},
    }
    standin.on("/cgi-bin/qrcode/create", code(45009))
    assert (await wechat.create_qr("v:1")) == Outcome("later", "daily quota", DAY, 45009)
    with pytest.raises(ValueError, match="scene"):
        await wechat.create_qr("v" * 65)


async def test_a_channel_without_rights_rests_and_the_others_go_on(
    wechat: WechatClient, wecom: WecomClient, standin: Standin
) -> None:
    standin.on(TEMPLATE, code(48001))
    standin.on(ROBOT, code(93000), code(0))
    for _ in range(5):
        assert (await wechat.send_template("oV", "T", {})).kind == "stop"
    assert (await wechat.send_text("oV", "x")).kind == "sent"
    assert (await wecom.send_robot("revoked", "x")).kind == "stop"
    assert (await wecom.send_robot("revoked", "x")).kind == "stop"
    assert (await wecom.send_robot("another", "x")).kind == "sent"
    assert standin.paths().count(TEMPLATE) == 1
    assert standin.alarms == ["no right", "robot key"]
    standin.clock.move(601)
    standin.on(TEMPLATE, code(0))
    assert (await wechat.send_template("oV", "T", {})).kind == "sent"


async def test_no_secret_and_no_person_is_ever_logged(
    wechat: WechatClient, wecom: WecomClient, standin: Standin
) -> None:
    with capture_logs() as logs:
        for reply in (html, hangs_up, raw("", 404), code(48001), code(40001)):
            standin.on(CUSTOM, reply)
            standin.on(ROBOT, reply)
            outcomes = [
                await wechat.send_text("oVillager", "words"),
                await wecom.send_robot("robot-key", "words"),
            ]
            standin.clock.move(700)
            assert not any(word in repr(outcomes) for word in ("oVillager", "words", "token-", "robot-key"))
    assert logs
    secrets = ("oVillager", "words", "token-1", "a-secret-of-ours", "robot-key")
    assert not any(secret in repr(logs) for secret in secrets)
