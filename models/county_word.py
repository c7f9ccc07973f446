"""A county's changes to the words of its rules: proposed by one person with what would move, published by another."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, col, func, select

from models.base import Session, Table, UtcDateTime


class Act(StrEnum):
    """What a row does to the words written down before."""

    ADD = "add"
    CHANGE = "change"  # another weight and test sentence for a word that is there
    REMOVE = "remove"


class Kind(StrEnum):
    """What a row is about."""

    WORD = "word"
    PHRASE = "phrase"  # several words in one sentence
    CANCEL = "cancel"  # words that take back what follows them
    LOWER = "lower"  # a learnt word that counts for less; added and taken back, never changed


class CountyWord(Table, table=True):
    """One entry of one leaf, added, changed or removed. In force from `published_at` to `ended_at`."""

    __tablename__ = "county_word"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    leaf: str = Field(max_length=4)  # "" of a cancel: all leaves
    kind: str = Field(default=Kind.WORD.value, max_length=8)  # a Kind
    word: str = Field(
        max_length=200
    )  # of a phrase its pieces, of a cancel its words, as the rule set is told
    act: str = Field(default=Act.ADD.value, max_length=8)  # an Act
    weight: float  # of a lowered word: the share of what was learnt that is taken back, 1 is all
    bars: list[str] = Field(default_factory=list, sa_type=JSON)  # where these stand, it does not count
    test: str = Field(max_length=60)  # a made-up sentence in which it must be found
    why: str = Field(max_length=200)
    moved: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # the replay: codes and counts alone
    proposed_by: str = Field(max_length=64)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    published_by: str | None = Field(default=None, max_length=64)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str | None = Field(default=None, max_length=64)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def in_force(session: Session) -> list[CountyWord]:
    """Published and not taken back, in the order they were proposed."""
    found = select(CountyWord).where(
        col(CountyWord.published_at).is_not(None), col(CountyWord.ended_at).is_(None)
    )
    return list(session.exec(found.order_by(col(CountyWord.id))))


def proposed(session: Session) -> list[CountyWord]:
    """Waiting for another person, the oldest first."""
    found = select(CountyWord).where(
        col(CountyWord.published_at).is_(None), col(CountyWord.ended_at).is_(None)
    )
    return list(session.exec(found.order_by(col(CountyWord.id))))


def over(session: Session, limit: int) -> list[CountyWord]:
    """Those that were published and taken back again, the last first."""
    found = select(CountyWord).where(
        col(CountyWord.published_at).is_not(None), col(CountyWord.ended_at).is_not(None)
    )
    return list(session.exec(found.order_by(col(CountyWord.ended_at).desc()).limit(limit)))


def standing(session: Session, asked: CountyWord) -> CountyWord | None:
    """The row about that very entry that is in force or waits for another person."""
    found = select(CountyWord).where(
        CountyWord.kind == asked.kind,
        CountyWord.leaf == asked.leaf,
        CountyWord.word == asked.word,
        col(CountyWord.ended_at).is_(None),
    )
    return session.exec(found.limit(1)).first()


def words_version(session: Session) -> int:
    """Changes with every publication and every word taken back."""
    return session.once("county words", lambda: sum(session.exec(_VERSION).one()))


_VERSION = select(func.count(col(CountyWord.published_at)), func.count(col(CountyWord.ended_at))).where(
    col(CountyWord.published_at).is_not(None)
)
