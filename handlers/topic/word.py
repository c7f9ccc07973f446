"""What a decision is made of: the words found and the categories they speak for."""

from typing import NamedTuple


class Word(NamedTuple):
    """A word of the message that counted: as it was written, where in the original, for which category, how much."""

    word: str
    at: tuple[int, int]
    category: str | None
    weight: float


class Candidate(NamedTuple):
    category: str
    score: float  # a sum of weights; higher is better
