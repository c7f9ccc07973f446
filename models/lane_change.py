"""A county's own words for danger, protection and accusation: they count once two people agreed to them.

A row holds the files themselves, so that what was agreed to goes on working whatever is done to the folder.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime


class LaneChange(Table, table=True):
    """One version of the lanes' files: proposed when the service first saw it."""

    __tablename__ = "lane_change"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    digest: str = Field(unique=True, max_length=64)
    files: dict[str, str] = Field(sa_type=JSON)
    made_at: datetime = Field(sa_type=UtcDateTime)
    operator: str | None = Field(default=None, max_length=64)  # the account of the person who said yes
    supervisor: str | None = Field(default=None, max_length=64)
    agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def digest_of(files: Mapping[str, str]) -> str:
    """By which a version is known."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def change_of(session: Session, files: Mapping[str, str]) -> LaneChange | None:
    """The row of these very files."""
    return session.exec(select(LaneChange).where(LaneChange.digest == digest_of(files))).first()


def agreed(session: Session) -> LaneChange | None:
    """The version agreed to last."""
    rows = select(LaneChange).where(col(LaneChange.agreed_at).is_not(None))
    latest = rows.order_by(col(LaneChange.agreed_at).desc(), col(LaneChange.id).desc())
    return session.once("lanes", lambda: session.exec(latest).first())


def waiting(session: Session) -> list[LaneChange]:
    """Versions not agreed to yet, oldest first."""
    rows = select(LaneChange).where(col(LaneChange.agreed_at).is_(None))
    return list(session.exec(rows.order_by(col(LaneChange.id))))
