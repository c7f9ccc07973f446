"""How like one short text is to many others: the cosine of weighted terms, found through an inverted index."""

from collections.abc import Mapping
from math import sqrt


class Likeness:
    """Texts by key; several texts of one key count by the likest. Frozen after `add`."""

    def __init__(self, texts: list[tuple[str, Mapping[str, float]]]) -> None:
        self._keys = [key for key, _ in texts]
        self._standing: dict[str, list[tuple[int, float]]] = {}
        for at, (_, terms) in enumerate(texts):
            for term, weight in _unit(terms).items():
                self._standing.setdefault(term, []).append((at, weight))

    def to(self, terms: Mapping[str, float]) -> dict[str, float]:
        """Between 0 and 1 for each key that shares a term."""
        shared: dict[int, float] = {}
        for term, weight in _unit(terms).items():
            for at, own in self._standing.get(term, ()):
                shared[at] = shared.get(at, 0.0) + weight * own
        likest: dict[str, float] = {}
        for at, value in shared.items():
            key = self._keys[at]
            likest[key] = max(likest.get(key, 0.0), value)
        return likest


def _unit(terms: Mapping[str, float]) -> dict[str, float]:
    """The same of length one; terms that speak against are left out."""
    length = sqrt(sum(weight * weight for weight in terms.values() if weight > 0))
    return {term: weight / length for term, weight in terms.items() if weight > 0} if length else {}
