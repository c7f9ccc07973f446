"""The letters about a matter and how each ended: to whom, by which way, and why not."""

from dataclasses import dataclass
from datetime import datetime

from models.base import Session
from models.letter import Letter, latest_about
from models.move import Verb
from models.officer import Officer
from models.petition import Petition

SHOWN = 30


@dataclass(frozen=True)
class Posted:
    """One letter. `occasion`: the kind of event it tells of, "" where it tells of none."""

    made_at: datetime
    to_kind: str
    name: str
    occasion: str
    way: str
    state: str
    reason: str
    ended_at: datetime | None


def letters_about(session: Session, petition: Petition) -> list[Posted]:
    """The last ones, the latest first; never what stands in them."""
    return [posted(session, letter) for letter in latest_about(session, petition.identity, SHOWN)]


def posted(session: Session, letter: Letter) -> Posted:
    officer = session.get(Officer, letter.to) if letter.to_kind == "officer" else None
    family, _, rest = letter.wording.partition(".")
    occasion = rest.partition(".")[0]
    return Posted(
        letter.made_at,
        letter.to_kind,
        officer.name if officer else "",
        occasion if family == "letter" and occasion in set(Verb) else "",
        letter.channels[0] if letter.channels else "",
        letter.state.value,
        letter.reason,
        letter.ended_at,
    )
