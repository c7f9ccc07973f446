"""The inbox: every message seen, with the reply it got. The same message again gets the same reply, for ever."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import bindparam, delete, func
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime, month_of
from models.key import Key, Keyring
from models.petition import Petition
from models.text import Text, read

# The kind of what accuses only together with later words: its row is an accusation's, but counts as none.
PIECE = "piece"


class Message(Table, table=True):
    """One message. An accusation's row is time, lane, reply and `key` alone: no person, no text."""

    __tablename__ = "message"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=64)  # keyed hash of channel, sender and the platform's id
    county: str = Field(max_length=20)
    month: int
    at: datetime = Field(sa_type=UtcDateTime)
    channel: str = Field(max_length=12)
    kind: str = Field(default="text", max_length=12)
    lane: str | None = Field(default=None, max_length=16)
    villager: int | None = Field(default=None, foreign_key="villager.id", index=True)
    petition: int | None = Field(default=None, foreign_key="petition.id", index=True)
    text: int | None = Field(default=None, foreign_key="text.id")
    media: bytes = b""  # sealed handle of a picture or recording
    key_id: int | None = Field(
        default=None, foreign_key="key.id"
    )  # what the reply is sealed with; none: directory
    reply: bytes = b""  # sealed; empty: nothing was said
    replied_with: str = Field(
        default="", max_length=96
    )  # the wordings alone, where the reply holds nothing personal


_BY_KEY = sqlalchemy.select(col(Message.id)).where(col(Message.key) == bindparam("key"))


def seen(session: Session, key: str) -> Message | None:
    return session.once(("message", key), lambda: session.look_up(Message, _BY_KEY, key=key))


def look_ahead(session: Session, keys: Collection[str]) -> list[Message]:
    """Which of these were seen, asked for all of them at once."""
    known = list(session.exec(_BY_KEYS, params={"keys": list(keys)}))
    session.hold_each("message", keys, {message.key: message for message in known})
    return known


# Made once, as all that is asked for each batch: making a statement costs more than running it.
_BY_KEYS = select(Message).where(col(Message.key).in_(bindparam("keys", expanding=True)))


def remember(
    session: Session,
    key: str,
    county: str,
    channel: str,
    kind: str,
    at: datetime,
    *,
    villager: int | None = None,
) -> Message:
    """The row of a new message; the database refuses a second one with the same key."""
    message = Message(
        key=key, county=county, month=month_of(at), at=at, channel=channel, kind=kind, villager=villager
    )
    session.add(message)
    session.hold(("message", key), message)
    return message


def of_villager_since(session: Session, villager: int, since: datetime) -> list[Message]:
    """A person's messages from `since` on, oldest first."""
    found = select(Message).where(Message.villager == villager, col(Message.at) >= since)
    return list(session.exec(found.order_by(col(Message.id))))


def of_petition(session: Session, petition: int) -> list[Message]:
    """What was said in a matter, oldest first."""
    return list(session.exec(select(Message).where(Message.petition == petition).order_by(col(Message.id))))


def drop_words_outside_matters(session: Session, villager: int) -> None:
    """Lets go of what a person said, and was answered, outside any matter."""
    found = select(Message).where(Message.villager == villager, col(Message.petition).is_(None))
    texts = []
    for message in session.exec(found):
        texts.append(message.text)
        message.text, message.media, message.reply = None, b"", b""
        session.add(message)
    session.flush()
    session.exec(delete(Text).where(col(Text.id).in_([text for text in texts if text])))


def drop_text(session: Session, text: Text) -> None:
    """Lets go of one text, wherever it was said."""
    for message in session.exec(select(Message).where(Message.text == text.id)):
        message.text = None
        session.add(message)
    session.flush()
    session.delete(text)


class Kept(NamedTuple):
    """What a villager wrote, as long as it is kept."""

    message: int
    number: str | None  # of the matter it belongs to
    words: str


def count_with_text(session: Session) -> int:
    """How many messages have a text, forgotten ones included."""
    return session.exec(select(func.count(col(Message.text)))).one()


def with_text(session: Session, keys: Keyring, after: int, limit: int) -> tuple[int | None, int, list[Kept]]:
    """Messages above `after`: the last one read (None: there is none any more), how many, and those still kept."""
    found = (
        select(Message.id, Petition.number, Text, Key)
        .join(Text, col(Text.id) == col(Message.text))
        .join(Key, col(Key.id) == col(Text.key_id))
        .outerjoin(Petition, col(Petition.id) == col(Message.petition))
        .where(col(Message.id) > after)
        .order_by(col(Message.id))
        .limit(limit)
    )
    rows = list(session.exec(found))
    opened = [(identity, number, read(session, keys, text)) for identity, number, text, _ in rows]
    kept = [Kept(identity or 0, number, words) for identity, number, words in opened if words]
    return (rows[-1][0] if rows else None), len(rows), kept


def latest_texts(session: Session, keys: Keyring, limit: int) -> list[str]:
    """The last texts that are still kept, the latest first."""
    found = (
        select(Text, Key)
        .join(Message, col(Message.text) == Text.id)
        .join(Key, col(Key.id) == col(Text.key_id))
        .order_by(col(Message.id).desc())
        .limit(limit)
    )
    opened = (read(session, keys, text) for text, _ in list(session.exec(found)))
    return [words for words in opened if words]
