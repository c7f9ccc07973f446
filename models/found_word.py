"""By which words a matter is found: keyed hashes of them, for the words themselves are sealed.

Without the key a row says nothing; the rows go with the texts.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import BigInteger, Index, delete
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, func, select

from models.base import Session, Table
from models.petition import Petition
from models.word_count import INSERTS

MOST_COUNTED = (
    2000  # rows of a word; beyond that it is a common one, and which is commoner is not worth knowing
)


class FoundWord(Table, table=True):
    """One word of one matter's texts."""

    __tablename__ = "found_word"
    __table_args__ = (Index("ix_found_word_petition", "petition"),)

    word: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    petition: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    county: str = Field(max_length=20)
    month: int


def put(session: Session, petition: Petition, words: Collection[int]) -> None:
    """The matter is found by these words from now on; those it is found by already change nothing."""
    if not words:
        return
    fixed = {"petition": petition.identity, "county": petition.county, "month": petition.month}
    insert = INSERTS[session.get_bind().dialect.name](FoundWord)
    rows = [fixed | {"word": word} for word in sorted(words)]
    session.connection().execute(insert.values(rows).on_conflict_do_nothing())


def drop_words(session: Session, petition: int) -> None:
    """Found by none any more."""
    session.exec(delete(FoundWord).where(col(FoundWord.petition) == petition))


def with_words(session: Session, words: Collection[int], before: int | None, limit: int) -> list[int]:
    """Ids of matters that hold all of these words, the newest first."""
    rarest, *others = sorted(words, key=lambda word: _count(session, word))
    petition = col(FoundWord.petition)
    found = select(petition).where(FoundWord.word == rarest)
    if before is not None:
        found = found.where(petition < before)
    for other in others:
        row = aliased(FoundWord)
        same = select(row.word).where(row.word == other, row.petition == FoundWord.petition)
        found = found.where(same.exists())
    return list(session.exec(found.order_by(petition.desc()).limit(limit)))


def words_of(session: Session, petition: int) -> Sequence[int]:
    """The words a matter is found by."""
    return session.exec(select(FoundWord.word).where(FoundWord.petition == petition)).all()


def alike(
    session: Session, petition: int, words: Collection[int], since: int, limit: int
) -> list[tuple[int, int]]:
    """Other matters from the id `since` on that hold some of these words: how many, the most first."""
    other, shared = col(FoundWord.petition), func.count()
    rows = (
        select(other, shared)
        .where(col(FoundWord.word).in_(words), other >= since, other != petition)
        .group_by(other)
        .order_by(shared.desc(), other.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.exec(rows)]


def _count(session: Session, word: int) -> int:
    some = select(FoundWord.petition).where(FoundWord.word == word).limit(MOST_COUNTED).subquery()
    return session.exec(select(func.count()).select_from(some)).one()
