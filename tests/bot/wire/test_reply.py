from datetime import UTC, datetime

import pytest
import xmltodict
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.replies import TextReply

from bot.wire.message import read_message
from bot.wire.reply import ELLIPSIS, clean, cut, text_reply
from tests.bot.wire.account import RECEIVER, SENDER, text_xml

INCOMING = read_message(text_xml(), "wechat")
AT = datetime(2026, 11, 22, tzinfo=UTC)
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1e8\U0001f1f3"


def rendered(text: str) -> dict[str, str]:
    fields: dict[str, str] = xmltodict.parse(text_reply(INCOMING, text, AT), strip_whitespace=False)["xml"]
    fields.pop("#text", None)
    return fields


def test_a_reply_goes_back_to_the_sender() -> None:
    assert rendered("received {0} %s") == {
        "MsgType": "text",
        "FromUserName": RECEIVER,
        "ToUserName": SENDER,
        "CreateTime": str(int(AT.timestamp())),
        "Content": "received {0} %s",
    }


def test_a_reply_is_what_wechatpy_would_send() -> None:
    for words in ("received {0} %s", "]]>\n", chr(0x6C34) * 900):
        reply = TextReply(source=RECEIVER, target=SENDER, content=cut(clean(words)), time=int(AT.timestamp()))
        assert text_reply(INCOMING, words, AT) == reply.render()


def test_words_in_a_reply_can_forge_no_element() -> None:
    fields = rendered("]]></Content><MsgType><![CDATA[event]]></MsgType>]]\x00>")
    assert fields["MsgType"] == "text"
    assert "]]>" not in fields["Content"]


@settings(max_examples=1500, deadline=None)
@given(st.text(max_size=900))
def test_any_reply_is_good_xml_of_at_most_2000_bytes(text: str) -> None:
    content = rendered(text)["Content"] or ""
    assert len(content.encode()) <= 2000
    if len(clean(text).encode()) <= 2000:
        assert content == clean(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (chr(0x6C34) * 700, chr(0x6C34) * 665),
        ("a" * 2001, "a" * 1997),
        ("a" * 2000, None),
        ("a" * 1990 + FAMILY * 2, "a" * 1990),
        ("a" * 1993 + FLAG * 2, "a" * 1993),
        ("a" * 1985 + FLAG * 3, "a" * 1985 + FLAG),
        ("a" * 1994 + "e\u0301\u0301" + "a" * 9, "a" * 1994),
        ("a" * 1992 + "\U0001f44d\U0001f3fd" + "a" * 9, "a" * 1992),
        ("e" + "\u0301" * 1500, "e" + "\u0301" * 998),
    ],
    ids=range(9),
)
def test_a_long_reply_is_cut_between_what_one_sees(text: str, kept: str | None) -> None:
    assert cut(text) == (text if kept is None else kept + ELLIPSIS)


def test_nothing_in_a_reply_turns_the_number_round() -> None:
    assert clean("\u202e123456\u202c\u2066x\u200f\r\nok\x7f\x85\ud800") == "123456x\u200f\nok"
