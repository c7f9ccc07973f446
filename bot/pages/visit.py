"""A visit to a page, and what a view may answer. Views know no HTTP: they get a visit and give an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.knowledge import Knowledge
from bot.wording import Chinese
from handlers.county import County
from models.base import Session
from models.database import Database
from models.officer import Officer, Role
from models.scope import Scope
from models.user import User


class Means(StrEnum):
    """What a view needs of the database."""

    LOOK = "look"  # a session whose changes are thrown away
    WRITE = "write"  # a transaction, committed when the view returns
    OWN = "own"  # none: the view is slow or opens its own


@dataclass(frozen=True)
class Staff:
    """Somebody who is logged in."""

    user: User
    officer: Officer | None  # the person of the directory, where the account is one's own
    scope: Scope

    @property
    def role(self) -> Role:
        return Role(self.user.role)

    @property
    def account(self) -> str:
        """By what name a trace is left: the person's, else the console account's."""
        return self.officer.account if self.officer else f"console:{self.user.name}"


@dataclass(frozen=True)
class Visit:
    """One request, believed."""

    at: datetime
    county: County
    database: Database
    data_dir: Path
    address: str  # the keyed hash of where it comes from
    secret: str = field(repr=False)  # the cookie's
    staff: Staff | None
    chinese: Chinese = field(repr=False)
    knowledge: Knowledge = field(repr=False)
    session_: Session | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def session(self) -> Session:
        """The session; a view whose row has OWN means opens its own."""
        if self.session_ is None:
            message = "this view has no session: see its row in bot/pages/routes.py"
            raise RuntimeError(message)
        return self.session_

    @property
    def who(self) -> Staff:
        """Whoever is logged in; the door lets nobody else through to a row with roles."""
        if self.staff is None:
            message = "nobody is logged in: see the row in bot/pages/routes.py"
            raise RuntimeError(message)
        return self.staff


@dataclass(frozen=True)
class Shown:
    """A page: a template and what stands in it."""

    template: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    script: bool = False  # a script of ours may run on it
    retry_after: int | None = None  # seconds
    secret: str | None = None  # the new cookie, as in Moved


@dataclass(frozen=True)
class Moved:
    """Go there. `secret`: the new cookie; "": the old one is gone; None: it stays."""

    to: str
    secret: str | None = None


@dataclass(frozen=True)
class Sent:
    """A file as it is. `name`: it is saved under that name, and kept by no cache."""

    body: bytes
    content_type: str
    saved_as: str = ""  # a file to keep, not to look at: never held by the browser for somebody else
    private: bool = False  # never held by the browser for somebody else


Answer = Shown | Moved | Sent
NOT_FOUND = Shown("not_found.html", status=404)
