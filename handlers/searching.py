"""Found again by words: only those a clerk may read, masked, and only as keyed hashes.

Written when the telling is over and with every later text, in the transaction that does it: never on the way of a
villager's message to its reply.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.county import County
from handlers.officer.mask import masked
from handlers.petition.saying import known_as, said_in
from models.base import Session
from models.found_word import alike, put, with_words, words_of
from models.petition import Petition, first_since

ALIKE = timedelta(days=14)
LEAST_SHARED = 0.5  # of the words of the shorter one
CANDIDATES = 30


class Alike(NamedTuple):
    """A matter that may be the same one, and which part of its words it shares, 0-1."""

    petition: Petition
    part: float


def note_words(session: Session, county: County, petition: Petition) -> None:
    """The matter is found by what was said in it and is kept."""
    name = known_as(session, county, petition).name
    said = masked("\n".join(said_in(session, county, petition)), [name])
    put(session, petition, hashes(county, county.reader.findable(said)))


def hashes(county: County, words: Iterable[str]) -> set[int]:
    """60 bits each: among a million words two are the same once in a million counties."""
    return {int(county.keys.lookup("word", word)[:15], 16) for word in words}


def looked_up(
    session: Session, county: County, text: str, before: int | None, limit: int
) -> list[int] | None:
    """Ids of matters that hold every word of `text`, the newest first; None where it holds no word to look for."""
    words = hashes(county, county.reader.asked_for(text))
    return with_words(session, words, before, limit) if words else None


def near(session: Session, petition: Petition, at: datetime) -> list[Alike]:
    """Matters of these days that share at least half of their words, the most alike first; anybody's."""
    words = words_of(session, petition.identity)
    since = first_since(session, at - ALIKE)
    if not words or since is None:
        return []
    found = []
    for identity, shared in alike(session, petition.identity, words, since, CANDIDATES):
        part = shared / min(len(words), max(1, len(words_of(session, identity))))
        other = session.get(Petition, identity)
        if other is not None and part >= LEAST_SHARED:
            found.append(Alike(other, min(part, 1.0)))
    return found
