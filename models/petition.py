"""A petition: one villager's matter, with a number, an owner and dates."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import JSON, Dialect, Index, Select, String, TextClause, bindparam, cast, or_, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, col, select

from models import reserve
from models.base import TRACE, Session, Table, UtcDateTime, month_of
from models.key import Keyring
from models.ledger import FIRST
from models.number import number_for


class State(StrEnum):
    """Where a petition stands. Half and disputed are answers, not states: the matter is open again."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    MERGED = "merged"


OPEN = frozenset({State.RECEIVED, State.ASSIGNED, State.ACCEPTED, State.WAITING, State.PROPOSED})
CLOSED = frozenset(State) - OPEN
STANDS_STILL = frozenset({State.WAITING, State.PROPOSED})  # the finish clock waits for the villager


class StateText(TypeDecorator[State]):
    """A state as its own word: sqlmodel alone would store the member's name."""

    impl = String(12)
    cache_ok = True

    def process_bind_param(self, value: State | None, dialect: Dialect) -> str | None:
        return None if value is None else State(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> State | None:
        return None if value is None else State(value)


# As the index has it, to the letter: each database uses it for nothing that it does not recognise.
UNDECIDED = text("closed_at IS NULL AND CAST(pending AS VARCHAR) <> 'null'")
REVIEWED = text(
    "replace(CAST(agenda AS VARCHAR), 'review', '') <> CAST(agenda AS VARCHAR)"
)  # holds Item.REVIEW

# Open, and somebody beside its owner has a part in it.
BESIDE = text(
    "closed_at IS NULL AND (offered_to IS NOT NULL OR CAST(support AS VARCHAR) <> '[]'"
    " OR CAST(told AS VARCHAR) <> '[]' OR CAST(pending AS VARCHAR) <> 'null')"
)


def _of_some(name: str, *columns: str, where: TextClause) -> Index:
    """An index of those rows only."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Petition(Table, table=True):
    """What is known of a matter. The texts are sealed apart; every change is an event of the ledger."""

    __tablename__ = "petition"
    __table_args__ = (
        Index("ix_petition_next_at", "next_at"),
        Index("ix_petition_owner_state_id", "owner", "state", "id"),  # whose they are is known without a row
        Index("ix_petition_leaf_place_received_at", "leaf", "place", "received_at"),
        # For lists in the order of arrival, narrowed to one of these.
        *(Index(f"ix_petition_{one}", one, "id") for one in ("kind", "place", "state", "received_at")),
        _of_some("ix_petition_offered_to", "offered_to", where=text("offered_to IS NOT NULL")),
        _of_some("ix_petition_beside", "id", where=BESIDE),
        _of_some("ix_petition_undecided", "id", where=UNDECIDED),
        _of_some("ix_petition_reviewed", "id", where=REVIEWED),
        # What is open, the most urgent first: short, however many have ended.
        _of_some("ix_petition_open_finish_due", "finish_due", "id", where=text("closed_at IS NULL")),
        # Only what has ended: an index of all would seem a short way to what is open, and is a long one.
        # With when it came: what was open on a day of last year is found without reading all that has ended since.
        _of_some(
            "ix_petition_closed_at_received_at",
            *("closed_at", "received_at"),
            where=text("closed_at IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},  # an id, and so a number, is never used again
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str | None = Field(default=None, unique=True, max_length=8)
    county: str = Field(max_length=20)
    month: int
    villager: int = Field(foreign_key="villager.id", index=True)
    key_id: int = Field(foreign_key="key.id")
    creator: str | None = Field(default=None, max_length=64)  # the officer who wrote it down for somebody

    state: State = Field(default=State.RECEIVED, sa_type=StateText)
    lane: str = Field(default="petition", max_length=16)
    hazard: str | None = Field(default=None, max_length=24)  # which emergency or protection it is
    kind: str = Field(default="help", max_length=12)
    leaf: str | None = Field(default=None, max_length=4)
    place: str | None = Field(default=None, max_length=20)
    tier: str | None = Field(default=None, max_length=4)
    rules: str = Field(default="", max_length=64)  # version of the rule set that sorted it
    route: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON
    )  # scores and positions; no words of the text

    owner: str | None = Field(default=None, max_length=64)
    support: list[str] = Field(default_factory=list, sa_type=JSON)
    offered_to: str | None = Field(default=None, max_length=64)  # a hand-over not signed yet
    pending: dict[str, Any] | None = Field(
        default=None, sa_type=JSON
    )  # an act that waits for a second person
    excluded: list[str] = Field(default_factory=list, sa_type=JSON)  # accounts that must not hear of it
    joined_to: int | None = Field(default=None, index=True)  # the matter it is a co-petition of
    anonymous: bool = False
    unreachable_since: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # the villager left the account: somebody has to call or visit
    forgotten_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # its texts are gone
    counted: bool = False  # its words are among those the rules may learn from
    send_backs: int = 0
    rung: int = 0  # how often it came back, one step up each time
    climbed: int = 0  # rungs of the ladder already told
    climbing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    climbing_for: str | None = Field(default=None, max_length=12)  # the clock that ran out first
    told: list[str] = Field(default_factory=list, sa_type=JSON)  # whom the ladder reached
    call_tries: int = 0
    last_try_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    mark: str | None = Field(default=None, max_length=12)  # how content the villager said to be

    received_at: datetime = Field(sa_type=UtcDateTime)
    sign_due: datetime | None = Field(default=None, sa_type=UtcDateTime)
    contact_due: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finish_due: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_finish_due: datetime | None = Field(default=None, sa_type=UtcDateTime)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    contacted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    proposed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    trace: str = Field(default="", max_length=8)  # of the message that began it
    extended: bool = False
    breached: list[str] = Field(default_factory=list, sa_type=JSON)  # clocks that ran out, each once

    agenda: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # what time will do to it, and when
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the earliest of the agenda

    position: int = 0  # head of its chain
    head: str = Field(default=FIRST, max_length=64)
    latest_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def identity(self) -> int:
        """The row's id; a petition is only ever handed around once it has one."""
        assert self.id is not None  # noqa: S101 - `create` fills it
        return self.id


def create(
    session: Session, keys: Keyring, county: str, villager: int, at: datetime, **known: Any
) -> Petition:
    """A new petition row with its own key and number; the `receive` move makes it real."""
    key = keys.make(session, "petition", at)
    known |= {"month": month_of(at), "received_at": at, "trace": session.info.get(TRACE, "")}
    petition = Petition(county=county, villager=villager, key_id=key.id or 0, **known)
    if petition.id is not None:
        reserve.used(session, petition.id)
    session.keep(petition)
    petition.number = number_for(keys.number_key, petition.identity)
    others: list[Petition] | None = session.held(("petitions", villager))
    if others is not None:
        others.insert(0, petition)
    return petition


_LATEST = (
    select(Petition)
    .where(Petition.villager == bindparam("villager"))
    .order_by(col(Petition.id).desc())
    .limit(50)
)


def by_number(session: Session, number: str, *, for_update: bool = False) -> Petition | None:
    """`for_update`: nobody else changes it before this transaction has ended."""
    found = select(Petition).where(Petition.number == number)
    return session.exec(found.with_for_update() if for_update else found).first()


def open_of(session: Session, villager: int) -> list[Petition]:
    """A villager's open petitions, newest first."""
    return [petition for petition in latest_of(session, villager) if petition.is_open]


def all_of(session: Session, villager: int) -> list[Petition]:
    """Every petition of a villager, newest first."""
    found = select(Petition).where(Petition.villager == villager)
    return list(session.exec(found.order_by(col(Petition.id).desc())))


def unreachable(session: Session) -> list[Petition]:
    """Open matters whose villager left the account: to be called or visited, the longest out of reach first."""
    found = select(Petition).where(
        col(Petition.state).in_(OPEN), col(Petition.unreachable_since).is_not(None)
    )
    return list(session.exec(found.order_by(col(Petition.unreachable_since)).limit(200)))


def latest_of(session: Session, villager: int) -> list[Petition]:
    """A villager's petitions, newest first; read once a transaction."""
    return list(
        session.once(
            ("petitions", villager), lambda: list(session.exec(_LATEST, params={"villager": villager}))
        )
    )


def owned_by(session: Session, account: str) -> list[Petition]:
    """What an officer has to work on, oldest first; also what was offered to him."""
    found: dict[int, Petition] = {}
    # One after the other: of "either, or" a database makes a look at all that is open.
    for column in (col(Petition.owner), col(Petition.offered_to)):
        mine = select(Petition).where(column == account, col(Petition.state).in_(OPEN))
        found |= {one.identity: one for one in session.exec(mine)}
    return sorted(found.values(), key=lambda one: (one.received_at, one.identity))


def undecided(session: Session) -> list[Petition]:
    """Open matters in which somebody's yes is awaited, the oldest first."""
    return list(session.exec(select(Petition).where(UNDECIDED).order_by(col(Petition.id))))


def reviewed(session: Session) -> list[Petition]:
    """Matters in which the body above was asked and has not answered, the oldest first; open or ended."""
    return list(session.exec(select(Petition).where(REVIEWED).order_by(col(Petition.id)).limit(200)))


def proposed(session: Session) -> list[Petition]:
    """What waits for the villager's word, oldest first."""
    found = select(Petition).where(Petition.state == State.PROPOSED)
    return list(session.exec(found.order_by(col(Petition.received_at)).limit(200)))


def unassigned(session: Session) -> list[Petition]:
    """The human queue, oldest first."""
    found = select(Petition).where(Petition.state == State.RECEIVED)
    return list(session.exec(found.order_by(col(Petition.received_at)).limit(200)))


def overdue(session: Session, at: datetime) -> list[Petition]:
    """Open matters whose finish date has passed, the oldest date first.

    While one waits for the villager its clock stands still: it is late only if it was late before.
    """
    found = select(Petition).where(col(Petition.state).in_(OPEN), col(Petition.finish_due) < at)
    late = session.exec(found.order_by(col(Petition.finish_due)).limit(200))
    return [one for one in late if one.state not in STANDS_STILL or "finish" in one.breached]


_DUE = sqlalchemy.select(col(Petition.id)).where(col(Petition.next_at) <= bindparam("at"))
_FIRST_DUE: Select[Any] = _DUE.order_by(col(Petition.next_at)).limit(bindparam("most"))


def due_ids(session: Session, at: datetime, limit: int) -> list[int]:
    """Ids of petitions that something is due for, the most overdue first. Reads one index, and no row."""
    return [row[0] for row in session.connection().execute(_FIRST_DUE, {"at": at, "most": limit}).all()]


def open_ids(session: Session, after: int, limit: int) -> list[int]:
    """Ids of open matters above `after`, in slices."""
    found = select(Petition.id).where(col(Petition.id) > after, col(Petition.state).in_(OPEN))
    return [one for one in session.exec(found.order_by(col(Petition.id)).limit(limit)) if one is not None]


def guarded_ids(session: Session) -> list[int]:
    """Ids of the matters whose circle may change with the staff: open ones, and ended ones kept from somebody."""
    concerned = or_(col(Petition.state).in_(OPEN), cast(col(Petition.excluded), String) != "[]")
    found = select(Petition.id).where(col(Petition.forgotten_at).is_(None), concerned)
    return [one for one in session.exec(found.order_by(col(Petition.id))) if one is not None]


def first_since(session: Session, since: datetime) -> int | None:
    """The smallest id received since then, as good as ids follow arrival."""
    found = select(Petition.id).where(col(Petition.received_at) >= since)
    return session.exec(found.order_by(col(Petition.received_at)).limit(1)).first()
