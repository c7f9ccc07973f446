"""What the learnt weights say of the lane: where no rule speaks, and when they outweigh a rule."""

from collections.abc import Sequence
from typing import NamedTuple

from handlers.lanes.lane import Lane


class Leaning(NamedTuple):
    """The lane the weights lean to if it is no matter, how far it leads the reading as a matter, which of its subjects.

    `lead` is below nothing where a matter is likelier; `matter` is how far that lies before chat; `scores` are those of
    all lanes.
    """

    lane: Lane
    lead: float
    matter: float
    subject: str
    scores: dict[Lane, float]

    def against(self, lane: Lane) -> float:
        """How far the likeliest lane of all lies before this one."""
        return max(self.scores.values()) - self.scores.get(lane, 0.0)


class Leanings:
    """Reads the scores of a table whose columns are lanes or parts of lanes: `urge`, `emergency/fire`, `petition/03`.

    A lane is as likely as the likeliest of its parts.
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Raises `ValueError` where the names cannot be read so."""
        if names:
            _refuse(names)
        parts: dict[Lane, list[tuple[int, str]]] = {}
        for position, name in enumerate(names):
            lane, _, subject = name.partition("/")
            parts.setdefault(Lane(lane), []).append((position, subject))
        self._parts = tuple(parts.items())

    def of(self, scores: Sequence[float]) -> Leaning:
        """`scores` in the order of the names."""
        best = {
            lane: max([(scores[position], subject) for position, subject in parts])
            for lane, parts in self._parts
        }
        lanes = {lane: score for lane, (score, _) in best.items()}
        matter = lanes[Lane.PETITION]
        lane = max((lane for lane in lanes if lane is not Lane.PETITION), key=lanes.__getitem__)
        return Leaning(lane, lanes[lane] - matter, matter - lanes.get(Lane.CHAT, 0.0), best[lane][1], lanes)


def _refuse(names: Sequence[str]) -> None:
    lanes = {name.partition("/")[0] for name in names}
    for lane in lanes:
        if lane not in set(Lane):
            raise ValueError(f"{lane} is no lane")
    if len(lanes) < 2 or Lane.PETITION not in lanes or len(set(names)) < len(names):
        raise ValueError(
            "lanes and their parts must be listed each once, petition and another lane among them"
        )
