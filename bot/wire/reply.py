"""The passive text reply: made safe for XML, short enough for the platform."""

import re
import unicodedata
from datetime import datetime

from bot.wire.message import Incoming

MOST_BYTES = 2000  # the platforms take 2048 bytes of UTF-8 (measured, not documented)
# What wechatpy's TextReply renders, letter for letter (a test compares them), in a twentieth of its time.
_TEXT = (
    "<xml>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[{}]]></Content>\n"
    "<FromUserName><![CDATA[{}]]></FromUserName>\n<ToUserName><![CDATA[{}]]></ToUserName>\n"
    "<CreateTime>{}</CreateTime>\n</xml>"
)
ELLIPSIS = "\u2026"

# Not allowed in XML 1.0, or a control that could hide or turn round what follows (bidi overrides).
_UNWANTED = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]",
)
_ZERO_WIDTH_JOINER = "\u200d"
_LONGEST_CLUSTER = 32  # characters; a longer pile of marks is cut through
_REGIONAL = range(0x1F1E6, 0x1F200)  # two of these make a flag
_SKIN = range(0x1F3FB, 0x1F400)


def clean(text: str) -> str:
    """Text that can stand in CDATA: no illegal or control characters, and nothing that closes the section."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED.sub("", text).replace("]]>", "]]\uff1e")


def cut(text: str, most: int = MOST_BYTES) -> str:
    """At most `most` bytes of UTF-8, cut between characters, with an ellipsis where something was lost."""
    if len(text.encode()) <= most:
        return text
    room = most - len(ELLIPSIS.encode())
    end = len(text.encode()[:room].decode(errors="ignore"))
    return text[: _edge(text, end)] + ELLIPSIS


def text_reply(incoming: Incoming, text: str, at: datetime) -> str:
    """The XML of a text back to the sender, created `at`."""
    # clean text and the accounts, in which no markup is let through, are all that goes in
    return _TEXT.format(cut(clean(text)), incoming.receiver, incoming.sender, int(at.timestamp()))


def _edge(text: str, end: int) -> int:
    """The nearest place at or before `end` that does not split a visible character."""
    for place in range(end, max(end - _LONGEST_CLUSTER, 0), -1):
        if not _joins(text, place):
            return place
    return end


def _joins(text: str, place: int) -> bool:
    """Whether the characters on both sides of `place` belong together."""
    before, after = text[place - 1], text[place]
    if _ZERO_WIDTH_JOINER in (before, after) or ord(after) in _SKIN:
        return True
    if unicodedata.category(after) in ("Mn", "Me", "Mc"):  # variation selectors are Mn
        return True
    if ord(after) in _REGIONAL and ord(before) in _REGIONAL:
        run = len(text[:place]) - len(text[:place].rstrip("".join(map(chr, _REGIONAL))))
        return run % 2 == 1
    return False
