"""Lanes: emergency, protection, accusation, out of scope, short commands, chat; what is left is a petition."""

from handlers.lanes.answer import Answers
from handlers.lanes.decide import Lanes
from handlers.lanes.lane import Command, Found, Kind, Lane, LaneDecision, Naming, Satisfaction
from handlers.lanes.leaning import Leaning, Leanings
from handlers.lanes.shipped import command_of, satisfaction_of

__all__ = [
    "Answers",
    "Command",
    "Found",
    "Kind",
    "Lane",
    "LaneDecision",
    "Lanes",
    "Leaning",
    "Leanings",
    "Naming",
    "Satisfaction",
    "command_of",
    "satisfaction_of",
]
