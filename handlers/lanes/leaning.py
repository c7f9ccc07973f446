"""What the learnt weights say of the lane: where no rule speaks, and when they outweigh a rule."""

from collections.abc import Sequence
from itertools import groupby
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
        self._subjects = tuple(name.partition("/")[2] for name in names)
        self._parts: dict[Lane, slice] = {}
        for position, name in enumerate(names):
            lane = Lane(name.partition("/")[0])
            first = self._parts[lane].start if lane in self._parts else position
            self._parts[lane] = slice(first, position + 1)
        # Most lanes have one part: looking at it costs a third of looking for the likeliest.
        self._whole = {lane: part.start for lane, part in self._parts.items() if part.stop - part.start == 1}
        self._parted = {lane: part for lane, part in self._parts.items() if lane not in self._whole}
        self._other = tuple(lane for lane in self._parts if lane is not Lane.PETITION)

    def of(self, points: Sequence[float], scale: float) -> Leaning:
        """`points` in the order of the names, each worth `scale`."""
        lanes = {lane: points[at] * scale for lane, at in self._whole.items()}
        for lane, part in self._parted.items():
            lanes[lane] = max(points[part]) * scale
        matter = lanes[Lane.PETITION]
        lane = max(self._other, key=lanes.__getitem__)
        part = self._parts[lane]
        _, subject = max(zip(points[part], self._subjects[part], strict=True))
        return Leaning(lane, lanes[lane] - matter, matter - lanes.get(Lane.CHAT, 0.0), subject, lanes)


def _refuse(names: Sequence[str]) -> None:
    lanes = {name.partition("/")[0] for name in names}
    for lane in lanes:
        if lane not in set(Lane):
            raise ValueError(f"{lane} is no lane")
    if len(lanes) < 2 or Lane.PETITION not in lanes or len(set(names)) < len(names):
        raise ValueError(
            "lanes and their parts must be listed each once, petition and another lane among them"
        )
    if len([lane for lane, _ in groupby(name.partition("/")[0] for name in names)]) > len(lanes):
        raise ValueError("the parts of a lane must stand beside each other")
