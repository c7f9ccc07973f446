"""Learns a rule set from work orders that people have confirmed: a table of weights, and when it is sure enough.

Three linear readings of the same entries are added up: complement naive Bayes, a support vector machine, and one over
log-count ratios. Each errs elsewhere; their sum is one table again. Needs the extra `learn` (scikit-learn).
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import atanh
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from handlers.topic.examples import Example
from handlers.topic.features import TIMES, piece_entries, word_entries
from handlers.topic.table import STEADY

Matrix = Any  # a sparse matrix or an array: neither library is typed here

LEAST_WORD = 2  # texts that an entry must stand in
LEAST_PIECE = 6  # at most; in fewer than so many thousand examples, less
FOLDS = 4
TYPED = 3.0  # what a text that is like a message counts for beside an opening or a whole page
SMOOTH = 0.3  # texts of every category in which every entry is thought to stand besides
MANY = 2_000_000  # examples times categories beyond which the third reading takes too long
DECIDED_RIGHT = 0.96  # of what is decided at once
DECIDED = 0.67  # of short texts is decided at once all the same, if
STILL_RIGHT = 0.90  # of it is right
FLOOR = 1.5  # the score that all but FLOOR_SHARE of the short texts reach, by choice of the scale
FLOOR_SHARE = 0.03
ASKING = 0.5  # the margin under which the bot asks, by choice of the scale


@dataclass(frozen=True, slots=True)
class Learnt:
    """What each entry weighs for each category and lane, and its measure last. The figures are cross-validated."""

    categories: tuple[str, ...]
    lanes: tuple[str, ...]
    words: dict[str, list[float]]
    pieces: dict[str, list[float]]
    classes: dict[str, list[float]]
    floor: float
    margin: float
    scale: float
    tested: int
    right: float
    decided: float
    decided_right: float


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of entries, and how often each stands in each example."""

    entries: list[str]
    counts: Matrix

    def rarity(self, rows: Matrix) -> Matrix:
        """What an entry counts for: the fewer of `rows` it stands in, the more."""
        seen = np.bincount(self.counts[rows].indices, minlength=len(self.entries))
        rarity = np.log((1 + len(rows)) / (1 + seen)) + 1
        rarity[seen == 0] = 0
        return rarity


def joined(blocks: Sequence[Block], rarities: Sequence[Matrix]) -> Matrix:
    """Every example's entries of all blocks, each by its rarity, divided by how much that is in all."""
    measure = sum(block.counts @ rarity**2 for block, rarity in zip(blocks, rarities, strict=True))
    weighed = [block.counts @ sparse.diags(rarity) for block, rarity in zip(blocks, rarities, strict=True)]
    return (sparse.diags(1 / np.sqrt(measure + STEADY)) @ sparse.hstack(weighed)).tocsr()


def learn(examples: Iterable[Example], tell: Callable[[str], None]) -> Learnt:
    """`tell` hears of progress. Raises `ValueError` where there is nothing to tell apart."""
    kept = list(examples)
    categories = tuple(sorted({example.category for example in kept}))
    if len(categories) < 2:
        raise ValueError(f"{len(categories)} category in {len(kept)} texts: there is nothing to tell apart")
    numbers = {category: number for number, category in enumerate(categories)}
    wanted = np.array([numbers[example.category] for example in kept])
    often = _often(kept)
    tell(f"{len(kept)} examples, {len(categories)} categories: reading")
    blocks = (
        block_of((word_entries(example.tokens) for example in kept), LEAST_WORD),
        block_of((piece_entries(example.text) for example in kept), min(LEAST_PIECE, 2 + len(kept) // 1000)),
    )
    if not any(block.entries for block in blocks):
        raise ValueError("no word stands in two texts: there is nothing to learn from")
    tested = _tested(kept)
    spread, scores = _cross_validated(blocks, kept, wanted, often, tested, tell)
    tell("learning")
    everything = np.arange(len(kept))
    rarities = [block.rarity(everything) for block in blocks]
    matrix = joined(blocks, rarities)
    weights = _blended(readings_of(matrix, wanted, len(categories), often), spread)
    best = np.sort(scores, axis=1)
    size = FLOOR / max(float(np.quantile(best[:, -1], FLOOR_SHARE)), 0.05)
    gaps, right = (best[:, -1] - best[:, -2]) * size, scores.argmax(axis=1) == wanted[tested]
    least, decided, decided_right = _asking(gaps, right)
    split = len(blocks[0].entries)
    words, pieces = (
        {
            entry: [*(weights[:, column] * size * rare), rare**2]
            for column, (entry, rare) in enumerate(zip(block.entries, rarity, strict=True), start)
        }
        for block, rarity, start in zip(blocks, rarities, (0, split), strict=True)
    )
    scale = least / (2 * atanh(ASKING))
    return Learnt(
        categories,
        (),
        words,
        pieces,
        {},
        FLOOR,
        ASKING,
        scale,
        len(tested),
        float(right.mean()),
        decided,
        decided_right,
    )


def block_of(entries: Iterable[Iterable[str]], least: int) -> Block:
    numbers: dict[str, int] = {}
    starts, columns, values = array("q", [0]), array("i"), array("f")
    gains = [sum(TIMES[: times + 1]) / TIMES[0] for times in range(len(TIMES))]
    for counted in map(Counter, entries):
        for entry, times in counted.items():
            columns.append(numbers.setdefault(entry, len(numbers)))
            values.append(gains[min(times, len(gains)) - 1])
        starts.append(len(columns))
    shape = (len(starts) - 1, len(numbers))
    counts = sparse.csr_matrix((np.asarray(values), np.asarray(columns), np.asarray(starts)), shape=shape)
    seen = np.bincount(counts.indices, minlength=len(numbers))
    chosen = np.flatnonzero(seen >= least)
    names = list(numbers)
    return Block([names[column] for column in chosen], counts[:, chosen].astype(float))


def _tested(examples: Sequence[Example]) -> Matrix:
    """The examples that are like messages; where there are few, all that are not whole pages."""
    typed = [number for number, example in enumerate(examples) if example.typed]
    if len(typed) < 200:
        sizes = {example.source: len(example.text) for example in reversed(examples)}
        typed = [
            n
            for n, example in enumerate(examples)
            if example.typed or len(example.text) < sizes[example.source]
        ]
    return np.array(typed or range(len(examples)))


def _often(examples: Sequence[Example]) -> Matrix:
    """How many times each example counts; once, where all are alike."""
    typed = [example.typed for example in examples]
    return np.where(typed, 1.0 if all(typed) else TYPED, 1.0)


def _cross_validated(
    blocks: Sequence[Block],
    examples: Sequence[Example],
    wanted: Matrix,
    often: Matrix,
    tested: Matrix,
    tell: Callable[[str], None],
) -> tuple[list[float], Matrix]:
    """How far each reading's scores spread on texts it has not seen, and the blended scores of those."""
    count = int(wanted.max()) + 1
    sources = np.array([example.source for example in examples])
    folds = sources % FOLDS
    found: list[Matrix] = []
    for fold in range(FOLDS):
        tell(f"trying out {fold + 1} of {FOLDS}")
        rows = np.flatnonzero(folds != fold)
        asked = tested[folds[tested] == fold]
        if not len(asked) or len(np.unique(wanted[rows])) < 2:
            continue
        matrix = joined(blocks, [block.rarity(rows) for block in blocks])
        readings = readings_of(matrix[rows], wanted[rows], count, often[rows])
        found.append((asked, [matrix[asked] @ reading.T for reading in readings]))
    if not found:
        raise ValueError("too few texts to try the categories out: some of each are needed")
    spread = [
        max(float(np.std(np.concatenate([scores[position] for _, scores in found]))), 1e-9)
        for position in range(len(found[0][1]))
    ]
    blended = np.zeros((len(wanted), count))
    for asked, scores in found:
        blended[asked] = sum(score / width for score, width in zip(scores, spread, strict=True)) / len(spread)
    return spread, blended[tested]


def readings_of(matrix: Matrix, wanted: Matrix, count: int, often: Matrix) -> list[Matrix]:
    """Each an array of weights, categories by entries, whose sum over categories is nothing."""
    readings = [bayes(matrix, wanted, count, often), vectors(matrix, wanted, count, often)]
    if matrix.shape[0] * count <= MANY:
        readings.append(_ratios(matrix, wanted, count, often))
    return [reading - reading.mean(axis=0) for reading in readings]


def _blended(readings: Sequence[Matrix], spread: Sequence[float]) -> Matrix:
    return sum(reading / width for reading, width in zip(readings, spread, strict=True)) / len(spread)


def _sums(matrix: Matrix, wanted: Matrix, count: int, often: Matrix) -> Matrix:
    member = sparse.csr_matrix((often, (wanted, np.arange(len(wanted)))), shape=(count, len(wanted)))
    return np.asarray((member @ matrix).todense())


def bayes(matrix: Matrix, wanted: Matrix, count: int, often: Matrix) -> Matrix:
    """Complement naive Bayes: how much seldomer an entry stands in all other categories."""
    sums = _sums(matrix, wanted, count, often)
    others = sums.sum(axis=0) - sums + SMOOTH
    return -np.log(others / others.sum(axis=1, keepdims=True))


def _machine(matrix: Matrix, wanted: Matrix, strength: float, often: Matrix) -> LinearSVC:
    machine = LinearSVC(C=strength, class_weight="balanced", tol=0.02, fit_intercept=False, random_state=0)
    return machine.fit(matrix, wanted, sample_weight=often)


def vectors(matrix: Matrix, wanted: Matrix, count: int, often: Matrix) -> Matrix:
    """A linear support vector machine, one category against all others."""
    machine = _machine(matrix, wanted, 0.3, often)
    weights = np.zeros((count, matrix.shape[1]))
    if len(machine.classes_) == 2:
        weights[machine.classes_] = np.vstack([-machine.coef_, machine.coef_])
    else:
        weights[machine.classes_] = machine.coef_
    return weights


def _ratios(matrix: Matrix, wanted: Matrix, count: int, often: Matrix) -> Matrix:
    """The same over entries scaled by their log-count ratio (Wang and Manning 2012), smoothed towards the ratio."""
    sums = _sums(matrix, wanted, count, often) + 0.5
    whole = sums.sum(axis=0)
    weights = np.zeros((count, matrix.shape[1]))
    for category in np.unique(wanted):
        inside, outside = sums[category], whole - sums[category]
        ratio = np.log((inside / inside.sum()) / (outside / outside.sum()))
        scaled = (matrix @ sparse.diags(ratio)).tocsr()
        found = _machine(scaled, wanted == category, 0.5, often).coef_.ravel()
        weights[category] = (0.75 * np.abs(found).mean() + 0.25 * found) * ratio
    return weights


def _asking(gaps: Matrix, right: Matrix) -> tuple[float, float, float]:
    """The least lead of a decision, the share of texts that have it, and how many of those are right."""
    order = np.argsort(-gaps)
    so_far = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    sure = np.flatnonzero(so_far >= DECIDED_RIGHT)
    last = int(sure.max()) if len(sure) else 0
    wished = int(DECIDED * len(order)) - 1
    if wished > last and so_far[wished] >= STILL_RIGHT:
        last = wished
    return max(float(gaps[order[last]]), 1e-3), (last + 1) / len(order), float(so_far[last])
