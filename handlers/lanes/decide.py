"""The lane of a message: danger before anything else, a matter where nothing else speaks."""

from collections.abc import Sequence
from math import inf
from pathlib import Path
from typing import Self

from handlers.lanes.answer import Answers
from handlers.lanes.lane import Found, Kind, Lane, LaneDecision, Naming, Satisfaction
from handlers.lanes.leaning import Leaning
from handlers.lanes.rule import Reading, Rule
from handlers.lanes.rulebook import Rulebook, load
from handlers.lanes.settings import Settings

_COLUMNS = {
    "lane": [lane.value for lane in Lane],
    "kind": [
        kind.value
        for kind in (Kind.REPORT, Kind.PRAISE, Kind.SUGGESTION, Kind.COMPLAINT, Kind.ENQUIRY, Kind.HELP)
    ],
    "satisfaction": [answer.value for answer in Satisfaction],
}


NEVER = inf


class Lanes:
    """A loaded, checked and frozen set of lane rules. Safe to share between threads."""

    def __init__(self, lanes: Rulebook, kinds: Rulebook, settings: Settings, answers: Answers) -> None:
        self._lanes = lanes
        self._kinds = kinds
        self._settings = settings
        self.answers = answers

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads `lanes/` of a rule set's folder; raises `RuleSetError` with file, line and reason."""
        settings = Settings.load(folder / "lanes")
        books = load(folder / "lanes", _COLUMNS)
        return cls(books["lane"], books["kind"], settings, Answers(books["satisfaction"], settings))

    @property
    def labels(self) -> dict[Kind, str]:
        """What each kind is called."""
        return self._settings.labels

    def read(self, text: str, pairs: Sequence[str] | None = None) -> Reading:
        """The classes of words that stand in a normalised text."""
        return self._lanes.read(text, pairs)

    def decide(
        self,
        reading: Reading,
        leaning: Leaning | None = None,
        *,
        placed: bool = False,
        naming: Naming = Naming.VAGUE,
    ) -> LaneDecision:
        """`leaning` is what the weights say: it speaks where no rule does, and outweighs one only by a long lead.
        `placed`: the text names a place.
        """
        fired = self._lanes.first(reading)
        words: tuple[Found, ...] = ()
        few = len(reading.text) <= self._settings.few
        near = few or naming is Naming.NEAR_DANGER
        if fired is not None and not self._outweighed(fired[0], reading, leaning, near=near):
            lane, name, words = Lane(fired[0].lane), fired[0].name, fired[1]
        elif leaning is not None:
            lane, name = self._leant(leaning, naming, few=few)
        else:  # who says nothing but where he is begins to tell a matter
            lane, name = (Lane.PETITION if placed else Lane.CHAT), ""
        kind = self._kinds.first(reading)
        label = Kind.REPORT if lane is Lane.ACCUSATION else Kind(kind[0].lane) if kind else Kind.HELP
        return LaneDecision(lane, name, words, self._settings.labels[label])

    def _leant(self, leaning: Leaning, naming: Naming, *, few: bool) -> tuple[Lane, str]:
        """The lane and its subject where no rule speaks. Who clearly names a matter is not chatting, and if it is one
        far from danger, it takes more than a hint of danger.
        """
        settings, lane = self._settings, leaning.lane
        least = settings.leads.get(lane, NEVER)
        if naming is Naming.CLEAR and not few:
            least = settings.named.get(lane, least)
        if leaning.score >= settings.floors.get(lane, -inf) and leaning.lead > least:
            return lane, leaning.subject
        matter = naming is not Naming.VAGUE or leaning.matter > settings.matter_lead
        return (Lane.PETITION if matter else Lane.CHAT), ""

    def _outweighed(self, rule: Rule, reading: Reading, leaning: Leaning | None, *, near: bool) -> bool:
        """Whether the weights set a rule aside; never where nothing but its words is said."""
        lane = Lane(rule.lane)
        least = self._settings.outweigh.get(lane, NEVER)
        if near:
            least = self._settings.surely.get(lane, least)
        if leaning is None or leaning.against(lane) <= least:
            return False
        return reading.uncovered((*rule.all, *rule.some, *rule.cover), enough=0) > 0
