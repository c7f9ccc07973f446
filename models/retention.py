"""What is kept too long: which matters' time is over, and the plans by which two people let it go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, exists, not_, or_, update
from sqlmodel import Field, col, func, select

from models.base import Session, Table, UtcDateTime
from models.letter import Letter
from models.media import erase
from models.message import Message
from models.petition import CLOSED, OPEN, Petition
from models.relay import ExchangeOrder
from models.text import Text
from models.villager import Question, Villager

BATCH = 200


class Kept(StrEnum):
    """What has a time of its own, counted from a matter's end."""

    VOICES = "voices"
    TEXTS = "texts"
    PETITIONS = "petitions"


@dataclass(frozen=True)
class Times:
    """How long each is kept, in days after a matter's end."""

    voices: int = 30
    texts: int = 365
    petitions: int = 1825

    def cut_off(self, kept: Kept, at: datetime) -> datetime:
        """What ended before this instant has been kept long enough."""
        days: int = getattr(self, kept.value)
        return at - timedelta(days=days)


class Plan(Table, table=True):
    """A proposal to erase: made by the daily job, carried out once an operator and a supervisor said yes."""

    __tablename__ = "retention_plan"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    kept: str = Field(max_length=12)  # a Kept
    ended_before: datetime = Field(sa_type=UtcDateTime)
    count: int  # matters it was proposed for
    made_at: datetime = Field(sa_type=UtcDateTime)
    operator: str | None = Field(default=None, max_length=64)  # the account of the person who said yes
    supervisor: str | None = Field(default=None, max_length=64)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def is_agreed(self) -> bool:
        return self.operator is not None and self.supervisor is not None


def waiting_plans(session: Session) -> list[Plan]:
    """Plans not carried out yet, oldest first."""
    rows = select(Plan).where(col(Plan.done_at).is_(None))
    return list(session.exec(rows.order_by(col(Plan.id))))


def expired(session: Session, kept: Kept, ended_before: datetime, limit: int = BATCH) -> list[int]:
    """Ids of matters that ended before, and still hold what should be gone, oldest first."""
    rows = select(Petition.id).where(_expired(kept, ended_before)).order_by(col(Petition.id)).limit(limit)
    return [one for one in session.exec(rows) if one is not None]


def count_expired(session: Session, kept: Kept, ended_before: datetime) -> int:
    """How many matters (with the texts: also messages outside any) a plan would touch."""
    matters = select(func.count()).select_from(Petition).where(_expired(kept, ended_before))
    loose = select(func.count()).select_from(Message).where(_loose(ended_before))
    return session.exec(matters).one() + (session.exec(loose).one() if kept is Kept.TEXTS else 0)


def _expired(kept: Kept, ended_before: datetime) -> ColumnElement[bool]:
    over = and_(col(Petition.state).in_(CLOSED), col(Petition.closed_at) < ended_before)
    if kept is Kept.TEXTS:
        return and_(over, col(Petition.forgotten_at).is_(None))
    holds = exists().where(col(Message.petition) == col(Petition.id), ~_counted())
    if kept is Kept.VOICES:
        return and_(over, holds.where(col(Message.kind) == "voice", col(Message.media) != b""))
    return and_(over, holds)


def _counted() -> ColumnElement[bool]:
    return func.coalesce(Message.lane, "") == "accusation"


def drop_voices(session: Session, petition: int) -> None:
    """Lets go of the recordings of a matter."""
    rows = select(Message).where(Message.petition == petition, Message.kind == "voice")
    for message in session.exec(rows):
        message.media = b""
        session.add(message)
    erase(session, petition, "voice")


def drop_trace(session: Session, petition: Petition) -> None:
    """What stood around a matter: its messages, texts, letters, questions. Its row and its events stay.

    So does the row of an accusation: it holds no word, and the digest of its quarter counts it.
    """
    erase(session, petition.identity)
    for table in (Question, Letter, ExchangeOrder):
        session.exec(delete(table).where(col(table.petition) == petition.id))
    session.exec(delete(Message).where(col(Message.petition) == petition.id, ~_counted()))
    session.exec(update(Text).where(col(Text.key_id) == petition.key_id).values(sealed=b""))


def drop_loose_words(session: Session, before: datetime) -> int:
    """Lets go of what was said long ago outside any matter; how many messages."""
    count = 0
    for message in session.exec(select(Message).where(_loose(before)).limit(BATCH)):
        text = session.get(Text, message.text) if message.text else None
        message.text, message.reply, message.media = None, b"", b""
        session.add(message)
        session.flush()
        if text is not None:
            session.delete(text)
        count += 1
    return count


def _loose(before: datetime) -> ColumnElement[bool]:
    said = or_(col(Message.text).is_not(None), col(Message.reply) != b"", col(Message.media) != b"")
    return and_(col(Message.petition).is_(None), col(Message.at) < before, said)


def asked_to_be_forgotten(session: Session, limit: int = BATCH) -> list[Villager]:
    """Those whose last open matter has ended since they asked."""
    rows = select(Villager).where(col(Villager.forget_asked_at).is_not(None), _idle())
    return list(session.exec(rows.order_by(col(Villager.id)).limit(limit)))


def long_silent(session: Session, since: datetime, limit: int = BATCH) -> list[Villager]:
    """Those of whom no message is left since then."""
    heard = exists().where(col(Message.villager) == col(Villager.id), col(Message.at) >= since)
    rows = select(Villager).where(col(Villager.made_at) < since, not_(heard), _idle())
    return list(session.exec(rows.order_by(col(Villager.id)).limit(limit)))


def _idle() -> ColumnElement[bool]:
    """Still a person, with nothing open."""
    open_one = exists().where(col(Petition.villager) == col(Villager.id), col(Petition.state).in_(OPEN))
    return and_(col(Villager.cut_at).is_(None), not_(open_one))
