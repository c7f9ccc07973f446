"""Learns the weights that stand behind the listed words of the shipped rule set. Needs the extra `learn`.

A message that holds none of the listed words mostly holds a part of one, or of somebody's example. So every leaf's
words and example sentences are read in pieces of one and two characters; what a piece says is added to what the
words say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh
from pathlib import Path
from typing import Any

import numpy as np

from handlers.topic.data import table_of
from handlers.topic.errors import RuleSetError
from handlers.topic.features import piece_entries
from handlers.topic.learning import Learnt, Matrix, bayes, block_of, vectors
from handlers.topic.ruleset import RuleSet

TOLD = 3  # so many listed words weigh as much as one example sentence
LEAST_PIECE = 2
SHARE = 2.0  # how far learnt scores spread: about as far as those of one or two listed words
ASKED = 0.20  # of messages like the examples are asked back
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence somebody wrote as an example of a leaf."""

    text: str
    leaf: str


def wordings_of(folder: Path, leaves: Sequence[str]) -> list[Wording]:
    """Every `leaf = ["sentence", …]` of the folder's files."""
    wordings: list[Wording] = []
    for file in sorted(folder.glob("*.toml")):
        entry = table_of(file)
        for leaf in entry.value:
            if leaf not in leaves:
                raise RuleSetError(file, 0, f"{leaf} is no leaf of categories.toml")
            wordings += [Wording(text, leaf) for text in entry.texts(leaf)]
    return wordings


class Backing:
    """The example sentences and listed words of a rule set, as numbers."""

    def __init__(self, rules: RuleSet, wordings: Sequence[Wording]) -> None:
        self.leaves = tuple(rules.categories.leaves)
        self._listed = rules.listed
        numbers = {leaf: number for number, leaf in enumerate(self.leaves)}
        self._texts = [rules.normaliser.read(wording.text).text for wording in wordings]
        told = [(text, numbers[wording.leaf]) for text, wording in zip(self._texts, wordings, strict=True)]
        words = [(word.word, numbers[word.leaf]) for word in rules.listed.words]
        self._wanted = np.array([leaf for _, leaf in told + words])
        self._block = block_of((piece_entries(text) for text, _ in told + words), LEAST_PIECE)
        self._examples = len(told)

    def learnt(self) -> Learnt:
        """The table, and the margin under which `ASKED` of the examples would be asked back, tried on unseen ones."""
        scores, spread = self._unseen()
        words = self._by_words()
        best = np.sort(words + scores * SHARE / spread, axis=1)
        gaps = best[:, -1] - best[:, -2]
        right = (words + scores * SHARE / spread).argmax(axis=1) == self._wanted[: self._examples]
        least = max(float(np.quantile(gaps, ASKED)), 1e-3)
        sure = gaps >= least
        rows = np.arange(len(self._wanted))
        weights, rarity = self._weights(rows)
        weights = weights * SHARE / spread
        pieces = {
            entry: [*(weights[:, column] * rare), rare**2]
            for column, (entry, rare) in enumerate(zip(self._block.entries, rarity, strict=True))
        }
        scale = least / (2 * atanh(0.5))
        figures = float(right.mean()), float(sure.mean()), float(right[sure].mean())
        return Learnt(self.leaves, {}, pieces, 1.0, 0.5, scale, self._examples, *figures)

    def _weights(self, rows: Matrix) -> tuple[Matrix, Matrix]:
        """Learnt from these rows, an example as often as `TOLD` words. A leaf that a piece says nothing of gets 0."""
        rows = np.concatenate([np.repeat(rows[rows < self._examples], TOLD), rows[rows >= self._examples]])
        rarity = self._block.rarity(rows)
        matrix = self._block.weighed(rarity)[rows].tocsr()
        readings = [reading(matrix, self._wanted[rows], len(self.leaves)) for reading in (bayes, vectors)]
        spreads = [float(np.std(matrix @ (reading - reading.mean(axis=0)).T)) for reading in readings]
        blended = sum(reading / spread for reading, spread in zip(readings, spreads, strict=True)) / len(
            readings
        )
        return blended - np.median(blended, axis=0), rarity

    def _unseen(self) -> tuple[Matrix, float]:
        """What each example scores for each leaf by weights learnt without it."""
        scores: Any = np.zeros((self._examples, len(self.leaves)))
        rows = np.arange(len(self._wanted))
        for fold in range(FOLDS):
            held = rows[: self._examples][rows[: self._examples] % FOLDS == fold]
            weights, rarity = self._weights(np.setdiff1d(rows, held))
            scores[held] = self._block.weighed(rarity)[held] @ weights.T
        return scores, float(np.std(scores))

    def _by_words(self) -> Matrix:
        numbers = {leaf: number for number, leaf in enumerate(self.leaves)}
        scores: Any = np.zeros((self._examples, len(self.leaves)))
        for row, text in enumerate(self._texts):
            for finding in self._listed.find(text):
                scores[row, numbers[finding.leaf]] += finding.weight
        return scores
