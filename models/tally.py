"""The figures of one window: in all, and by place, office and category."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from models.base import Session
from models.figure import COUNTS
from models.history import Happening
from models.ledger import PetitionEvent
from models.message import PIECE, Message
from models.move import Verb
from models.weighing import GROUPS, SEALED, UNKNOWN, Window, weigh


@dataclass
class Tally:
    """The figures of one window: in all, and by place, office and category."""

    window: Window
    total: Counter[str] = field(default_factory=Counter)
    by: dict[str, dict[str, Counter[str]]] = field(
        default_factory=lambda: {group: defaultdict(Counter) for group in GROUPS}
    )
    late_since: dict[str, datetime] = field(
        default_factory=dict
    )  # by office, of its oldest; where it was asked
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
                self._of(*key)["people"] = len(self._people[key])

    def take(self, group: str, code: str, figures: dict[str, int]) -> None:
        """Takes in what was summed already."""
        self._of(group, code).update(+Counter(figures))

    def _of(self, group: str, code: str) -> Counter[str]:
        return self.by[group][code] if group else self.total

    def counts(self, group: str = "", code: str = "") -> dict[str, int]:
        """The counts of everything, or of one code of one group."""
        found = self._of(group, code)
        return {name: found[name] for name in COUNTS}

    def codes(self, group: str) -> list[str]:
        """The codes of a group that have anything to tell, in order; the sealed and the unknown last."""
        told = [code for code in list(self.by[group]) if any(self.counts(group, code).values())]
        return sorted(told, key=lambda code: (code in (SEALED, UNKNOWN), code))


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
