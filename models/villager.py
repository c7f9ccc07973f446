"""Whoever writes to us: reachable, never named unless he said so, found again only by a keyed hash."""

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import JSON, bindparam
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime
from models.key import Keyring, seal, unseal


class Villager(Table, table=True):
    """One person on one door. Everything that could identify is sealed under the person's own key."""

    __tablename__ = "villager"

    id: int | None = Field(default=None, primary_key=True)
    key_id: int = Field(foreign_key="key.id")
    channel: str = Field(max_length=12)  # wechat, relay
    address_hash: str = Field(unique=True, max_length=64)
    address_sealed: bytes = b""  # openid or relay id
    name_sealed: bytes = b""
    phone_sealed: bytes = b""
    phone_hash: str | None = Field(default=None, index=True, max_length=64)
    made_at: datetime = Field(sa_type=UtcDateTime)
    noticed_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # told who, what for, how long, rights
    followed: bool = True
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # asked for no more reminders
    anonymous: bool = False  # what this person says from now on is told to nobody by name
    forget_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # cut once nothing is open
    cut_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # no way back to a person

    joined_to: int | None = Field(default=None, index=True)  # the same person's row, once he joined the two

    place: str | None = Field(default=None, max_length=20)  # the one said last, else
    scanned_place: str | None = Field(default=None, max_length=20)  # the one whose QR was scanned

    burst_started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    burst_last_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    burst_petition: int | None = Field(default=None)
    window_until: datetime | None = Field(default=None, sa_type=UtcDateTime)  # customer messages, wechat.md B
    window_left: int = 0


class Question(Table, table=True):
    """Something a villager was asked. One is open at a time; the others wait their turn."""

    __tablename__ = "question"

    id: int | None = Field(default=None, primary_key=True)
    villager: int = Field(foreign_key="villager.id", index=True)
    petition: int | None = Field(default=None, foreign_key="petition.id", index=True)
    kind: str = Field(max_length=16)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    made_at: datetime = Field(sa_type=UtcDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # none: waits
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def address_hash(keys: Keyring, channel: str, address: str) -> str:
    """By which a person is found again."""
    return keys.lookup(f"address:{channel}", address)


def find(session: Session, keys: Keyring, channel: str, address: str) -> Villager | None:
    wanted = address_hash(keys, channel, address)
    known = ("villager", wanted)
    person = session.once(known, lambda: session.look_up(Villager, _BY_ADDRESS, address_hash=wanted))
    if person is None or person.address_hash != wanted:  # it may have been cut off since
        return None
    return session.get(Villager, person.joined_to) if person.joined_to is not None else person


_BY_ADDRESS = sqlalchemy.select(col(Villager.id)).where(
    col(Villager.address_hash) == bindparam("address_hash")
)
# What this transaction wrote itself it holds, so what is pending need not be written first.
_STANDING = (
    select(Question)
    .where(Question.villager == bindparam("villager"), col(Question.ended_at).is_(None))
    .order_by(col(Question.id))
    .execution_options(autoflush=False)
)


def look_ahead(session: Session, keys: Keyring, addresses: Iterable[tuple[str, str]]) -> list[Villager]:
    """Who is behind these addresses (channel, address), and what each was asked, for all of them at once."""
    wanted = {address_hash(keys, channel, address) for channel, address in addresses}
    known = list(session.exec(_BY_ADDRESSES, params={"wanted": list(wanted)}))
    session.hold_each("villager", wanted, {person.address_hash: person for person in known})
    if known:
        people = {person.id or 0 for person in known}
        questions: dict[Hashable, list[Question]] = {person: [] for person in people}
        for question in session.exec(_STANDING_OF_ALL, params={"people": list(people)}):
            questions[question.villager].append(question)
        session.hold_each("questions", people, questions)
    return known


_BY_ADDRESSES = select(Villager).where(col(Villager.address_hash).in_(bindparam("wanted", expanding=True)))
_STANDING_OF_ALL = (
    select(Question)
    .where(col(Question.villager).in_(bindparam("people", expanding=True)), col(Question.ended_at).is_(None))
    .order_by(col(Question.id))
)


def meet(session: Session, keys: Keyring, channel: str, address: str, at: datetime) -> Villager:
    """The person behind an address, made known if new."""
    known = find(session, keys, channel, address)
    if known is not None:
        return known
    key = keys.make(session, "villager", at)
    key_id = key.id or 0
    hashed = address_hash(keys, channel, address)
    person = session.keep(
        Villager(
            key_id=key_id,
            channel=channel,
            address_hash=hashed,
            address_sealed=seal(keys.secret(session, key_id), address, "address"),
            made_at=at,
        )
    )
    session.hold(("villager", hashed), person)
    session.hold(("questions", person.id), [])
    session.hold(("member of", person.id), None)
    session.hold(("petitions", person.id), [])
    return person


class Profile(NamedTuple):
    """What a person said about himself. Never to be logged."""

    name: str
    phone: str


def profile_of(session: Session, keys: Keyring, person: Villager) -> Profile:
    """Name and telephone number in clear; "" where none is held."""
    if not person.name_sealed and not person.phone_sealed:
        return Profile("", "")
    secret = keys.secret(session, person.key_id)
    parts = (unseal(secret, sealed) if sealed else "" for sealed in (person.name_sealed, person.phone_sealed))
    return Profile(*parts)


def keep_profile(
    session: Session, keys: Keyring, person: Villager, *, name: str = "", phone: str = ""
) -> None:
    """What is known of a person now; what is left out stays as it was."""
    known = profile_of(session, keys, person)
    secret = keys.secret(session, person.key_id)
    if name and name != known.name:
        person.name_sealed = seal(secret, name)
    if phone and phone != known.phone:
        person.phone_sealed, person.phone_hash = seal(secret, phone), keys.lookup("phone", phone)
    session.add(person)


def with_phone(session: Session, keys: Keyring, phone: str) -> list[Villager]:
    """Everybody whose letters may go to a telephone number."""
    found = select(Villager).where(Villager.phone_hash == keys.lookup("phone", phone))
    return list(session.exec(found.order_by(col(Villager.id)).limit(20)))


def drop_profile(person: Villager) -> None:
    """Name, telephone number and places are gone; where answers go stays."""
    person.name_sealed, person.phone_sealed, person.phone_hash = b"", b"", None
    person.place = person.scanned_place = person.noticed_at = None


def seal_address(session: Session, keys: Keyring, person: Villager, address: str) -> None:
    """Where letters go, once more."""
    person.address_sealed = seal(keys.secret(session, person.key_id), address, "address")
    session.add(person)


def ask(session: Session, question: Question) -> None:
    """A question to be put, now or later."""
    session.add(question)
    known: list[Question] | None = session.held(("questions", question.villager))
    if known is not None:
        known.append(question)


def open_question(session: Session, villager: int, at: datetime) -> Question | None:
    """The one question that stands open now."""
    for question in _standing(session, villager):
        if question.asked_at is None:
            continue
        if question.until is None or question.until > at:
            return question
        question.ended_at = question.until  # it lapsed
        session.add(question)
    return None


def was_asked(session: Session, petition: int, kind: str) -> bool:
    """Whether a question of this kind was ever put in a matter."""
    found = select(Question.id).where(Question.petition == petition, Question.kind == kind)
    return session.exec(found.limit(1)).first() is not None


def waiting_questions(session: Session, villager: int) -> list[Question]:
    return [question for question in _standing(session, villager) if question.asked_at is None]


def _standing(session: Session, villager: int) -> list[Question]:
    """What was put to a person and has not ended, oldest first; read once a transaction."""
    known = session.once(
        ("questions", villager), lambda: list(session.exec(_STANDING, params={"villager": villager}))
    )
    return [question for question in known if question.ended_at is None]
