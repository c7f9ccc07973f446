"""What a card tells of one day besides its figures: by which doors matters came, which were dangers, who urged."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from models.base import Session
from models.ledger import PetitionEvent
from models.verb import Verb

EMERGENCY = "emergency"


@dataclass
class Arrivals:
    """`doors`: how many came by each, as codes. `urges`: how often, not of how many."""

    doors: Counter[str] = field(default_factory=Counter)
    emergencies: int = 0
    urges: int = 0


def arrivals(session: Session, since: datetime, until: datetime) -> Arrivals:
    """Read event by event: of a day these are few."""
    found = select(PetitionEvent.kind, PetitionEvent.data).where(
        col(PetitionEvent.at) >= since,
        col(PetitionEvent.at) < until,
        col(PetitionEvent.kind).in_((Verb.RECEIVE.value, Verb.URGE.value)),
    )
    told = Arrivals()
    for kind, said in session.exec(found):
        if kind == Verb.URGE:
            told.urges += 1
            continue
        told.doors[str(said.get("channel", ""))] += 1
        told.emergencies += said.get("lane") == EMERGENCY
    return told
