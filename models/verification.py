"""The walk over the whole ledger: every chain, every checkpoint, every digest; the first difference, or none.

Read in batches, one petition at a time; the digests are counted anew on the same walk.
"""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from models import checkpoint as checkpoints
from models import digest as digests
from models import recount
from models import view as views
from models.base import Session, month_of
from models.checkpoint import Checkpoint, Running
from models.digest import Digest
from models.history import Happening, Standing, state_of
from models.key import Keyring
from models.ledger import FIRST, PetitionEvent, event_hash
from models.number import in_pairs, number_for
from models.petition import Petition
from models.reserve import ids_aside
from models.stroke import Line, Owned
from models.tally import Tally
from models.weighing import Window

BATCH = 500  # petitions read at once
SHORTEST = 12  # digits of a checkpoint's hash that are enough to look for it

# What a stored digest says of its window, and what it must say, counted anew.
Ask = Callable[[dict[str, Any]], Window]
Compare = Callable[[Session, Digest, Tally], str | None]


@dataclass(frozen=True)
class Difference:
    """Where the ledger is not what was written, and how."""

    place: str
    fault: str

    def __str__(self) -> str:
        return f"{self.place}: {self.fault}"


@dataclass
class Walk:
    """How far one walk has come."""

    session: Session
    keys: Keyring
    windows: dict[int, Tally]  # by digest
    petitions: int = 0
    events: int = 0
    checkpoints: int = 0
    head: str = FIRST
    gap: int = 0  # the first id missing in the order of writing
    amiss: Difference | None = None  # the tally's; told where the ledger itself is whole
    is_sqlite: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_sqlite = self.session.get_bind().dialect.name == "sqlite"

    def name(self, petition: int) -> str:
        return f"petition {in_pairs(number_for(self.keys.number_key, petition))}"


def verify(
    session: Session, keys: Keyring, window_of: Ask, compare: Compare, wanted: str = ""
) -> tuple[Difference | None, Walk]:
    """Walks everything. `wanted`: a printed checkpoint, which the running hash must have been at some time."""
    stored = list(digests.every(session))
    walk = Walk(session, keys, {})
    difference = _check_contents(walk, stored, window_of) or _check_petitions(walk)
    difference = difference or _check_checkpoints(walk, stored, wanted.lower()) or _check_views(walk)
    if difference is not None:
        return difference, walk
    for digest in stored:
        fault = compare(session, digest, walk.windows[digest.id or 0])
        if fault is not None:
            return Difference(_named(digest), fault), walk
    return walk.amiss, walk


def _check_views(walk: Walk) -> Difference | None:
    """Whoever opened words or an identity did so by an event; the rows must be those of the events."""
    found = views.amiss(walk.session)
    return Difference(walk.name(found[0]), found[1]) if found else None


def _named(digest: Digest) -> str:
    return f"digest {digest.period} {digest.first}..{digest.last}"


def _check_contents(walk: Walk, stored: list[Digest], window_of: Ask) -> Difference | None:
    """Each digest's own record; also lays out what has to be counted again for it."""
    for digest in stored:
        content = digest.content
        said = {"period": digest.period, "from": digest.first.isoformat(), "to": digest.last.isoformat()}
        said |= {"checkpoint": digest.checkpoint, "made_at": digest.made_at.isoformat()}
        if digests.content_hash(content) != digest.hash:
            return Difference(_named(digest), "its content does not fit its hash")
        if any(content.get(name) != value for name, value in said.items()):
            return Difference(_named(digest), "its row and its content differ")
        walk.windows[digest.id or 0] = Tally(window_of(content))
    return None


def _check_petitions(walk: Walk) -> Difference | None:
    aside = ids_aside(walk.session)
    expected = _next(0, aside)
    for row, petition, events, strokes in _chains(walk.session):
        if walk.is_sqlite and petition > expected:
            return Difference(walk.name(expected), "removed")
        expected = _next(petition, aside)
        if row is None:
            return Difference(walk.name(petition), "its row was removed")
        walk.petitions += 1
        walk.events += len(events)
        difference = _check_chain(walk, row, events) or _check_row(walk, row, events)
        if difference is not None:
            return difference
        fault = recount.fault(Owned(row.identity, row.villager, row.county), _happenings(events), strokes)
        if fault is not None:
            place = f"{walk.name(row.identity)}, event {fault[0]}"
            walk.amiss = walk.amiss or Difference(place, f"the tally {fault[1]}")
        _count(walk, row, events)
    if walk.is_sqlite and expected <= _highest_ever(walk.session):
        return Difference(walk.name(expected), "removed")
    if recount.how_many(walk.session) != walk.events:
        walk.amiss = walk.amiss or Difference("tally", "it has strokes of events that are not there")
    return None


def _next(petition: int, aside: AbstractSet[int]) -> int:
    """The id after this one that a petition must have; those set aside have none yet."""
    following = petition + 1
    while following in aside:
        following += 1
    return following


def _highest_ever(session: Session) -> int:
    """The highest petition id SQLite ever gave out; a transaction undone gives its ids back."""
    known = text("SELECT seq FROM sqlite_sequence WHERE name = 'petition'")
    return int(session.connection().execute(known).scalar() or 0)


Chain = tuple[Petition | None, int, list[PetitionEvent], list[Line]]


def _chains(session: Session) -> Iterator[Chain]:
    """Every petition with its events and their strokes, by id; also events whose petition is gone."""
    after = 0
    while True:
        found = select(Petition).where(col(Petition.id) > after).order_by(col(Petition.id)).limit(BATCH)
        rows = {row.identity: row for row in session.exec(found)}
        events = select(PetitionEvent).where(col(PetitionEvent.petition) > after)
        tally = recount.tallied(session, after, max(rows) if len(rows) == BATCH else None)
        if len(rows) == BATCH:
            after = max(rows)
            events = events.where(col(PetitionEvent.petition) <= after)
        ordered = session.exec(events.order_by(col(PetitionEvent.petition), col(PetitionEvent.position)))
        chains = {petition: list(chain) for petition, chain in groupby(ordered, key=lambda one: one.petition)}
        for petition in sorted(rows.keys() | chains.keys()):
            yield rows.get(petition), petition, chains.get(petition, []), tally.get(petition, [])
        session.expunge_all()
        if len(rows) < BATCH:
            return


def _check_chain(walk: Walk, row: Petition, events: list[PetitionEvent]) -> Difference | None:
    previous, latest, identity = FIRST, None, 0
    for position, event in enumerate(events, start=1):
        place = f"{walk.name(row.identity)}, event {position}"
        fault = _fault(event, position, previous, latest, identity)
        if fault is not None:
            return Difference(place, fault)
        if event.county != row.county:
            return Difference(place, "it is another county's")
        previous, latest, identity = event.hash, event.at, event.id or 0
    place = f"{walk.name(row.identity)}, event"
    if row.position > len(events):
        return Difference(f"{place} {len(events) + 1}", "removed")
    if row.position < len(events):
        return Difference(f"{place} {row.position + 1}", "the petition's row does not know it")
    if row.head != previous:
        return Difference(f"{place} {row.position}", "the petition's row has another hash for it")
    return None


def _fault(
    event: PetitionEvent, position: int, previous: str, latest: datetime | None, identity: int
) -> str | None:
    """What is wrong with one event, told what came before it."""
    if event.position != position:
        return "removed"
    if event.previous_hash != previous:
        return "it does not follow its predecessor"
    said = event_hash(event.petition, event.position, event.at, event.kind, event.data, event.previous_hash)
    if event.hash != said:
        return "changed"
    if latest is not None and event.at < latest:
        return "dated before its predecessor"
    if event.month != month_of(event.at):
        return "its month is not that of its time"
    return "written before its predecessor" if (event.id or 0) <= identity else None


def _check_row(walk: Walk, row: Petition, events: list[PetitionEvent]) -> Difference | None:
    """The row must say what the events say."""
    standing: Standing = state_of(_happenings(events))
    latest = events[-1].at if events else None
    wanted = {
        "number": (row.number, number_for(walk.keys.number_key, row.identity)),
        "state": (row.state, standing.state),
        "owner": (row.owner, standing.owner),
        "received_at": (row.received_at, standing.received_at),  # figures are looked for by it
        "excluded": (sorted(row.excluded), sorted(standing.excluded)),
        "closed_at": (row.closed_at, standing.closed_at),
        "latest_at": (row.latest_at, latest),
        "finish_due": (row.finish_due, standing.finish_due),
    }
    for name, (said, known) in wanted.items():
        if said != known:
            return Difference(walk.name(row.identity), f"its row says {name} {said}, its events {known}")
    return None


def _happenings(events: list[PetitionEvent]) -> list[Happening]:
    return [Happening(event.id or 0, event.at, event.kind, event.data) for event in events]


def _count(walk: Walk, row: Petition, events: list[PetitionEvent]) -> None:
    """Adds the petition to every digest whose window it reaches into."""
    happenings = _happenings(events)
    first, last = happenings[0], happenings[-1]
    for tally in walk.windows.values():
        if tally.window.reaches(first, last, is_open=row.is_open):
            tally.add(happenings, row.villager)


def _check_checkpoints(walk: Walk, stored: list[Digest], wanted: str) -> Difference | None:
    """The running hash from the first event on; each checkpoint must be on its way, and pin its digest."""
    pinned = {digest.hash: digest for digest in stored}
    running, previous = Running(FIRST, 0, 0), FIRST
    met = _Search(wanted)
    met.see(running.hash)
    rows = walk.session.exec(select(Checkpoint).order_by(col(Checkpoint.position))).all()
    for position, row in enumerate(rows, start=1):
        place = f"checkpoint {row.position} of {row.at.isoformat()}"
        if row.position != position:
            return Difference(f"checkpoint {position}", "removed")
        running = _run(walk, running, met, row.up_to)
        if row.previous != previous:
            return Difference(place, "it does not follow its predecessor")
        if (running.up_to, running.events) != (row.up_to, row.count):
            gone = row.count - running.events
            return Difference(place, f"of its {row.count} events {gone} are gone")
        if checkpoints.closed(running, row.position, row.at, row.digest) != row.hash:
            return Difference(place, "the events before it are not those it was taken of")
        if row.digest and pinned.pop(row.digest, None) is None:
            return Difference(place, "the digest it pins was removed or changed")
        previous, running = row.hash, Running(row.hash, row.up_to, row.count)
        met.see(row.hash)
        walk.checkpoints += 1
    for digest in pinned.values():
        return Difference(_named(digest), "no checkpoint pins it")
    running = _run(walk, running, met)
    walk.head = running.hash
    if walk.gap:
        return Difference(f"event {walk.gap} in the order of writing", "removed")
    return None if met.found else Difference(f"checkpoint {wanted}", "the ledger never had this hash")


def _run(walk: Walk, running: Running, met: "_Search", up_to: int | None = None) -> Running:
    for event, said in checkpoints.events_after(walk.session, running.up_to, up_to):
        if walk.is_sqlite and event != running.up_to + 1:  # a transaction undone gives its ids back
            walk.gap = walk.gap or running.up_to + 1
        running = checkpoints.step(running, event, said)
        met.see(running.hash)
    return running


class _Search:
    """Looks for one hash among all the running hash ever was; a beginning of it is enough."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        self.found = not wanted

    def see(self, value: str) -> None:
        self.found = self.found or value.startswith(self.wanted)
