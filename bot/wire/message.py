"""A decrypted callback as one frozen value, whatever the platform called it."""

import hashlib
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from wechatpy.enterprise.parser import parse_message as parse_wecom
from wechatpy.parser import parse_message as parse_wechat

from bot.wire.consent import SENT, Consent, consents_of, entries_of
from bot.wire.document import Document, legal, read_document
from bot.wire.envelope import CallbackRejected

Platform = Literal["wechat", "wecom"]
Kind = Literal["text", "image", "voice", "video", "location", "link", "event", "unknown"]

_PARSERS = {"wechat": parse_wechat, "wecom": parse_wecom}
_KINDS: dict[str, Kind] = {
    "text": "text",
    "image": "image",
    "voice": "voice",
    "video": "video",
    "shortvideo": "video",
    "location": "location",
    "link": "link",
    "event": "event",
}
_SCENE = "qrscene_"  # stands before the scene when somebody follows by a QR code
_ACCOUNT = re.compile(r"[^\s<>&\x00-\x20\x7f]{1,128}")  # an openid has 28 characters, a userid at most 64
_LATEST = 253_402_300_799  # the last second of the year 9999


@dataclass(frozen=True, slots=True)
class Location:
    """Degrees, and the platform's own name for the spot ("" when it gave none)."""

    latitude: float
    longitude: float
    label: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or event. A field the kind does not have is empty.

    `key` is the identity under which a retry is the same message: sender and MsgId; for events sender,
    CreateTime, Event and EventKey. It is a hash, and tells nothing about the sender.
    """

    platform: Platform
    sender: str
    receiver: str
    kind: Kind
    created: datetime
    key: str
    message_id: str | None = None
    text: str = ""
    event: str = ""  # in lower case: subscribe, unsubscribe, scan, click, view ...
    event_key: str = ""  # a menu key, or a QR code's scene without its prefix
    status: str = ""  # of templatesendjobfinish and of a subscription notice that was sent
    consents: tuple[Consent, ...] = ()
    media_id: str = ""
    picture_url: str = ""
    location: Location | None = None
    title: str = ""
    description: str = ""
    url: str = ""


def read_message(xml: str, platform: Platform) -> Incoming:
    """Read a decrypted (or, in plain mode, signed) message. Raises CallbackRejected (400), nothing else.

    A type or event that wechatpy does not know is `unknown`, and not an error. For a text, which most are, there is
    nothing it could tell that the strict reading did not: it is not asked, for it takes longer than all the rest.
    """
    xml = legal(xml)
    document = read_document(xml)
    head = _read_head(document, platform)
    if head.type == "text":
        return _text(head, document)
    try:
        message = _PARSERS[platform](xml)
        return _incoming(head, message, document)
    except CallbackRejected:
        raise
    except Exception as error:  # wechatpy lets KeyError, TypeError, AttributeError, ExpatError ... through
        raise CallbackRejected(400, type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class _Head:
    platform: Platform
    sender: str
    receiver: str
    created: datetime
    message_id: str | None
    type: str
    event: str
    event_key: str
    key: str


def _read_head(document: Document, platform: Platform) -> _Head:
    """What every message has, and what tells one from another."""
    sender, receiver = document.needed("FromUserName"), document.needed("ToUserName")
    if not _ACCOUNT.fullmatch(sender) or not _ACCOUNT.fullmatch(receiver):
        raise CallbackRejected(400, "account")
    created = document.needed("CreateTime")
    if not re.fullmatch("[0-9]{1,12}", created) or not 0 < int(created) <= _LATEST:
        raise CallbackRejected(400, "CreateTime")
    message_type = document.needed("MsgType").lower()
    message_id = document.text("MsgId")
    if not re.fullmatch("[0-9]{0,20}", message_id):
        raise CallbackRejected(400, "MsgId")
    event = event_key = ""
    if message_type == "event":
        event = document.needed("Event").lower()
        # a finished template job has no EventKey; its MsgID tells two within a second apart
        event_key = document.text("EventKey") or document.text("MsgID")
        key = _identity(platform, "event", sender, created, event, event_key)
    elif message_id:
        key = _identity(platform, "message", sender, message_id)
    else:
        key = _identity(platform, message_type, sender, created)
    at = datetime.fromtimestamp(int(created), UTC)
    return _Head(platform, sender, receiver, at, message_id or None, message_type, event, event_key, key)


def _identity(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _text(head: _Head, document: Document) -> Incoming:
    return Incoming(
        platform=head.platform,
        sender=head.sender,
        receiver=head.receiver,
        kind="text",
        created=head.created,
        key=head.key,
        message_id=head.message_id,
        text=document.text("Content"),
    )


def _incoming(head: _Head, message: Any, document: Document) -> Incoming:
    kind: Kind = _KINDS.get(message.type, "unknown")
    if kind == "event" and head.type != "event":
        kind = "unknown"  # the hardware platform's device_* messages are events to wechatpy
    sent = next(entries_of(message), {}) if head.event == SENT else {}
    return Incoming(
        platform=head.platform,
        sender=head.sender,
        receiver=head.receiver,
        kind=kind,
        created=head.created,
        key=head.key,
        message_id=head.message_id,
        text=document.text("Content") if kind == "text" else "",
        event=head.event,
        event_key=sent.get("MsgID") or head.event_key.removeprefix(_SCENE),
        status=sent.get("ErrorStatus") or document.text("Status"),
        consents=consents_of(message),
        media_id=document.text("MediaId"),
        picture_url=document.text("PicUrl"),
        location=_location(kind, head.event, message),
        title=document.text("Title"),
        description=document.text("Description"),
        url=document.text("Url"),
    )


def _location(kind: Kind, event: str, message: Any) -> Location | None:
    if kind == "location":
        latitude, longitude, label = float(message.location_x), float(message.location_y), message.label or ""
    elif kind == "event" and event == "location":
        latitude, longitude, label = message.latitude, message.longitude, ""
    else:
        return None
    if not (math.isfinite(latitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise CallbackRejected(400, "location")
    return Location(latitude, longitude, label)
