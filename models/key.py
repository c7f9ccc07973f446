"""Encryption at rest: one key a petition, one a person, all wrapped by `data_key`.

Texts are sealed with AES-256-GCM under the key of the petition or person they belong to. Forgetting drops
that key; changing `data_key` wraps the keys anew and touches no text. Look-ups go by keyed hash (HMAC-SHA256).
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import sqlalchemy
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Field, col, select

from models.among import among
from models.base import Session, Table, UtcDateTime
from models.errors import BadKey, Unreadable

NONCE_BYTES = 12  # NIST SP 800-38D 8.2.2: a random 96-bit nonce
SECRET_BYTES = 32
NAMED = ("lookup", "number", "directory", "salt")


class Key(Table, table=True):
    """A wrapped secret. `wrapped` empty: dropped, and all that was sealed with it is gone for good."""

    __tablename__ = "key"

    id: int | None = Field(default=None, primary_key=True)
    purpose: str = Field(index=True, max_length=20)  # one of NAMED (one row each), "petition", "villager"
    wrapped: bytes = b""
    made_at: datetime = Field(sa_type=UtcDateTime)
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def decode_data_key(text: str) -> bytes:
    """`data_key` from configuration as 32 bytes; BadKey says what would be right."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadKey("data_key: not base64; `lianxin init` writes a fresh one") from error
    if len(raw) != SECRET_BYTES:
        message = f"data_key: {len(raw)} bytes, 32 are needed; `lianxin init` writes a fresh one"
        raise BadKey(message)
    return raw


def seal(secret: bytes, plain: str, context: str = "") -> bytes:
    """`plain` as nonce + AES-256-GCM ciphertext; `context` must be given again to open it."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(secret).encrypt(nonce, plain.encode(), context.encode())


def unseal(secret: bytes, sealed: bytes, context: str = "") -> str:
    """The text that `seal` took; Unreadable when a byte, the key or the context differs."""
    try:
        return AESGCM(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable("a sealed text cannot be opened") from error


def seal_bytes(secret: bytes, plain: bytes, context: str) -> bytes:
    """The same for a file."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(secret).encrypt(nonce, plain, context.encode())


def unseal_bytes(secret: bytes, sealed: bytes, context: str) -> bytes:
    """The file that `seal_bytes` took; Unreadable when a byte, the key or the context differs."""
    try:
        return AESGCM(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable("a sealed file cannot be opened") from error


@dataclass(frozen=True)
class Keyring:
    """The unwrapped keys every process needs, and the means to make and open the others."""

    data_key: bytes = field(repr=False)
    lookup_key: bytes = field(repr=False)
    number_key: bytes = field(repr=False)
    directory_key: bytes = field(repr=False)
    salt_key: bytes = field(repr=False)

    @classmethod
    def of(cls, session: Session, data_key: bytes, at: datetime) -> "Keyring":
        """Opens the named keys of this database, making those that are missing. BadKey: a foreign data_key."""
        rows = {key.purpose: key for key in session.exec(select(Key).where(Key.purpose.in_(NAMED)))}  # type: ignore[attr-defined]
        named = {}
        for purpose in NAMED:
            if purpose not in rows:
                rows[purpose] = _make(session, data_key, purpose, at)
            try:
                named[purpose] = _unwrap(data_key, purpose, rows[purpose].wrapped)
            except Unreadable as error:
                raise BadKey("data_key: not the one this database was made with") from error
        return cls(data_key, named["lookup"], named["number"], named["directory"], named["salt"])

    def lookup(self, kind: str, value: str) -> str:
        """The keyed hash by which `value` is found again without being stored. 64 hex digits."""
        return _lookup(self.lookup_key, kind, value)

    def make(self, session: Session, purpose: str, at: datetime) -> Key:
        """A fresh key for one petition or one person."""
        return _make(session, self.data_key, purpose, at)

    def secret(self, session: Session, key_id: int) -> bytes:
        """The secret of one key; Unreadable where it was dropped."""
        return session.once(("secret", key_id), lambda: self._secret(session, key_id))

    def _secret(self, session: Session, key_id: int) -> bytes:
        purpose, wrapped = session.held(("wrapped", key_id)) or _as_it_lies(session.get(Key, key_id))
        if not wrapped:
            raise Unreadable("the key was dropped")
        return _unwrap(self.data_key, purpose, wrapped)

    def sealed(self, session: Session, key_id: int, plain: str) -> bytes:
        """`plain` sealed under one key."""
        return seal(self.secret(session, key_id), plain)

    def opened(self, session: Session, key_id: int, sealed: bytes) -> str:
        """What `sealed` took."""
        return unseal(self.secret(session, key_id), sealed)

    def sealed_here(self, plain: str) -> bytes:
        """`plain` sealed under the service's own key: what belongs to no villager."""
        return seal(self.directory_key, plain)

    def opened_here(self, sealed: bytes) -> str:
        return unseal(self.directory_key, sealed)


@lru_cache(maxsize=1024)  # whoever writes is looked up several times on the way
def _lookup(key: bytes, kind: str, value: str) -> str:
    return hmac.digest(key, f"{kind}\n{value}".encode(), "sha256").hex()


def drop(session: Session, key_id: int, at: datetime) -> None:
    """Forgets for good whatever was sealed with this key."""
    key = session.get_one(Key, key_id)
    key.wrapped = b""
    key.dropped_at = at
    session.add(key)
    session.let_go(("secret", key_id), ("wrapped", key_id))


def lay_ready(session: Session, key_ids: Iterable[int | None]) -> None:
    """Many keys in one statement, for whoever will open what they seal; a key is seldom wanted as a row."""
    wanted = {one for one in key_ids if one is not None}
    rows = session.connection().execute(_WRAPPED, {"wanted": list(wanted)})
    session.hold_each("wrapped", wanted, {one: (purpose, wrapped) for one, purpose, wrapped in rows})


_WRAPPED = sqlalchemy.select(col(Key.id), col(Key.purpose), col(Key.wrapped)).where(
    among(col(Key.id), "wanted")
)


def rewrap(session: Session, old: bytes, new: bytes) -> int:
    """Wraps every key anew under `new`; the number of keys. No text is touched."""
    count = 0
    for key in session.exec(select(Key).where(Key.wrapped != b"")):
        key.wrapped = _wrap(new, key.purpose, _unwrap(old, key.purpose, key.wrapped))
        session.add(key)
        count += 1
    return count


def is_wrapped_by(data_key: bytes, purpose: str, wrapped: bytes) -> bool:
    """Whether a wrapped key can be opened with this data_key."""
    try:
        unseal(data_key, wrapped, f"key:{purpose}")
    except Unreadable:
        return False
    return True


def _make(session: Session, data_key: bytes, purpose: str, at: datetime) -> Key:
    secret = secrets.token_bytes(SECRET_BYTES)
    key = session.keep(Key(purpose=purpose, made_at=at, wrapped=_wrap(data_key, purpose, secret)))
    session.hold(("secret", key.id), secret)
    return key


def _wrap(data_key: bytes, purpose: str, secret: bytes) -> bytes:
    return seal(data_key, base64.b64encode(secret).decode(), f"key:{purpose}")


def _unwrap(data_key: bytes, purpose: str, wrapped: bytes) -> bytes:
    return base64.b64decode(unseal(data_key, wrapped, f"key:{purpose}"))


def _as_it_lies(key: Key | None) -> tuple[str, bytes]:
    return (key.purpose, key.wrapped) if key is not None else ("", b"")
