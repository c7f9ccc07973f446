from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wire.consent import Consent
from bot.wire.document import flat, parsed
from bot.wire.envelope import CallbackRejected
from bot.wire.message import Incoming, Location, Platform, read_message
from tests.bot.wire.account import RECEIVER, SENDER, message_xml, text_xml


def field(name: str, value: str) -> str:
    return f"<{name}><![CDATA[{value}]]></{name}>"


def event(name: str, rest: str = "", created: str = "1763776800") -> str:
    return message_xml("event", field("Event", name) + rest, created=created)


def read(xml: str, platform: Platform = "wechat") -> Incoming:
    return read_message(xml, platform)


def seen(xml: str, *names: str) -> tuple[object, ...]:
    incoming = read(xml)
    return tuple(getattr(incoming, name) for name in names)


def test_a_text_says_who_what_and_when() -> None:
    incoming = read(text_xml("no water since Monday", 7_000_000_001))
    assert incoming == Incoming(
        platform="wechat",
        sender=SENDER,
        receiver=RECEIVER,
        kind="text",
        created=datetime(2025, 11, 22, 2, 0, tzinfo=UTC),
        key=incoming.key,
        message_id="7000000001",
        text="no water since Monday",
    )


MEDIA = field("MediaId", "media-1")
SCENE = field("EventKey", "qrscene_v:350124101")
FINISHED = "<MsgID>200163840</MsgID>" + field("Status", "failed:user block")
LISTED = "".join(
    f"<List>{field('TemplateId', template)}{field('SubscribeStatusString', status)}</List>"
    for template, status in (("T1", "accept"), ("T2", "reject"))
)


@pytest.mark.parametrize(
    ("xml", "names", "expected"),
    [
        (
            message_xml("image", MEDIA + field("PicUrl", "http://p/1")),
            "kind media_id picture_url",
            ("image", "media-1", "http://p/1"),
        ),
        (
            message_xml("voice", MEDIA + field("Format", "amr")),
            "kind media_id text",
            ("voice", "media-1", ""),
        ),
        (message_xml("video", MEDIA), "kind media_id", ("video", "media-1")),
        (message_xml("shortvideo", MEDIA), "kind media_id", ("video", "media-1")),
        (
            message_xml(
                "location",
                "<Location_X>26.2</Location_X><Location_Y>119.5</Location_Y>" + field("Label", "by the mill"),
            ),
            "kind location",
            ("location", Location(26.2, 119.5, "by the mill")),
        ),
        (
            message_xml("link", field("Title", "t") + field("Description", "d") + field("Url", "http://u")),
            "kind title description url",
            ("link", "t", "d", "http://u"),
        ),
        (event("subscribe"), "kind event event_key", ("event", "subscribe", "")),
        (event("subscribe", SCENE), "kind event event_key", ("event", "subscribe", "v:350124101")),
        (
            event("SCAN", field("EventKey", "v:350124101")),
            "kind event event_key",
            ("event", "scan", "v:350124101"),
        ),
        (event("unsubscribe"), "kind event", ("event", "unsubscribe")),
        (
            event("CLICK", field("EventKey", "PROGRESS")),
            "kind event event_key",
            ("event", "click", "PROGRESS"),
        ),
        (
            event(
                "LOCATION", "<Latitude>26.2</Latitude><Longitude>119.5</Longitude><Precision>9</Precision>"
            ),
            "kind event location",
            ("event", "location", Location(26.2, 119.5, "")),
        ),
        (
            event("TEMPLATESENDJOBFINISH", FINISHED),
            "kind event_key status",
            ("event", "200163840", "failed:user block"),
        ),
        (
            event("subscribe_msg_popup_event", f"<SubscribeMsgPopupEvent>{LISTED}</SubscribeMsgPopupEvent>"),
            "kind consents",
            ("event", (Consent("T1", True), Consent("T2", False))),
        ),
        (
            event(
                "subscribe_msg_sent_event",
                "<SubscribeMsgSentEvent><List><TemplateId>T1</TemplateId><MsgID>9</MsgID><ErrorCode>0</ErrorCode>"
                "<ErrorStatus>success</ErrorStatus></List></SubscribeMsgSentEvent>",
            ),
            "kind event_key status consents",
            ("event", "9", "success", ()),
        ),
        (event("a_new_event"), "kind event", ("unknown", "a_new_event")),
        (message_xml("hologram"), "kind", ("unknown",)),
        (message_xml("device_text"), "kind", ("unknown",)),
    ],
)
def test_every_kind_of_message_is_told_apart(xml: str, names: str, expected: tuple[object, ...]) -> None:
    assert seen(xml, *names.split()) == expected


def test_wecom_says_the_same_with_an_agent() -> None:
    incoming = read(
        text_xml("hello", sender="li.si@county").replace("</xml>", "<AgentID>1000002</AgentID></xml>"),
        "wecom",
    )
    assert (incoming.sender, incoming.kind, incoming.text) == ("li.si@county", "text", "hello")
    assert read(event("enter_agent", "<AgentID>1000002</AgentID>"), "wecom").event == "enter_agent"
    assert read(event("template_card_event"), "wecom").kind == "unknown"


def test_the_same_message_has_one_identity_and_another_has_its_own() -> None:
    messages = [
        text_xml("a", 1),
        text_xml("a", 2),
        text_xml("a", 1, sender="oSomebodyElse"),
        event("CLICK", field("EventKey", "A")),
        event("CLICK", field("EventKey", "B")),
        event("VIEW", field("EventKey", "A")),
        event("CLICK", field("EventKey", "A"), created="1763776801"),
        event("TEMPLATESENDJOBFINISH", "<MsgID>1</MsgID>"),
        event("TEMPLATESENDJOBFINISH", "<MsgID>2</MsgID>"),
        message_xml("hologram"),
    ]
    keys = [read(xml).key for xml in messages]
    assert len(set(keys)) == len(messages)
    assert keys == [read(xml).key for xml in messages]
    assert read(text_xml("retried later, in other words", 1)).key == keys[0]
    assert read(text_xml("a", 1), "wecom").key != keys[0]
    assert SENDER not in "".join(keys)


GOOD = text_xml()
BOMB = '<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "   ",
        "not xml",
        "<xml/>",
        "<xml></xml>",
        "<message>" + GOOD[5:-6] + "</message>",
        GOOD + GOOD,
        GOOD[:-6],
        "<!DOCTYPE xml>" + GOOD,
        BOMB + GOOD.replace("hello", "&b;"),
        '<!DOCTYPE xml SYSTEM "file:///etc/passwd">' + GOOD,
        GOOD.replace("<CreateTime>1763776800</CreateTime>", ""),
        *(
            GOOD.replace(">1763776800<", f">{bad}<")
            for bad in ("", "now", "-1", "0", "1e9", "9" * 13, "\u0661\u0662", "<a/>")
        ),
        GOOD.replace("MsgType>", "Type>"),
        GOOD.replace("FromUserName>", "From>"),
        GOOD.replace("ToUserName>", "To>"),
        GOOD.replace("</xml>", field("MsgType", "event") + "</xml>"),
        GOOD.replace("</xml>", field("FromUserName", "oForged") + "</xml>"),
        GOOD.replace("<![CDATA[text]]>", "<a>text</a>"),
        GOOD.replace("<![CDATA[hello]]>", "<a>hello</a>"),
        GOOD.replace("<![CDATA[hello]]>", "&#0;"),
        GOOD.replace("<![CDATA[hello]]>", "&unknown;"),
        GOOD.replace("<MsgType>", '<MsgType a="b">'),
        GOOD.replace("<xml>", '<xml xmlns="urn:x">'),
        GOOD.replace(SENDER, "o<b>"),
        GOOD.replace(SENDER, "o o"),
        GOOD.replace(SENDER, "o" * 129),
        GOOD.replace(">7000000001<", ">seven<"),
        GOOD.replace(">7000000001<", "><a/><"),
        GOOD.replace("</xml>", "<a>" * 20 + "</a>" * 20 + "</xml>"),
        message_xml("event"),
        event("subscribe", "<EventKey><a/></EventKey>"),
        message_xml("location", "<Location_X>north</Location_X><Location_Y>1</Location_Y>"),
        message_xml("location", "<Location_X>nan</Location_X><Location_Y>1</Location_Y>"),
        message_xml("location", "<Location_X>91</Location_X><Location_Y>1</Location_Y>"),
        message_xml("location"),
        event("LOCATION", "<Latitude>x</Latitude><Longitude>1</Longitude>"),
    ],
)
def test_what_is_not_the_platforms_xml_is_malformed(xml: str) -> None:
    with pytest.raises(CallbackRejected) as caught:
        read(xml)
    assert caught.value.status == 400


def test_control_characters_a_villager_typed_become_spaces_and_close_nothing() -> None:
    forged = "a\x00b\x0bc]]\x00></Content><MsgType>event</MsgType>"
    assert read(text_xml(forged)).text == "a b c]] ></Content><MsgType>event</MsgType>"


@settings(max_examples=1500, deadline=None)
@given(st.text(max_size=200).filter(lambda text: "]]>" not in text))
def test_any_text_can_be_read(text: str) -> None:
    assert read(text_xml(text.encode(errors="replace").decode())).kind == "text"


PIECES = st.sampled_from(
    [
        *("<xml>", "</xml>", "<MsgType>", "</MsgType>", "<Event>", "<a>", "</a>", "<a/>", "text", "event"),
        *("<![CDATA[", "]]>", "&#1;", "<!--", "-->"),
        *("\x00", "\ud800", "<CreateTime>1</CreateTime>", "<MsgId>1</MsgId>"),
        *(field("FromUserName", "o"), field("ToUserName", "g")),
    ]
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, max_size=14), st.sampled_from(["wechat", "wecom"]))
def test_a_jumble_is_read_or_refused_and_nothing_else(pieces: list[str], platform: Platform) -> None:
    for xml in ("".join(pieces), message_xml("event", "".join(pieces)), f"<xml>{''.join(pieces)}</xml>"):
        try:
            incoming = read(xml, platform)
        except CallbackRejected:
            continue
        assert replace(incoming) == incoming


PLAIN = st.sampled_from(
    [
        *("<a>", "</a>", "<b>", "</b>", "<![CDATA[", "]]>", "]", ">", "&amp;", "x", " ", "\n", "\r\n", "\t"),
        *("<a>1</a>", "<b><![CDATA[<c>&2]]></b>", "<a></a>", "<c/>", "\u3000", "\x85", "\ufffe", "\x1f"),
    ]
)


@settings(max_examples=3000, deadline=None)
@given(st.lists(PLAIN, max_size=12), st.sampled_from(["", "\n", " ", "<xml>", "\x00", "x"]))
def test_what_is_read_without_a_parser_is_what_the_parser_reads(pieces: list[str], end: str) -> None:
    for xml in (f"<xml>{''.join(pieces)}</xml>{end}", f"<xml>{field('a', ''.join(pieces))}</xml>{end}"):
        found = flat(xml)
        assert found is None or found == parsed(xml)


def test_an_ordinary_message_needs_no_parser() -> None:
    assert flat(text_xml("no water since Monday")) is not None
