"""What of a text can have a learnt weight: its words, and pieces of one or two characters.

Learning and routing read a text by these same rules, so that a weight means the same in both.
"""

import re
from collections.abc import Iterable, Iterator
from operator import add

_FOREIGN = re.compile(r"[^\u4e00-\u9fffa-z]")  # digits, signs and blanks belong to no entry

# What an entry's first, second, third … standing in a text adds, in 32nds: 1 + ln(times). Later ones add nothing.
TIMES = (32, 22, 13, 9, 7, 6, 5, 4, 4, 3, 3, 3)


def word_entries(tokens: Iterable[str]) -> Iterator[str]:
    """Words of two characters or more."""
    return (token for token in tokens if len(token) > 1 and not _FOREIGN.search(token))


def piece_entries(text: str) -> Iterator[str]:
    """Every character and every pair that no digit, sign or blank breaks."""
    for run in _FOREIGN.split(text):
        yield from run
        yield from map(add, run, run[1:])
