"""Searches somebody keeps under a name; both sealed, for a search may hold a villager's words."""

from datetime import datetime

from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime

MOST = 30  # of one account


class SavedSearch(Table, table=True):
    """One search of one console account."""

    __tablename__ = "saved_search"

    id: int | None = Field(default=None, primary_key=True)
    user: str = Field(foreign_key="console_user.name", index=True, max_length=64)
    name: bytes  # sealed
    query: bytes  # sealed; as it stands in an address
    made_at: datetime = Field(sa_type=UtcDateTime)


def searches_of(session: Session, user: str) -> list[SavedSearch]:
    """Somebody's searches, the oldest first."""
    return list(
        session.exec(select(SavedSearch).where(SavedSearch.user == user).order_by(col(SavedSearch.id)))
    )


def keep_search(session: Session, user: str, name: bytes, query: bytes, at: datetime) -> bool:
    """False: somebody keeps as many as he may."""
    if len(searches_of(session, user)) >= MOST:
        return False
    session.add(SavedSearch(user=user, name=name, query=query, made_at=at))
    return True


def drop_search(session: Session, user: str, identity: int) -> None:
    """Gone, if it is his."""
    found = session.get(SavedSearch, identity)
    if found is not None and found.user == user:
        session.delete(found)
