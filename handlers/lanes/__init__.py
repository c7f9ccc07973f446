"""Lanes: emergency, protection, accusation, out of scope, short commands, chat; what is left is a petition."""

from handlers.lanes.answer import Answers
from handlers.lanes.decide import Lanes
from handlers.lanes.lane import Command, Found, Kind, Lane, LaneDecision, Naming, Satisfaction
from handlers.lanes.leaning import Leaning, Leanings

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
]
