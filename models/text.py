"""Texts: sealed, in a table of their own, so that the ledger holds none and forgetting is possible."""

import hashlib
import secrets
from datetime import datetime

from sqlmodel import Field

from models.base import Session, Table, UtcDateTime
from models.errors import Unreadable
from models.key import Keyring, seal, unseal

SALT_DIGITS = 32


class Text(Table, table=True):
    """One sealed text. Inside the seal: a salt, then the words; the ledger keeps only hash(salt + words)."""

    __tablename__ = "text"

    id: int | None = Field(default=None, primary_key=True)
    key_id: int = Field(foreign_key="key.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    sealed: bytes
    digest: str = Field(max_length=64)


def write(session: Session, keys: Keyring, key_id: int, words: str, at: datetime) -> Text:
    """Seals `words` under a petition's or a person's key."""
    salt = secrets.token_hex(SALT_DIGITS // 2)
    text = Text(
        key_id=key_id,
        at=at,
        sealed=seal(keys.secret(session, key_id), salt + words, "text"),
        digest=hashlib.sha256((salt + words).encode()).hexdigest(),
    )
    return session.keep(text)


def read(session: Session, keys: Keyring, text: Text) -> str | None:
    """The words; None where they were forgotten."""
    try:
        return unseal(keys.secret(session, text.key_id), text.sealed, "text")[SALT_DIGITS:]
    except Unreadable:
        return None
