"""What a message can be, before anybody asks what it is about."""

from enum import StrEnum
from typing import NamedTuple


class Lane(StrEnum):
    """The first reading of a message; the values are public (`lianxin route`). Declared in the order they are tried."""

    EMERGENCY = "emergency"
    PROTECTION = "protection"
    ACCUSATION = "accusation"
    OUT_OF_SCOPE = "out_of_scope"
    PROGRESS = "progress"
    URGE = "urge"
    WITHDRAW = "withdraw"
    SATISFACTION = "satisfaction"
    STUDY = "study"
    CONSENT = "consent"
    THANKS = "thanks"
    CHAT = "chat"
    PETITION = "petition"


class Kind(StrEnum):
    """What the person wants of us; the Chinese labels stand in `settings.toml`."""

    ENQUIRY = "enquiry"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


class Satisfaction(StrEnum):
    """What a villager says of the end of a matter. Declared in the order they are tried: the worst word counts."""

    UNSOLVED = "unsolved"
    DISSATISFIED = "dissatisfied"
    HALF = "half"
    MOSTLY = "mostly"
    SATISFIED = "satisfied"


class Command(StrEnum):
    """The exact words a villager may send; the Chinese forms stand in `settings.toml`."""

    PROGRESS = "progress"
    WITHDRAW = "withdraw"
    SATISFIED = "satisfied"
    MOSTLY = "mostly"
    HALF = "half"
    DISSATISFIED = "dissatisfied"
    UNSOLVED = "unsolved"
    ANONYMOUS = "anonymous"
    UNSUBSCRIBE = "unsubscribe"
    COPY = "copy"
    FORGET = "forget"


class Naming(StrEnum):
    """How clearly the words of a message name a matter, and whether that one is near danger itself."""

    VAGUE = "vague"
    NEAR_DANGER = "near_danger"
    CLEAR = "clear"


class Found(NamedTuple):
    """A word that spoke for the decision: its class of words, and where it stands in the normalised text."""

    concept: str
    start: int
    end: int


class LaneDecision(NamedTuple):
    """`rule` names the sub-lane (fire, court, …) that wording and receiver depend on; empty where no rule spoke."""

    lane: Lane
    rule: str
    words: tuple[Found, ...]
    kind: str
