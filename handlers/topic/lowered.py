"""What a county takes back of learnt words: all that the weights say for a leaf in this text, or a part of it."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handlers.lanes.leaning import Leaning
from handlers.topic.listed import Finding, Lowered
from handlers.topic.table import Sum, Table
from handlers.topic.tokens import Cut

MOST_READ = 150  # tokens that are looked through for what they say


class Learnt(NamedTuple):
    """What the weights say of which text: of the categories, if anything, and of the lane."""

    told: Sum | None
    leaning: Leaning | None
    text: str = ""
    pairs: Sequence[str] = ()
    cut: Cut | None = None

    @property
    def tokens(self) -> Sequence[str]:
        """The first of the text."""
        return self.cut.first(MOST_READ) if self.cut else ()


def taken_back(words: Iterable[Lowered], table: Table | None, learnt: Learnt) -> list[Finding]:
    """A finding that weighs less than nothing, for every lowered word that stands in the text and speaks for its leaf.

    A token counts where the word stands over it, with the pieces in it.
    """
    if table is None or learnt.told is None:
        return []
    found: list[Finding] = []
    for one in words:
        spans = [each.span() for each in re.finditer(re.escape(one.word), learnt.text)]
        if not spans or one.leaf not in table.positions:
            continue
        said = table.weights(learnt.tokens, one.leaf, learnt.told, learnt.text, learnt.pairs)
        for first, last in spans:
            weight = sum(weight for start, end, weight in said if start < last and first < end)
            if weight > 0:
                found.append(Finding(one.leaf, -one.share * weight, first, last))
    return found
