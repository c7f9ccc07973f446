"""A cadre's dated notes: his own words, sealed, open to nobody of another village."""

from datetime import datetime

from sqlmodel import Field

from models.base import Session, Table, UtcDateTime
from models.key import Keyring


class Note(Table, table=True):
    """One note."""

    __tablename__ = "diary_note"

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(index=True, max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    sealed: bytes


def note_down(session: Session, keys: Keyring, account: str, words: str, at: datetime) -> Note:
    note = Note(account=account, at=at, sealed=keys.sealed_here(words))
    session.add(note)
    return note
