"""Counting: what the ledger says of a window of time, in figures. Every number of a digest comes from here.

For now each count reads the events of the matters that the window touches. Callers see only `count` and `Tally`,
so that figures kept in the writing transaction can take the place of the reading.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import CompoundSelect, func
from sqlmodel import col, or_, select, union

from models.base import Session
from models.history import KINDS, Happening, Standing
from models.ledger import PetitionEvent
from models.message import PIECE, Message
from models.move import Verb
from models.petition import OPEN, Petition

BATCH = 500  # matters read at once
FIRST_CONTACT = timedelta(hours=24)  # domain.md B.3: contacted within 24 hours of receipt
UNKNOWN = ""  # the group of matters without a place, office or category
SEALED = "*"  # the group of matters that are told in figures only
GROUPS = ("place", "office", "category")

ENDS = {
    Verb.CONFIRM: "confirmed",
    Verb.UNANSWERED: "unanswered",
    Verb.WITHDRAW: "withdrawn",
    Verb.DECLINE: "declined",
    Verb.REDIRECT: "redirected",
    Verb.MERGE: "merged",
}
ANSWERS = frozenset({Verb.CONFIRM, Verb.HALF, Verb.DISPUTE, Verb.REOPEN})
HANDED_OUT = frozenset({Verb.ASSIGN, Verb.REASSIGN, Verb.RULE, Verb.SEND_BACK})
COUNTS = (
    "new",
    "people",
    "closed",
    *("confirmed", "half", "disputed", "unanswered", "withdrawn", "declined", "redirected", "merged"),
    *("joined", "reopened", "relabelled", "revealed", "rehearsed", "open", "due", "late"),
)
# What rates are made of besides the counts; one a matter.
PARTS = (
    *("contact_due", "contacted"),  # its 24 hours ran out in the window; of these, contacted in time
    *("worked", "worked_in_time"),  # ended confirmed or unanswered; of these, proposed before its date
    *("answered", "solved", "satisfied", "mostly"),  # the villager's last word in the window
    *("reworked", "rebounded", "confirmed_once"),
    *("handed_out", "sent_back", "in_work", "extended"),
)


@dataclass(frozen=True)
class Window:
    """From `since` up to, not including, `until`, as the ledger stood when its latest event was `up_to`."""

    since: datetime
    until: datetime
    due_until: datetime
    up_to: int

    def sees(self, event: Happening) -> bool:
        return event.id <= self.up_to and event.at < self.until


class Matter(NamedTuple):
    """What one petition adds."""

    counts: Counter[str]
    groups: dict[str, str]


@dataclass
class Tally:
    """The figures of one window: in all, and by place, office and category."""

    window: Window
    total: Counter[str] = field(default_factory=Counter)
    by: dict[str, dict[str, Counter[str]]] = field(
        default_factory=lambda: {group: defaultdict(Counter) for group in GROUPS}
    )
    _people: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, events: Sequence[Happening], villager: int) -> None:
        """Takes in one petition's whole history, oldest first."""
        matter = weigh(events, self.window)
        if matter is None:
            return
        self.total.update(matter.counts)
        for group, code in matter.groups.items():
            self.by[group][code].update(matter.counts)
        if matter.counts["new"]:
            for key in (("", ""), *matter.groups.items()):
                self._people[key].add(villager)

    def counts(self, group: str = "", code: str = "") -> dict[str, int]:
        """The counts of everything, or of one code of one group."""
        found = self.by[group][code] if group else self.total
        return {name: found[name] for name in COUNTS} | {"people": len(self._people.get((group, code), ()))}

    def codes(self, group: str) -> list[str]:
        """The codes of a group that have anything to tell, in order; the sealed and the unknown last."""
        told = [code for code in self.by[group] if any(self.counts(group, code).values())]
        return sorted(told, key=lambda code: (code in (SEALED, UNKNOWN), code))


def weigh(events: Sequence[Happening], window: Window) -> Matter | None:
    """What one petition adds to the figures of a window; None: nothing."""
    standing, counts = Standing(), Counter[str]()
    end: Verb | None = None
    answer: Verb | None = None
    end_in_time = False
    done: set[Verb] = set()
    for event in filter(window.sees, events):
        standing.hear(event)
        if event.at < window.since:
            continue
        counts["rehearsed"] += bool(event.data.get("rehearsed"))
        verb = KINDS.get(event.kind)
        if verb is None:
            continue
        done.add(verb)
        counts["relabelled"] |= verb is Verb.SORT and _relabels(event)
        counts["half"] += verb is Verb.HALF
        counts["revealed"] += verb in (Verb.REVEAL, Verb.EXPORT)
        counts["disputed"] += verb is Verb.DISPUTE
        if verb in ENDS:
            end, end_in_time = verb, standing.in_time
        if verb in ANSWERS:
            answer = verb
    if standing.received_at is None:
        return None
    counts["new"] = Verb.RECEIVE in done
    counts["joined"] = Verb.JOIN in done
    counts["reopened"] = Verb.REOPEN in done
    if end is not None:
        counts["closed"] = counts[ENDS[end]] = 1
    counts["open"] = standing.is_open
    counts["late"] = standing.is_late(window.until)
    counts["due"] = standing.is_due(window.until, window.due_until)
    if end in (Verb.CONFIRM, Verb.UNANSWERED):
        counts["worked"], counts["worked_in_time"] = 1, int(end_in_time)
    _contact(counts, standing, events, window)
    _answers(counts, standing, answer, done)
    counts["handed_out"] = bool(done & HANDED_OUT)
    counts["sent_back"] = Verb.SEND_BACK in done
    counts["in_work"] = standing.is_open or end is not None
    counts["extended"] = Verb.EXTEND in done
    counts = +Counter({name: int(number) for name, number in counts.items()})
    return Matter(counts, _groups(standing)) if counts else None


def _relabels(event: Happening) -> bool:
    """Whether somebody of the staff called a matter by another category than it had."""
    was = event.data.get("was")
    return was is not None and was != event.data["leaf"]


def _contact(counts: Counter[str], standing: Standing, events: Iterable[Happening], window: Window) -> None:
    """The first 24 hours; whoever ended before they were over, without contact, was never due."""
    if standing.received_at is None:
        return
    due = standing.received_at + FIRST_CONTACT
    if not window.since <= due < window.until:
        return
    contacted = standing.contacted_at is not None and standing.contacted_at <= due
    ended = any(event.at <= due and event.kind in ENDS for event in filter(window.sees, events))
    counts["contact_due"], counts["contacted"] = int(contacted or not ended), int(contacted)


def _answers(counts: Counter[str], standing: Standing, answer: Verb | None, done: set[Verb]) -> None:
    """The last word counts: confirmed, brought back and confirmed again is one matter, solved once."""
    if answer is not None:
        counts["answered"] = 1
        counts["solved"] = answer is Verb.CONFIRM
        counts["satisfied"] = answer is Verb.CONFIRM and standing.mark == "satisfied"
        counts["mostly"] = answer is Verb.CONFIRM and standing.mark == "mostly"
    counts["reworked"] = bool(done & {Verb.HALF, Verb.DISPUTE})
    counts["rebounded"] = Verb.REOPEN in done
    counts["confirmed_once"] = bool(done & {Verb.CONFIRM, Verb.REOPEN})


def _groups(standing: Standing) -> dict[str, str]:
    if standing.sealed:
        return dict.fromkeys(GROUPS, SEALED)
    return {
        "place": standing.place or UNKNOWN,
        "office": standing.office or UNKNOWN,
        "category": standing.leaf or UNKNOWN,
    }


def count(session: Session, window: Window) -> Tally:
    """The figures of a window, from the events of every petition it touches."""
    tally = Tally(window)
    for villager, events in _histories(session, window):
        tally.add(events, villager)
    return tally


def accusations(session: Session, window: Window, up_to: int) -> int:
    """How many messages were accusations; of these nothing else is known.

    Earlier pieces of one do not count: they may turn out to be pieces when the quarter was told already.
    """
    found = select(func.count()).where(
        Message.lane == "accusation", col(Message.at) >= window.since, col(Message.at) < window.until
    )
    found = found.where(Message.kind != PIECE)
    return session.exec(found.where(col(Message.id) <= up_to).select_from(Message)).one()


def first_receipt(session: Session) -> datetime | None:
    """When the first petition came."""
    found = select(PetitionEvent.at).where(PetitionEvent.kind == Verb.RECEIVE.value)
    return session.exec(found.order_by(col(PetitionEvent.at)).limit(1)).first()


def latest_event(session: Session) -> int:
    """The id of the ledger's last event; 0 before the first."""
    return session.exec(select(func.max(PetitionEvent.id))).one() or 0


def latest_message(session: Session) -> int:
    return session.exec(select(func.max(Message.id))).one() or 0


def latest_at(session: Session) -> datetime | None:
    """The latest instant anything is dated; after a rehearsal it lies ahead of the wall clock."""
    return session.exec(select(PetitionEvent.at).order_by(col(PetitionEvent.at).desc()).limit(1)).first()


def _histories(session: Session, window: Window) -> Iterator[tuple[int, list[Happening]]]:
    """Of every petition the window may touch, its villager and its events.

    Those with an event since it began, and those open today: a matter open at its end is either open still or
    had an event since.
    """
    since = or_(col(PetitionEvent.at) >= window.since, col(PetitionEvent.id) > window.up_to)
    touched: CompoundSelect[int] = union(
        select(PetitionEvent.petition).where(since), select(Petition.id).where(col(Petition.state).in_(OPEN))
    )
    identities = sorted(session.execute(touched).scalars())
    for start in range(0, len(identities), BATCH):
        yield from _read(session, identities[start : start + BATCH], window)


def _read(session: Session, some: Sequence[int], window: Window) -> Iterator[tuple[int, list[Happening]]]:
    villagers = dict(
        session.exec(select(Petition.id, Petition.villager).where(col(Petition.id).in_(some))).all()
    )
    event = PetitionEvent
    columns = map(col, (event.petition, event.id, event.at, event.kind, event.data))
    rows = session.execute(
        sqlalchemy.select(*columns)
        .where(col(event.petition).in_(some), col(event.at) < window.until, col(event.id) <= window.up_to)
        .order_by(col(event.petition), col(event.position))
    )
    for petition, events in groupby(rows, key=itemgetter(0)):
        yield villagers.get(petition, 0), [Happening(*event[1:]) for event in events]
