"""How many confirmed matters of a leaf hold a word of the dictionary: counts, and no way back to a matter."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, col, select

from models.base import Session, Table, month_of

MATTERS = ""  # stands for a word in the row that counts the matters themselves
LONGEST = 20  # characters of a word
INSERTS: dict[str, Callable[..., sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


class WordCount(Table, table=True):
    """Matters of one leaf, confirmed in one month, that hold a word."""

    __tablename__ = "word_count"

    county: str = Field(primary_key=True, max_length=20)
    month: int = Field(primary_key=True)
    leaf: str = Field(primary_key=True, max_length=4)
    word: str = Field(primary_key=True, max_length=LONGEST)
    count: int


class Total(NamedTuple):
    """A word's matters of a leaf, of all months; `MATTERS`: all of them."""

    leaf: str
    word: str
    matters: int


def add_one(session: Session, county: str, leaf: str, words: Collection[str], at: datetime) -> None:
    """One more matter of the leaf that holds these words."""
    key = {"county": county, "month": month_of(at), "leaf": leaf}
    rows = [key | {"word": word, "count": 1} for word in sorted({MATTERS, *words})]
    insert = INSERTS[session.get_bind().dialect.name](WordCount).values(rows)
    more = {"count": col(WordCount.count) + insert.excluded["count"]}
    session.connection().execute(insert.on_conflict_do_update(index_elements=[*key, "word"], set_=more))


def totals(session: Session) -> Iterator[Total]:
    """Every word of every leaf, `MATTERS` among them."""
    leaf, word = col(WordCount.leaf), col(WordCount.word)
    rows = select(leaf, word, func.sum(col(WordCount.count))).group_by(leaf, word)
    for row in session.exec(rows):
        yield Total(row[0], row[1], int(row[2]))
