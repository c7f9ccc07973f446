"""What a petition's events say of it: a pure fold, from which every figure and every check is made.

Nothing here reads the petition's row. What the row says besides is a convenience for the work; where the two
differ, somebody changed the row (`models.verification`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from models.move import MOVES, Verb
from models.petition import CLOSED, OPEN, STANDS_STILL, State

SELF_HARM = "self_harm"
ACCUSATION = "accusation"
FIRST_CONTACT = timedelta(hours=24)  # domain.md B.3: contacted within 24 hours of receipt
KINDS = {verb.value: verb for verb in Verb}


class Happening(NamedTuple):
    """An event without its chain."""

    id: int
    at: datetime
    kind: str
    data: dict[str, Any]


@dataclass
class Standing:
    """How a petition stands after the events told so far. Empty before the first."""

    state: State | None = None
    latest: Verb | None = None  # what happened last
    received_at: datetime | None = None
    owner: str | None = None
    office: str | None = None
    place: str | None = None
    leaf: str | None = None
    closed_at: datetime | None = None
    ended_as: Verb | None = None  # its last end, also where it was opened again
    contacted_at: datetime | None = None
    finish_due: datetime | None = None
    stopped_at: datetime | None = None  # since when the finish clock stands still
    in_time: bool = False  # whether the last proposal came before the date
    answered: Verb | None = None  # the villager's last word: confirm, half, dispute, reopen
    mark: str | None = None
    excluded: frozenset[str] = frozenset()  # accounts that must not hear of it
    sealed: bool = False  # told in figures only, never by place or category
    guarded: bool = False  # somebody must not hear of it: told in figures only, too
    ended_early: bool = False  # it had an end within its first 24 hours

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def late_from(self) -> datetime | None:
        """From when on it is late if nothing else happens; None where it cannot become late as it stands."""
        if not self.is_open or self.finish_due is None:
            return None
        return self.finish_due if self.stopped_at is None or self.finish_due < self.stopped_at else None

    @property
    def contact_by(self) -> datetime | None:
        return None if self.received_at is None else self.received_at + FIRST_CONTACT

    @property
    def is_contacted_in_time(self) -> bool:
        return (
            self.contacted_at is not None
            and self.contact_by is not None
            and self.contacted_at <= self.contact_by
        )

    def is_late(self, at: datetime) -> bool:
        """Open, and its time was over while the finish clock still ran."""
        return self.late_from is not None and self.late_from < at

    def is_due(self, at: datetime, until: datetime) -> bool:
        """Open, and its time will be over between `at` and `until`."""
        if not self.is_open or self.finish_due is None or self.stopped_at is not None:
            return False
        return at <= self.finish_due < until

    def hear(self, event: Happening) -> None:
        """Takes in the next event. A kind that no table knows says nothing."""
        verb = self.latest = KINDS.get(event.kind)
        if verb is None:
            return
        self._note(event.data)
        act = _ACTS.get(verb)
        if act is not None:
            act(self, event)
        state = MOVES[verb].leads_to
        if state is None:
            return
        self.state = state
        self.stopped_at = event.at if state in STANDS_STILL else None
        self.closed_at = event.at if state in CLOSED else None
        if state in CLOSED:
            self.ended_as = verb
            self.ended_early |= self.contact_by is not None and event.at <= self.contact_by

    def _note(self, data: dict[str, Any]) -> None:
        """Codes that an event may carry whatever it is."""
        self.place = data.get("place", self.place)
        self.leaf = data.get("leaf", self.leaf)
        if "owner" in data:
            self.owner, self.office = data["owner"], data.get("office")
        if "finish_due" in data:
            self.finish_due = datetime.fromisoformat(data["finish_due"])
        self.sealed = self.sealed or data.get("lane") == "protection" or data.get("hazard") == SELF_HARM


def _receive(standing: Standing, event: Happening) -> None:
    standing.received_at = event.at


def _send_back(standing: Standing, event: Happening) -> None:
    standing.owner = standing.office = None


def _contact(standing: Standing, event: Happening) -> None:
    standing.contacted_at = standing.contacted_at or event.at


def _propose(standing: Standing, event: Happening) -> None:
    standing.in_time = standing.finish_due is None or event.at <= standing.finish_due


def _answer(standing: Standing, event: Happening) -> None:
    standing.answered = Verb(event.kind)
    standing.mark = event.data.get("mark")


def _extend(standing: Standing, event: Happening) -> None:
    standing.finish_due = datetime.fromisoformat(event.data["due"])


def _reset(standing: Standing, event: Happening) -> None:
    standing.finish_due = datetime.fromisoformat(event.data["finish"])


def _exclude(standing: Standing, event: Happening) -> None:
    """Where a reader of digests is among them, a "1" in a row of figures would tell him."""
    standing.excluded |= event.data["accounts"].keys()
    standing.guarded = True


def _redirect(standing: Standing, event: Happening) -> None:
    """An accusation leaves no trace of where and what it was about, also not in figures."""
    standing.sealed = standing.sealed or event.data.get("why") == ACCUSATION


_ACTS = {
    Verb.RECEIVE: _receive,
    Verb.SEND_BACK: _send_back,
    Verb.CONTACT: _contact,
    Verb.PROPOSE: _propose,
    Verb.CONFIRM: _answer,
    Verb.HALF: _answer,
    Verb.DISPUTE: _answer,
    Verb.REOPEN: _answer,
    Verb.EXTEND: _extend,
    Verb.EXCLUDE: _exclude,
    Verb.RESET_CLOCKS: _reset,
    Verb.REDIRECT: _redirect,
}


def state_of(events: Iterable[Happening]) -> Standing:
    """How a petition stands after `events`, oldest first."""
    standing = Standing()
    for event in events:
        standing.hear(event)
    return standing
