"""Answers to something we asked or told the person to write: is it solved, and the exact commands."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from handlers.lanes.lane import Command, Satisfaction
from handlers.lanes.rulebook import Rulebook
from handlers.lanes.settings import Settings

MARKS: dict[Command | None, Satisfaction] = {
    Command.SATISFIED: Satisfaction.SATISFIED,
    Command.MOSTLY: Satisfaction.MOSTLY,
    Command.HALF: Satisfaction.HALF,
    Command.DISSATISFIED: Satisfaction.DISSATISFIED,
    Command.UNSOLVED: Satisfaction.UNSOLVED,
}
_SILENT = re.compile(r"[^\w]+")


class Answers:
    """Understands answers; part of a loaded `Lanes`, see `Lanes.answers`."""

    def __init__(self, satisfaction: Rulebook, settings: Settings) -> None:
        self._satisfaction = satisfaction
        self._commands = settings.commands

    def satisfaction_of(self, text: str) -> Satisfaction | None:
        """What a text says of the end of a matter, None where it says nothing of it. The worst word counts."""
        exact = MARKS.get(self.command_of(text))
        if exact is not None:
            return exact
        found = self._satisfaction.first(self._satisfaction.read(unicodedata.normalize("NFKC", text).lower()))
        return Satisfaction(found[0].lane) if found else None

    def command_of(self, text: str) -> Command | None:
        """The command that the whole text is, whatever blanks, punctuation or width it is written with."""
        return self._commands.get(_SILENT.sub("", unicodedata.normalize("NFKC", text).lower()))


@cache
def _shipped() -> Answers:
    from handlers.lanes.decide import Lanes  # noqa: PLC0415 - Lanes hold Answers; only the shipped set is loaded from here

    return Lanes.load(Path(__file__).parent.parent / "words").answers


def satisfaction_of(text: str) -> Satisfaction | None:
    """`Answers.satisfaction_of` of the shipped rule set."""
    return _shipped().satisfaction_of(text)


def command_of(text: str) -> Command | None:
    """`Answers.command_of` of the shipped rule set."""
    return _shipped().command_of(text)
