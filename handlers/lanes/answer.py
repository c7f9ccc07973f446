"""Answers to something we asked or told the person to write: is it solved, and the exact commands."""

import re
import unicodedata

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
