"""Why a matter went where it is: the leaves that were weighed, and which of the villager's words weighed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from handlers.county import County
from handlers.officer.mask import masked
from handlers.petition.saying import known_as, said_in
from models.base import Session
from models.petition import Petition

MOST_WORDS = 12


@dataclass(frozen=True)
class Reasons:
    """`candidates`: leaf, its name, its score, the best first. `margin`: 0-1, how sure. `words`: as they were said."""

    candidates: tuple[tuple[str, str, float], ...]
    margin: float
    asked: bool  # too close to decide: the villager was asked
    words: tuple[str, ...]
    rules: str


def reasons(session: Session, county: County, petition: Petition, *, with_words: bool) -> Reasons:
    """`with_words`: whoever asks may read what the villager said; what is masked there is told here neither."""
    route = petition.route
    candidates = tuple(
        (leaf, county.category_name(leaf), score) for leaf, score in route.get("candidates", [])
    )
    said = " ".join(said_in(session, county, petition)) if with_words else ""  # as it was read when sorted
    spans = sorted(route.get("words", []), key=lambda span: -span[3])
    shown = masked(said, [known_as(session, county, petition).name]) if said else ""
    words = dict.fromkeys(
        word for start, end, _, _ in spans if (word := said[start:end].strip()) and word in shown
    )
    return Reasons(
        candidates,
        route.get("margin", 0.0),
        bool(route.get("ask")),
        tuple(islice(words, MOST_WORDS)),
        petition.rules[:12],
    )


def pieces(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """A masked text cut at those of `words` that stand in it; True: it is one of them."""
    longest_first = sorted((word for word in words if word), key=len, reverse=True)
    if not longest_first:
        return [(text, False)]
    parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    return [(part, bool(index % 2)) for index, part in enumerate(parts) if part]
