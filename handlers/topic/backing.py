"""Learns the shipped weights: what every word and piece of a word says for each leaf and each lane. Needs `learn`.

A message that holds none of the listed words mostly holds a part of somebody's example. So all example sentences are
read in words of three characters and more, in pieces of one and two (a word of two is such a piece) and in the classes
of words that the lanes' rules are made of; and beside them many words that people use. What an entry says for a leaf is
learnt from matters alone. What it says for a part of a lane (`emergency/fire`, `petition/03`) is what it says for
that part against all other parts and for the lane against all other lanes: the parts know what a fire sounds like and
what a burst pipe, the lane what all danger has in common.
"""

from collections.abc import Sequence
from math import atanh
from typing import Any

import numpy as np
from sklearn.svm import LinearSVC

from handlers.topic.features import piece_entries, word_entries
from handlers.topic.learning import Learnt, Matrix, block_of, joined
from handlers.topic.ruleset import RuleSet
from handlers.topic.wordings import Wording

LEAST_SEEN = 3  # sentences that an entry must stand in
FOLDS = 5
TERM_COUNTS = 0.25  # a word, against a sentence
STRENGTH = 1.0  # how closely the machines follow the examples
SHARE = 8.0  # learnt leaf scores, so that a clear lead weighs as much as two strong listed words
KEPT_LEAVES = 4  # weights of an entry for leaves, on average; the others say next to nothing
KEPT_LANES = (
    16  # and for parts of lanes: a message has few entries, and what is no danger is told by small weights
)
WHOLE = 0.5  # what a whole lane's weights count for beside those of its parts
ASKED = 0.20  # of messages like the examples are asked back
Weights = Any  # classes by entries


class Backing:
    """Example sentences and words, as numbers."""

    def __init__(self, rules: RuleSet, wordings: Sequence[Wording], terms: Sequence[Wording]) -> None:
        self._rules = rules
        self.leaves = tuple(rules.categories.leaves)
        self._told = len(wordings)
        self._leaf = np.array([each.leaf for each in (*wordings, *terms)])
        self._lane = np.array([wording.lane for wording in wordings])
        self._part = np.array([part_of(wording) for wording in wordings])
        every = [rules.normaliser.read(each.text).text for each in (*wordings, *terms)]
        tokens = [rules.tokens.cut(text) for text in every]
        self._texts = every[: self._told]
        self._blocks = (
            block_of(([word for word in word_entries(cut) if len(word) > 2] for cut in tokens), LEAST_SEEN),
            block_of((piece_entries(text) for text in every), LEAST_SEEN),
            block_of((rules.lanes.read(text).in_order() for text in every), LEAST_SEEN),
        )

    def learnt(self) -> Learnt:
        """The table, and the lead under which `ASKED` of the matters would be asked back, tried on unseen ones."""
        scores = self._unseen()
        matters = np.flatnonzero(self._leaf[: self._told] != "")
        best = np.sort(scores[matters], axis=1)
        gaps = best[:, -1] - best[:, -2]
        right = np.array(self.leaves)[scores[matters].argmax(axis=1)] == self._leaf[matters]
        least = max(float(np.quantile(gaps, ASKED)), 1e-3)
        sure = gaps >= least
        rows = np.arange(len(self._leaf))
        rarities = [block.rarity(rows) for block in self._blocks]
        matrix = joined(self._blocks, rarities)
        lanes, lane_weights = self._of_lanes(matrix)
        rarity = np.concatenate(rarities)
        weights = np.vstack(
            [
                _strongest(self._of_leaves(matrix, rows) * rarity, KEPT_LEAVES),
                _strongest(lane_weights * rarity, KEPT_LANES),
            ]
        )
        tables: list[dict[str, list[float]]] = []
        start = 0
        for block, rarity in zip(self._blocks, rarities, strict=True):
            columns = enumerate(zip(block.entries, rarity, strict=True), start)
            tables.append({entry: [*weights[:, at], rare**2] for at, (entry, rare) in columns})
            start += len(block.entries)
        figures = float(right.mean()), float(sure.mean()), float(right[sure].mean())
        scale = least / (2 * atanh(0.5))
        return Learnt(
            self.leaves, lanes, tables[0], tables[1], tables[2], 1.0, 0.5, scale, len(matters), *figures
        )

    def _of_leaves(self, matrix: Matrix, rows: Matrix) -> Weights:
        matters = rows[self._leaf[rows] != ""]
        counts = np.where(matters < self._told, 1.0, TERM_COUNTS)
        classes, weights = _machine(matrix[matters], self._leaf[matters], counts)
        found = np.zeros((len(self.leaves), matrix.shape[1]))
        found[[self.leaves.index(leaf) for leaf in classes]] = weights
        return found * SHARE

    def _of_lanes(self, matrix: Matrix) -> tuple[tuple[str, ...], Weights]:
        """Of the parts of lanes, or the whole lane where it has none."""
        told = matrix[: self._told]
        lanes, whole = _machine(told, self._lane)
        names, weights = _machine(told, self._part)
        return tuple(names), weights + WHOLE * whole[[lanes.index(name.partition("/")[0]) for name in names]]

    def _unseen(self) -> Weights:
        """What each sentence scores for each leaf by weights learnt without it, its listed words included."""
        numbers = {leaf: number for number, leaf in enumerate(self.leaves)}
        scores: Any = np.zeros((self._told, len(self.leaves)))
        rows = np.arange(len(self._leaf))
        for fold in range(FOLDS):
            held = rows[: self._told][rows[: self._told] % FOLDS == fold]
            others = np.setdiff1d(rows, held)
            matrix = joined(self._blocks, [block.rarity(others) for block in self._blocks])
            scores[held] = matrix[held] @ self._of_leaves(matrix, others).T
        for row, text in enumerate(self._texts):
            for finding in self._rules.listed.find(text):
                scores[row, numbers[finding.leaf]] += finding.weight
        return scores


def part_of(wording: Wording) -> str:
    """What of a lane a sentence is an example of: its subject, or the category its matter belongs to."""
    part = wording.subject or wording.leaf[:2]
    return f"{wording.lane}/{part}" if part else wording.lane


def _strongest(weights: Weights, kept: int) -> Weights:
    """So many of an entry's weights that say most; an entry that is rare in general has fewer."""
    least = np.quantile(np.abs(weights), 1 - kept / len(weights))
    return np.where(np.abs(weights) < least, 0, weights)


def _machine(matrix: Matrix, wanted: Matrix, counts: Matrix = None) -> tuple[list[str], Weights]:
    """A linear support vector machine, one class against all others: the classes, and a row of weights for each."""
    balance = "balanced" if counts is None else None
    machine = LinearSVC(C=STRENGTH, class_weight=balance, tol=0.02, fit_intercept=False, random_state=0)
    machine.fit(matrix, wanted, sample_weight=counts)
    weights = machine.coef_ if len(machine.classes_) > 2 else np.vstack([-machine.coef_, machine.coef_])
    # What an entry says alike of most classes, it says of none.
    return [str(name) for name in machine.classes_], weights - np.median(weights, axis=0)
