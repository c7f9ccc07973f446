"""Why a message was read as it was: worked out when somebody asks. A receipt, a greeting, a word to a matter that is
under way never do.
"""

from collections.abc import Iterable, Sequence

from handlers.lanes.lane import Found
from handlers.topic.explain import MOST_WORDS, Explanation
from handlers.topic.listed import Finding
from handlers.topic.lowered import MOST_READ, Learnt
from handlers.topic.normalise import NormalisedText
from handlers.topic.table import Table
from handlers.topic.word import Word

LEAST_SHOWN = 0.3  # of a score: learnt words that weigh less are not told
LEAST_QUOTED = 1.0  # the same of those quoted as the reason: a name may weigh a little, and is none


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
        table, learnt, best = self._table, self._learnt, self._best
        if table is not None and learnt.told is not None and best is not None:
            told = table.weights(learnt.tokens, best, learnt.told, learnt.text, learnt.pairs)
            if not said and all(weight <= LEAST_SHOWN for *_, weight in told):  # no word, but parts of some
                halves = _halved(learnt.text[:MOST_READ])
                told = table.weights(halves, best, learnt.told, learnt.text, learnt.pairs)
            said += [(start, end, best, weight) for start, end, weight in told if weight > LEAST_SHOWN]
        original = self._normal.original
        if self._normal.starts:
            spans = self._normal.span
            said = [(*spans(start, end), leaf, weight) for start, end, leaf, weight in said]
        words = [
            Word(original[start:end], (start, end), leaf, round(weight, 3))
            for start, end, leaf, weight in said
        ]
        words.sort(key=lambda word: (word.category != best, -word.weight))
        return tuple(words)


def _halved(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(0, len(text), 2)]


def _telling(words: tuple[Word, ...], best: str | None) -> list[str]:
    """The strongest words for the decision, none within another, in the order they stand."""
    chosen: list[Word] = []
    back = [word for word in words if word.weight < 0 and word.category == best]  # a county does not go by it
    for word in words:  # the strongest first, and those for the decision before others
        if word.category != best or word.weight < LEAST_QUOTED or len(chosen) == MOST_WORDS:
            break
        if all(word.at[0] >= other.at[1] or other.at[0] >= word.at[1] for other in (*chosen, *back)):
            chosen.append(word)
    return [word.word for word in sorted(chosen, key=lambda word: word.at)]


def _quoted(normal: NormalisedText, words: Iterable[Found]) -> list[str]:
    """The words a lane's rule rests on, none over another, in the order they stand."""
    quoted: list[str] = []
    end = 0
    for found in sorted(words, key=lambda found: (found.start, -found.end)):
        if found.start >= end:
            quoted.append(normal.quoted(found.start, found.end))
            end = found.end
    return quoted
