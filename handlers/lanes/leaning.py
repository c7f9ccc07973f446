"""What the learnt weights say of the lane: where no rule speaks, and when they outweigh a rule."""

from collections.abc import Sequence
from typing import NamedTuple, Self

from handlers.lanes.lane import Lane


class Leaning(NamedTuple):
    """The lane the weights lean to if it is no matter, how far it leads the reading as a matter, which of its subjects.

    `lead` is below nothing where a matter is likelier; `scores` are those of all lanes.
    """

    lane: Lane
    lead: float
    subject: str
    scores: dict[Lane, float]

    @classmethod
    def of(cls, names: Sequence[str], scores: Sequence[float]) -> Self:
        """`names` are lanes, and subjects as `lane/subject`; `scores` in the same order."""
        told = dict(zip(names, scores, strict=True))
        lanes = {Lane(name): score for name, score in told.items() if "/" not in name}
        lane = max((lane for lane in lanes if lane is not Lane.PETITION), key=lanes.__getitem__)
        subjects = [name for name in names if name.startswith(f"{lane}/")]
        subject = max(subjects, key=told.__getitem__).partition("/")[2] if subjects else ""
        return cls(lane, lanes[lane] - lanes.get(Lane.PETITION, 0.0), subject, lanes)

    def against(self, lane: Lane) -> float:
        """How far the likeliest lane of all lies before this one."""
        return max(self.scores.values()) - self.scores.get(lane, 0.0)

    @property
    def matter(self) -> float:
        """How far a matter lies before chat."""
        return self.scores.get(Lane.PETITION, 0.0) - self.scores.get(Lane.CHAT, 0.0)
