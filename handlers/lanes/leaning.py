"""What the learnt weights say of the lane: where no rule speaks, and when they outweigh a rule."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from handlers.lanes.lane import Lane


class Leaning(NamedTuple):
    """The lane the weights lean to if it is no matter, how far it leads the reading as a matter, which of its subjects.

    `score` is its own. `lead` is below nothing where a matter is likelier; `matter` is how far that lies before chat.
    `points`, each worth `scale`, are those of all `parts`.
    """

    lane: Lane
    score: float
    lead: float
    matter: float
    subject: str
    points: Sequence[float]
    scale: float
    parts: Mapping[Lane, slice]

    def against(self, lane: Lane) -> float:
        """How far the likeliest lane of all lies before this one."""
        part = self.parts.get(lane)
        own = max(self.points[part]) if part else 0
        return max(self.points) * self.scale - own * self.scale


class Leanings:
    """Reads the scores of a table whose columns are lanes or parts of lanes: `urge`, `emergency/fire`, `petition/03`.

    A lane is as likely as the likeliest of its parts.
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Raises `ValueError` where the names cannot be read so."""
        if names:
            _refuse(names)
        self._parts: dict[Lane, slice] = {}
        columns = [name.partition("/") for name in names]
        for position, (name, _, _) in enumerate(columns):
            lane = Lane(name)
            first = self._parts[lane].start if lane in self._parts else position
            self._parts[lane] = slice(first, position + 1)
        self._matter = self._parts.get(Lane.PETITION, slice(0, 0))
        self._chat = self._parts.get(Lane.CHAT, slice(0, 0))
        self._others = [(Lane(name), told) for name, _, told in columns if name != Lane.PETITION]

    def of(self, points: Sequence[float], scale: float) -> Leaning:
        """`points` in the order of the names, each worth `scale`."""
        others = (*points[: self._matter.start], *points[self._matter.stop :])
        likeliest = max(others)
        lane, subject = self._others[others.index(likeliest)]
        if others.count(likeliest) > 1:
            alike = zip(others, self._others, strict=True)
            subject = max(one[1] for point, one in alike if point == likeliest and one[0] is lane)
        score, matter = likeliest * scale, max(points[self._matter]) * scale
        chat = max(points[self._chat], default=0) * scale
        return Leaning(lane, score, score - matter, matter - chat, subject, points, scale, self._parts)


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
