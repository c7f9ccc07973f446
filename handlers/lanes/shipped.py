"""What an answer says, by the lanes that come with the service."""

from functools import cache
from pathlib import Path

from handlers.lanes.answer import Answers
from handlers.lanes.decide import Lanes
from handlers.lanes.lane import Command, Satisfaction


@cache
def _answers() -> Answers:
    return Lanes.load(Path(__file__).parent.parent / "words").answers


def satisfaction_of(text: str) -> Satisfaction | None:
    """`Answers.satisfaction_of` of the shipped rule set."""
    return _answers().satisfaction_of(text)


def command_of(text: str) -> Command | None:
    """`Answers.command_of` of the shipped rule set."""
    return _answers().command_of(text)
