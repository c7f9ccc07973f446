"""One person at two doors: a code told at one and given at the other, and then one row stands for both."""

from datetime import datetime, timedelta

from sqlalchemy import and_, update
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime
from models.consent import Consent
from models.letter import Letter, LetterState
from models.member import Member
from models.message import Message
from models.petition import Petition
from models.villager import Question, Villager

LASTS = timedelta(minutes=30)


class DoorCode(Table, table=True):
    """A code as its keyed hash: used once, or run out."""

    __tablename__ = "door_code"

    hash: str = Field(primary_key=True, max_length=64)
    villager: int = Field(foreign_key="villager.id", index=True)
    until: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def give_code(session: Session, hashed: str, villager: int, at: datetime) -> None:
    """A new code; those given before to the same door are over."""
    for old in session.exec(select(DoorCode).where(DoorCode.villager == villager)):
        session.delete(old)
    session.flush()
    session.add(DoorCode(hash=hashed, villager=villager, until=at + LASTS))


def use_code(session: Session, hashed: str, at: datetime) -> int | None:
    """The door it was told at, once; None: wrong, used, or too old."""
    code = session.get(DoorCode, hashed)
    if code is None or code.used_at is not None or code.until <= at:
        return None
    code.used_at = at
    session.add(code)
    return code.villager


def hand_over(session: Session, other: Villager, main: Villager) -> int:
    """Everything of the other door is the person's from now on; how many matters."""
    given = {"from": other.id, "to": main.id}
    session.flush()
    for table in (Question, Message, Consent):
        session.exec(update(table).where(col(table.villager) == given["from"]).values(villager=given["to"]))
    if not session.exec(select(Member.code).where(Member.villager == main.id)).first():
        session.exec(update(Member).where(col(Member.villager) == given["from"]).values(villager=given["to"]))
    theirs = and_(
        col(Letter.to_kind) == "villager",
        col(Letter.to) == str(other.id),
        col(Letter.state) == LetterState.PENDING,
    )
    session.exec(update(Letter).where(theirs).values(to=str(main.id)))
    mine = select(Petition).where(Petition.villager == other.id)
    petitions = list(session.exec(mine))
    for petition in petitions:
        petition.villager = main.id or 0
        session.add(petition)
    other.joined_to = main.id
    session.add(other)
    session.flush()
    for one in (other, main):
        session.let_go(("petitions", one.id), ("questions", one.id), ("villager", one.address_hash))
    return len(petitions)


def doors_of(session: Session, villager: int) -> list[Villager]:
    """The further doors of a person."""
    return list(session.exec(select(Villager).where(Villager.joined_to == villager)))
