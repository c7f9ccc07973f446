"""What a relay leaves behind: the nonces it used, and under which number the 12345 exchange knows a matter."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, delete, or_
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime
from models.key import Keyring
from models.petition import CLOSED, Petition

INSERTS: dict[str, Any] = {"sqlite": insert_on_sqlite, "postgresql": insert_on_postgresql}
REMEMBERED = timedelta(minutes=10)  # a stamp is good for five minutes on either side of now


class RelayNonce(Table, table=True):
    """A nonce as the keyed hash of relay and nonce."""

    __tablename__ = "relay_nonce"

    hash: str = Field(primary_key=True, max_length=64)
    at: datetime = Field(index=True, sa_type=UtcDateTime)


class ExchangeOrder(Table, table=True):
    """The exchange's own number of a matter. Sealed: with it the exchange finds the person."""

    __tablename__ = "exchange_order"

    id: int | None = Field(default=None, primary_key=True)
    hash: str = Field(unique=True, max_length=64)  # of relay and order: one order, one matter
    petition: int = Field(foreign_key="petition.id", index=True)
    relay: str = Field(max_length=64)
    sealed: bytes
    told_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # the end it was told of, as the matter's


def note_nonce(session: Session, hashed: str, at: datetime) -> bool:
    """Whether it is new; those that no stamp can bring back are let go."""
    session.exec(delete(RelayNonce).where(col(RelayNonce.at) < at - REMEMBERED))
    insert = INSERTS[session.get_bind().dialect.name](RelayNonce).values(hash=hashed, at=at)
    result: CursorResult[Any] = session.connection().execute(insert.on_conflict_do_nothing())
    return result.rowcount == 1


def note_order(session: Session, keys: Keyring, petition: Petition, relay: str, order: str) -> None:
    """An order is kept with the first matter it became."""
    hashed = keys.lookup("order", f"{relay}\n{order}")
    if session.exec(select(ExchangeOrder.id).where(ExchangeOrder.hash == hashed)).first() is None:
        session.add(
            ExchangeOrder(
                hash=hashed, petition=petition.identity, relay=relay, sealed=keys.sealed_here(order)
            )
        )


def untold_endings(session: Session, limit: int) -> list[tuple[ExchangeOrder, Petition]]:
    """Orders whose matter has ended, or ended again, since the exchange was told."""
    news = or_(
        col(ExchangeOrder.told_at).is_(None),
        and_(col(Petition.closed_at).is_not(None), col(ExchangeOrder.told_at) != col(Petition.closed_at)),
    )
    found = (
        select(ExchangeOrder, Petition)
        .join(Petition, col(Petition.id) == col(ExchangeOrder.petition))
        .where(col(Petition.state).in_(CLOSED), news)
        .order_by(col(ExchangeOrder.id))
        .limit(limit)
    )
    return list(session.exec(found))


def orders_of(session: Session, petition: int) -> list[ExchangeOrder]:
    found = select(ExchangeOrder).where(ExchangeOrder.petition == petition)
    return list(session.exec(found.order_by(col(ExchangeOrder.id))))
