"""The lane of a message: danger before anything else, a matter where nothing else speaks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, Self

from handlers.lanes.answer import Answers
from handlers.lanes.lane import Kind, Lane, LaneDecision, Satisfaction
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


class Readable(Protocol):
    """What the lanes need of a normalised text."""

    @property
    def text(self) -> str: ...


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

    def decide(self, text: Readable, candidates: Sequence[tuple[str, float]] = ()) -> LaneDecision:
        """`candidates` are leaves with their scores, best first; they tell a matter from a greeting."""
        topic = candidates[0][1] if candidates else 0.0
        reading = self._lanes.read(text.text, topic)
        fired = self._lanes.first(reading)
        kind = self._kinds.first(reading)
        label = self._settings.labels[Kind(kind[0].lane) if kind else Kind.HELP]
        if fired is None:
            lane = Lane.PETITION if topic >= self._settings.matter_from else Lane.CHAT
            return LaneDecision(lane, "", (), label)
        rule, words = fired
        lane = Lane(rule.lane)
        return LaneDecision(
            lane, rule.name, words, self._settings.labels[Kind.REPORT] if lane is Lane.ACCUSATION else label
        )
