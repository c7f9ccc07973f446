"""The books of a village's liaison room: meetings, errands run for people, days in the village, households."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlmodel import Field, UniqueConstraint, col, select

from models.base import Session, Table, UtcDateTime
from models.diary import Note
from models.key import Keyring, seal, unseal
from models.officer import COUNTY_ZONE
from models.petition import Petition, State


class Meeting(Table, table=True):
    """A meeting of villagers. `heads`: how many came, never who."""

    __tablename__ = "meeting"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    place: str = Field(index=True, max_length=20)
    day: date = Field(index=True)
    kind: str = Field(max_length=12)  # meeting, talk
    heads: int
    next_on: date | None = None  # the next one, before which what was promised is reminded of
    by: str = Field(max_length=64)
    once: str = Field(unique=True, max_length=64)  # the page's own mark: sent twice, written once
    made_at: datetime = Field(sa_type=UtcDateTime)


class Raised(Table, table=True):
    """A matter raised at a meeting: a petition like any other."""

    __tablename__ = "meeting_matter"
    __table_args__ = (UniqueConstraint("meeting", "petition", name="uq_meeting_matter_meeting"),)

    id: int | None = Field(default=None, primary_key=True)
    meeting: int = Field(foreign_key="meeting.id", index=True)
    petition: int = Field(foreign_key="petition.id")


class Errand(Table, table=True):
    """Something run for somebody who cannot go: what and whose papers are sealed."""

    __tablename__ = "errand"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    place: str = Field(index=True, max_length=20)
    sealed: bytes  # what, which papers, for whom
    agent: str = Field(index=True, max_length=64)
    promised_on: date
    made_at: datetime = Field(sa_type=UtcDateTime)
    handed_back_on: date | None = None


class Presence(Table, table=True):
    """A day an officer is in a village: planned while it lies ahead, held when it is over. `activity`: what for."""

    __tablename__ = "presence"
    __table_args__ = (UniqueConstraint("account", "place", "day", name="uq_presence_account"),)

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(index=True, max_length=64)
    place: str = Field(max_length=20)
    day: date = Field(index=True)
    activity: str = Field(default="", max_length=100)  # public


class Household(Table, table=True):
    """Who helps which household. Nothing else is held of it: no name, no reason, no label."""

    __tablename__ = "household"

    code: str = Field(primary_key=True, max_length=20)
    place: str = Field(max_length=20)
    phone: bytes = b""  # sealed
    phone_hash: str | None = Field(default=None, index=True, max_length=64)
    helper: str = Field(index=True, max_length=64)  # an account
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def seal_household_phone(keyring: Keyring, code: str, phone: str) -> tuple[bytes, str | None]:
    """As it is stored: sealed, and its keyed hash."""
    if not phone:
        return b"", None
    return seal(keyring.directory_key, phone, f"household:{code}"), keyring.lookup("phone", phone)


def household_phone(keyring: Keyring, household: Household) -> str:
    """In clear; "" where none is on file. Never to be logged."""
    if not household.phone:
        return ""
    return unseal(keyring.directory_key, household.phone, f"household:{household.code}")


def meetings_of(session: Session, places: Sequence[str], first: date, last: date) -> Sequence[Meeting]:
    """The meetings of these days, both included, the newest first."""
    rows = select(Meeting).where(col(Meeting.place).in_(places), Meeting.day >= first, Meeting.day <= last)
    return session.exec(rows.order_by(col(Meeting.day).desc(), col(Meeting.id).desc())).all()


def meeting_sent(session: Session, once: str) -> Meeting | None:
    return session.exec(select(Meeting).where(Meeting.once == once)).first()


def meetings_next_on(session: Session, day: date) -> Sequence[Meeting]:
    """The meetings whose next one is that day."""
    return session.exec(select(Meeting).where(Meeting.next_on == day).order_by(col(Meeting.id))).all()


def raised_at(session: Session, meetings: Sequence[int]) -> Sequence[Raised]:
    rows = select(Raised).where(col(Raised.meeting).in_(meetings))
    return session.exec(rows.order_by(col(Raised.id))).all()


def errands_of(session: Session, places: Sequence[str], first: date, last: date) -> Sequence[Errand]:
    """The errands promised for these days, and what of those before is not handed back; the oldest promise first."""
    rows = select(Errand).where(
        col(Errand.place).in_(places),
        col(Errand.made_at) < datetime.combine(last + timedelta(days=1), time(), COUNTY_ZONE),
        (col(Errand.handed_back_on).is_(None))
        | ((Errand.promised_on >= first) & (Errand.promised_on <= last)),
    )
    return session.exec(rows.order_by(col(Errand.promised_on), col(Errand.id))).all()


def errands_due(session: Session, day: date) -> Sequence[Errand]:
    """What was promised for that day or before, and is not handed back."""
    rows = select(Errand).where(Errand.promised_on <= day, col(Errand.handed_back_on).is_(None))
    return session.exec(rows.order_by(col(Errand.id))).all()


def presences(session: Session, first: date, last: date, *, places: Sequence[str] = ()) -> Sequence[Presence]:
    """Days in a village from first to last, both included; of all places where none is named."""
    rows = select(Presence).where(Presence.day >= first, Presence.day <= last)
    if places:
        rows = rows.where(col(Presence.place).in_(places))
    return session.exec(rows.order_by(col(Presence.day), Presence.account)).all()


def presence_on(session: Session, account: str, place: str, day: date) -> Presence | None:
    rows = select(Presence).where(Presence.account == account, Presence.place == place, Presence.day == day)
    return session.exec(rows).first()


def household_by(session: Session, phone_hash: str) -> Household | None:
    rows = select(Household).where(Household.phone_hash == phone_hash, col(Household.ended_at).is_(None))
    return session.exec(rows).first()


def errands_taken(
    session: Session, places: Sequence[str], since: datetime, until: datetime
) -> Sequence[Errand]:
    """The errands taken on in this time, in their order."""
    rows = select(Errand).where(
        col(Errand.place).in_(places), col(Errand.made_at) >= since, col(Errand.made_at) <= until
    )
    return session.exec(rows.order_by(col(Errand.id))).all()


def errands_back(session: Session, places: Sequence[str], first: date, last: date) -> Sequence[Errand]:
    """Those whose papers came back in these days, both included."""
    back = col(Errand.handed_back_on)
    rows = select(Errand).where(col(Errand.place).in_(places), back >= first, back <= last)
    return session.exec(rows.order_by(back, col(Errand.id))).all()


def notes_between(
    session: Session, accounts: Sequence[str], since: datetime, until: datetime
) -> list[tuple[str, datetime]]:
    """Who of these officers wrote a note, and when; not what it says."""
    rows = select(Note.account, Note.at).where(
        col(Note.account).in_(accounts), col(Note.at) >= since, col(Note.at) <= until
    )
    return list(session.exec(rows.order_by(col(Note.id))))


def solved_between(
    session: Session, places: Sequence[str], since: datetime, until: datetime
) -> Sequence[Petition]:
    """The matters of these places that stand as solved by their villager's word, said in this time."""
    rows = select(Petition).where(
        col(Petition.place).in_(places),
        Petition.state == State.CONFIRMED,
        col(Petition.closed_at) >= since,
        col(Petition.closed_at) <= until,
    )
    return session.exec(rows.order_by(col(Petition.closed_at), col(Petition.id))).all()
