"""Consent to what is sensitive: asked apart from all else, recorded either way, taken back by one word.

PIPL arts. 15, 16, 29, 30. A matter is handled whatever is said, because that is the hotline's duty (art. 13(3)); who
says no keeps his own words from everybody but the county's desk. Silence says neither.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handlers.commands import numbered, tidy
from handlers.questions import end, put_question
from handlers.turn import Reply, VillagerTurn
from handlers.villager.replies import question_reply
from models import consent
from models.consent import Purpose
from models.petition import Petition, open_of
from models.villager import Question, was_asked
from models.wording import Wording

FILE = Path(__file__).parent.parent / "words" / "sensitive.toml"
KIND = "sensitive"
AROUND = " .\u3002\uff0c,!\uff01"
BY_DIGIT = {"1": True, "2": False}


@dataclass(frozen=True)
class Words:
    """`sensitive.toml`."""

    holds: dict[str, str]  # what each leaf may hold
    answers: dict[str, bool]
    changes: dict[str, bool]


@cache
def words() -> Words:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))

    def meaning(table: str) -> dict[str, bool]:
        return dict.fromkeys(data[table]["yes"], True) | dict.fromkeys(data[table]["no"], False)

    holds = {leaf: what for what, leaves in data["leaves"].items() for leaf in leaves}
    return Words(holds, meaning("answer"), meaning("change"))


def ask(turn: VillagerTurn, petition: Petition) -> Reply:
    """The question, once a matter, where nothing else is asked; else it waits its turn."""
    holds = words().holds.get(petition.leaf or "")
    if holds is None or petition.lane != "petition" or was_asked(turn.session, petition.identity, KIND):
        return Reply()
    if not put_question(turn.session, petition.villager, petition, KIND, turn.at, holds=holds):
        return Reply()
    return question_reply(turn, petition)


def answer(turn: VillagerTurn, question: Question, petition: Petition | None) -> Reply | None:
    """Writes the yes or no down; None: it was no answer."""
    said = tidy(turn.mail.text).strip(AROUND)
    given = BY_DIGIT.get(said, words().answers.get(said))
    if petition is None or given is None:
        return None
    end(turn.session, question, turn.at)
    return _record(turn, petition, given=given)


def change(turn: VillagerTurn) -> Reply | None:
    """A yes taken back, or given later, in so many words. None: these are none, or nothing of the kind was asked."""
    said, number = numbered(turn.mail.text)
    given = words().changes.get(said.strip(AROUND))
    if given is None:
        return None
    for petition in open_of(turn.session, turn.villager.id or 0):
        fits = number in (None, petition.number)
        if fits and consent.latest(turn.session, petition.identity, Purpose.SENSITIVE) is not None:
            return _record(turn, petition, given=given)
    return None


def _record(turn: VillagerTurn, petition: Petition, *, given: bool) -> Reply:
    consent.record(
        turn.session, petition.villager, Purpose.SENSITIVE, turn.at, given=given, petition=petition.id
    )
    turn.message.petition = petition.id
    wording = Wording.SENSITIVE_YES if given else Wording.SENSITIVE_NO
    return Reply.of(wording, number=petition.number)
