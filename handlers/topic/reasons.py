"""Why a message was read as it was: worked out when somebody asks. A receipt, a greeting, a word to a matter that is
under way never do.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from operator import itemgetter

from handlers.lanes.lane import Found
from handlers.topic.explain import MOST_WORDS, Explanation
from handlers.topic.listed import Finding
from handlers.topic.lowered import MOST_READ, Learnt
from handlers.topic.normalise import NormalisedText
from handlers.topic.table import Table
from handlers.topic.word import Word

LEAST_SHOWN = 0.3  # of a score: learnt words that weigh less are not told
LEAST_QUOTED = 1.0  # the same of those quoted as the reason: a name may weigh a little, and is none

_at = itemgetter(1)
_weight = itemgetter(3)
_word = partial(tuple.__new__, Word)  # of all four at once


class Reasons:
    """What a decision was made from. Nothing of it changes, so that whenever it is asked, it answers the same."""

    __slots__ = (
        "_ask",
        "_best",
        "_explanation",
        "_findings",
        "_heard",
        "_learnt",
        "_normal",
        "_petition",
        "_table",
        "_why",
        "_words",
    )

    def __init__(
        self,
        normal: NormalisedText,
        findings: Sequence[Finding],
        learnt: Learnt,
        table: Table | None,
        heard: Iterable[Found],
        explanation: Explanation,
        *,
        best: str | None,
        petition: bool,
        ask: bool,
    ) -> None:
        """`heard`: what a lane's rule rests on."""
        self._normal = normal
        self._findings = findings
        self._learnt = learnt
        self._table = table
        self._heard = heard
        self._explanation = explanation
        self._best = best
        self._petition = petition
        self._ask = ask
        self._words: tuple[Word, ...] | None = None
        self._why: str | None = None

    @property
    def words(self) -> tuple[Word, ...]:
        """What spoke for the best category, the strongest first; then what spoke for others."""
        if self._words is None:
            self._words = self._found()
        return self._words

    @property
    def why(self) -> str:
        """One sentence."""
        if self._why is None:
            quoted = (
                _telling(self.words, self._best) if self._petition else _quoted(self._normal, self._heard)
            )
            self._why = self._explanation.why(quoted, petition=self._petition, ask=self._ask)
        return self._why

    def _found(self) -> tuple[Word, ...]:
        said = [(start, end, leaf, weight) for leaf, weight, start, end in self._findings]
        if self._learnt.told is not None and self._best is not None:
            learnt = self._weighed(self._learnt.tokens, self._best)
            if not said and not learnt:  # no word, but parts of some
                learnt = self._weighed(_halved(self._learnt.text[:MOST_READ]), self._best)
            said += learnt
        original = self._normal.original
        if self._normal.starts:
            spans = self._normal.span
            said = [(*spans(start, end), leaf, weight) for start, end, leaf, weight in said]
        words = [
            _word((original[start:end], (start, end), leaf, round(weight, 3)))
            for start, end, leaf, weight in said
        ]
        words.sort(key=_weight, reverse=True)
        if self._findings:  # only they may speak for others
            words.sort(key=lambda word: word.category != self._best)
        return tuple(words)

    def _weighed(self, tokens: Sequence[str], best: str) -> list[tuple[int, int, str, float]]:
        """What these words, with which the text begins, say by the weights; what says little is left out."""
        table, learnt = self._table, self._learnt
        if table is None or learnt.told is None:
            return []
        said = table.weights(tokens, best, learnt.told, learnt.text, learnt.pairs)
        return [(start, end, best, weight) for start, end, weight in said if weight > LEAST_SHOWN]


def _halved(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(0, len(text), 2)]


def _telling(words: tuple[Word, ...], best: str | None) -> list[str]:
    """The strongest words for the decision, none within another, in the order they stand."""
    chosen: list[Word] = []
    # A county does not go by what it takes back.
    taken = [at for _, at, category, weight in words if weight < 0 and category == best]
    for word in words:  # the strongest first, and those for the decision before others
        _, at, category, weight = word
        if category != best or weight < LEAST_QUOTED or len(chosen) == MOST_WORDS:
            break
        for start, end in taken:
            if at[0] < end and start < at[1]:
                break
        else:
            chosen.append(word)
            taken.append(at)
    chosen.sort(key=_at)
    return [word.word for word in chosen]


def _quoted(normal: NormalisedText, words: Iterable[Found]) -> list[str]:
    """The words a lane's rule rests on, none over another, in the order they stand."""
    quoted: list[str] = []
    end = 0
    for found in sorted(words, key=lambda found: (found.start, -found.end)):
        if found.start >= end:
            quoted.append(normal.quoted(found.start, found.end))
            end = found.end
    return quoted
