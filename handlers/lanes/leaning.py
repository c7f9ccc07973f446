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
    """Reads the scores of a table whose lanes are these: lanes, and subjects as `lane/subject`."""

    def __init__(self, names: Sequence[str]) -> None:
        """Raises `ValueError` where the names cannot be read so."""
        if names:
            _refuse(names)
        self._lanes = tuple(Lane(name) for name in names if "/" not in name)
        self._subjects: dict[Lane, list[tuple[int, str]]] = {}
        for position, name in enumerate(names):
            lane, _, subject = name.partition("/")
            if subject:
                self._subjects.setdefault(Lane(lane), []).append((position, subject))
        self._others = tuple(lane for lane in self._lanes if lane is not Lane.PETITION)

    def of(self, scores: Sequence[float]) -> Leaning:
        """`scores` in the order of the names; the lanes come before their subjects."""
        lanes = dict(zip(self._lanes, scores, strict=False))
        lane = max(self._others, key=lanes.__getitem__)
        subjects = self._subjects.get(lane)
        subject = max(subjects, key=lambda each: scores[each[0]])[1] if subjects else ""
        matter = lanes.get(Lane.PETITION, 0.0)
        return Leaning(lane, lanes[lane] - matter, matter - lanes.get(Lane.CHAT, 0.0), subject, lanes)


def _refuse(names: Sequence[str]) -> None:
    lanes = [name for name in names if "/" not in name]
    for name in names:
        if name.partition("/")[0] not in set(Lane):
            raise ValueError(f"{name} is no lane")
    if (
        len(lanes) < 2
        or Lane.PETITION not in lanes
        or len(set(names)) < len(names)
        or lanes != [*names[: len(lanes)]]
    ):
        raise ValueError(
            "the lanes must be listed each once, petition and another among them, before their subjects"
        )
