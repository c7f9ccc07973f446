"""A cadre's dated notes: his own words, sealed, open to nobody of another village."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime
from models.key import Keyring


class Note(Table, table=True):
    """One note."""

    __tablename__ = "diary_note"

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(index=True, max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    sealed: bytes  # empty: spoken, and not written down yet
    message: str | None = Field(
        default=None, index=True, max_length=64
    )  # the recording's, where it was spoken


def note_down(session: Session, keys: Keyring, account: str, words: str, at: datetime) -> Note:
    note = Note(account=account, at=at, sealed=keys.sealed_here(words))
    session.add(note)
    return note


def note_of(session: Session, message: str) -> Note | None:
    """What was spoken in that message."""
    return session.exec(select(Note).where(Note.message == message)).first()


def latest_note(session: Session, account: str) -> Note | None:
    """What an officer wrote last."""
    return session.exec(
        select(Note).where(Note.account == account).order_by(col(Note.id).desc()).limit(1)
    ).first()


def notes_of(session: Session, account: str, most: int) -> Sequence[Note]:
    """His own notes, the newest first."""
    rows = select(Note).where(Note.account == account).order_by(col(Note.id).desc())
    return session.exec(rows.limit(most)).all()


def words_of(keys: Keyring, note: Note) -> str:
    """Empty where it was spoken and nobody has written it down yet."""
    return "" if not note.sealed else keys.opened_here(note.sealed)
