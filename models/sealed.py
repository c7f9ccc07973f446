"""What a person asked us to seal for the discipline office: ciphertext that nobody here can open.

The words are sealed in memory to the office's public key (a libsodium sealed box: X25519, XSalsa20-Poly1305,
a fresh sender key a letter); the private half never comes near the service. No row says who wrote.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import delete
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime, month_of
from models.errors import BadKey, Unreadable

KEY_BYTES = 32
BLOCK = 512  # bytes: the length of the ciphertext tells nearly nothing
TO_BEGIN = timedelta(minutes=10)  # after the yes
QUIET = timedelta(seconds=90)  # as long as any burst
LONGEST = timedelta(minutes=5)


class SealedConsent(Table, table=True):
    """A yes that has not run out: no text, and of the person the keyed hash of the address alone."""

    __tablename__ = "sealed_consent"

    address_hash: str = Field(primary_key=True, max_length=64)
    until: datetime = Field(sa_type=UtcDateTime)
    ends: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the burst's last moment, once it began
    bundle: str = Field(max_length=16)  # what the letters of one burst have in common, inside the seal


class SealedLetter(Table, table=True):
    """One sealed message."""

    __tablename__ = "sealed_letter"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    month: int
    at: datetime = Field(sa_type=UtcDateTime)
    ciphertext: bytes
    handed_over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True)
class Opened:
    """What the officer reads."""

    bundle: str
    at: str
    words: str


def make_keys() -> tuple[str, str]:
    """A fresh pair: public and private half, base64."""
    private = PrivateKey.generate()
    return _text(bytes(private.public_key)), _text(bytes(private))


def decode_key(text: str) -> bytes:
    """A half of a pair; BadKey says what would be right."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadKey("not base64; `lianxin keygen` prints one") from error
    if len(raw) != KEY_BYTES:
        message = f"{len(raw)} bytes, {KEY_BYTES} are needed; `lianxin keygen` prints one"
        raise BadKey(message)
    return raw


def agree(session: Session, address_hash: str, at: datetime) -> None:
    """The person's yes: the next burst will be sealed."""
    forget_expired(session, at)
    withdraw(session, address_hash)
    session.add(SealedConsent(address_hash=address_hash, until=at + TO_BEGIN, bundle=secrets.token_hex(8)))
    session.flush()


def agreed(session: Session, address_hash: str, at: datetime) -> SealedConsent | None:
    """The yes that still holds."""
    found = session.get(SealedConsent, address_hash)
    if found is not None and found.until <= at:
        session.delete(found)
        session.flush()
        return None
    return found


def has_expired(session: Session, at: datetime) -> bool:
    """Whether a yes that ran out is still written down."""
    return session.exec(select(SealedConsent.until).where(col(SealedConsent.until) <= at)).first() is not None


def forget_expired(session: Session, at: datetime) -> None:
    """A yes that ran out leaves no trace."""
    session.exec(delete(SealedConsent).where(col(SealedConsent.until) <= at))


def holds(session: Session, address_hash: str, at: datetime) -> bool:
    """Whether a yes still holds; only looks."""
    found = session.get(SealedConsent, address_hash)
    return found is not None and found.until > at


def withdraw(session: Session, address_hash: str) -> None:
    found = session.get(SealedConsent, address_hash)
    if found is not None:
        session.delete(found)
        session.flush()


def keep(
    session: Session, county: str, public_key: bytes, consent: SealedConsent, words: str, at: datetime
) -> None:
    """Seals `words` and keeps the ciphertext; the burst goes on a while."""
    consent.ends = consent.ends or at + LONGEST
    consent.until = min(at + QUIET, consent.ends)
    session.add(consent)
    sealed = seal_for(public_key, Opened(consent.bundle, at.isoformat(), words))
    session.add(SealedLetter(county=county, month=month_of(at), at=at, ciphertext=sealed))
    session.flush()


def to_hand_over(session: Session, *, again: bool = False) -> Sequence[SealedLetter]:
    """Letters the office has not had yet; with `again` all of them."""
    rows = select(SealedLetter).order_by(col(SealedLetter.id))
    return session.exec(rows if again else rows.where(col(SealedLetter.handed_over_at).is_(None))).all()


def mark_handed_over(session: Session, letters: Sequence[SealedLetter], at: datetime) -> None:
    """In the same transaction in which they are given to the office."""
    for letter in letters:
        letter.handed_over_at = letter.handed_over_at or at
        session.add(letter)


def as_lines(letters: Sequence[SealedLetter]) -> str:
    """One JSON object a line: what `lianxin unseal` reads."""
    told = (
        {"id": one.id, "at": one.at.isoformat(), "ciphertext": base64.b64encode(one.ciphertext).decode()}
        for one in letters
    )
    return "".join(f"{json.dumps(one)}\n" for one in told)


def seal_for(public_key: bytes, opened: Opened) -> bytes:
    plain = json.dumps([opened.bundle, opened.at, opened.words]).encode()
    return bytes(SealedBox(PublicKey(public_key)).encrypt(sodium_pad(plain, BLOCK)))


def unseal(private_key: bytes, ciphertext: bytes) -> Opened:
    """What the person wrote. Unreadable: another key's, or a changed byte."""
    try:
        plain = SealedBox(PrivateKey(private_key)).decrypt(ciphertext)
        bundle, at, words = json.loads(sodium_unpad(plain, BLOCK))
    except (CryptoError, ValueError, TypeError) as error:
        raise Unreadable("not sealed to this key, or damaged") from error
    return Opened(str(bundle), str(at), str(words))


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
