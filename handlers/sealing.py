"""What a person asks us to seal for the discipline office: one burst, after his own explicit yes.

Nothing is written of it but ciphertext and, for a few minutes, a keyed hash of the address. Danger is answered
too, with the numbers to dial; nobody else hears what was sealed.
"""

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path

from handlers.commands import numbered, tidy
from handlers.county import County
from handlers.turn import Mail
from models import sealed
from models.base import Session
from models.wording import Wording

FILE = Path(__file__).parent / "words" / "commands.toml"
LANE = "sealed"  # of the row that remembers the message for a retry
AROUND = " .\u3002!\uff01\u201c\u201d\"'"


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    villager = tomllib.loads(FILE.read_text(encoding="utf-8"))["villager"]
    return frozenset(villager["seal"]), frozenset(villager["seal_no_more"])


def concerns(session: Session, county: County, mail: Mail, at: datetime) -> bool:
    """Whether these words may be for the discipline office alone; only looks."""
    if county.sealed_key is None or mail.kind == "event":
        return False
    person = county.keys.lookup("sealed", f"{mail.channel}\n{mail.sender}")
    return tidy(mail.text).strip(AROUND) in _words()[0] or sealed.holds(session, person, at)


def answer(session: Session, county: County, mail: Mail, at: datetime) -> Wording | None:
    """What is said to the yes and to what follows it. None: nothing is to be sealed, the message goes its way."""
    if county.sealed_key is None or mail.kind == "event":
        return None
    person = county.keys.lookup("sealed", f"{mail.channel}\n{mail.sender}")
    said = tidy(mail.text).strip(AROUND)
    yes, no_more = _words()
    if mail.kind == "text" and said in yes:
        sealed.agree(session, person, at)
        return Wording.ACCUSATION_SEAL_READY
    consent = sealed.agreed(session, person, at)
    if consent is None:
        return None
    if mail.kind == "text" and said in no_more:
        sealed.withdraw(session, person)
        return Wording.ACCUSATION_SEAL_STOPPED
    if mail.kind != "text" or not said:
        return Wording.ACCUSATION_SEAL_TEXT_ONLY
    if county.reader.command_of(numbered(said)[0]) is not None:
        return None
    sealed.keep(session, county.code, county.sealed_key, consent, mail.text, at)
    return Wording.ACCUSATION_SEALED
