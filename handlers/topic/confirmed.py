"""From counts of confirmed matters to a rule set beside the one in use, for a person to replay and to publish.

A word's weight is the logarithm of how much likelier it stands in a leaf's matters than in all others, both smoothed
by its share of all matters (Monroe, Colaresi and Quinn 2008, "Fightin' Words", with the shares as prior). Its standard
error says what is chance.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from math import log, sqrt
from pathlib import Path
from typing import NamedTuple

from handlers.topic.data import read, table_of
from handlers.topic.errors import RuleSetError
from handlers.topic.folder import quoted, replaced
from handlers.topic.manifest import Manifest
from handlers.topic.ruleset import READ, SHIPPED, RuleSet, part_of
from models.word_count import MATTERS, Total

LEAST_MATTERS = 5  # of a leaf that hold the word
LEAST_ERRORS = 3.0  # standard errors above chance; thousands of words are looked at
MOST_WEIGHT = 3.0
PRIOR = 5.0  # matters that the smoothing counts for
MARK = "# Written by `lianxin learn --confirmed`."
LEARNT = "topics/99.toml"


class Learnt(NamedTuple):
    leaf: str
    word: str
    weight: float
    matters: int


def weigh(counts: Iterable[Total]) -> list[Learnt]:
    """The words that clearly speak for a leaf, by leaf and then the strongest first."""
    of_leaf: dict[str, int] = defaultdict(int)
    of_word: dict[str, int] = defaultdict(int)
    pairs: list[Total] = []
    for row in counts:
        if row.word == MATTERS:
            of_leaf[row.leaf] += row.matters
        else:
            of_word[row.word] += row.matters
            pairs.append(row)
    every = sum(of_leaf.values())
    learnt = []
    for leaf, word, matters in pairs:
        if matters >= LEAST_MATTERS:
            share = (of_word[word] + 0.5) / (every + 1)
            elsewhere = of_word[word] - matters, every - of_leaf[leaf]
            lead, error = _lead((matters, of_leaf[leaf]), elsewhere, share)
            if lead > LEAST_ERRORS * error:
                learnt.append(Learnt(leaf, word, min(round(lead, 1), MOST_WEIGHT), matters))
    return sorted(learnt, key=lambda one: (one.leaf, -one.weight, -one.matters, one.word))


def _lead(here: tuple[int, int], elsewhere: tuple[int, int], share: float) -> tuple[float, float]:
    """The difference of two smoothed log-odds, each of (matters with the word, all matters), and its error."""
    odds, error = [], 0.0
    for having, of in (here, elsewhere):
        yes, no = having + PRIOR * share, of - having + PRIOR * (1 - share)
        odds.append(log(yes / no))
        error += 1 / yes + 1 / no
    return odds[0] - odds[1], sqrt(error)


def propose(counts: Iterable[Total], running: Path | None, rules: Path, *, owner: str, at: datetime) -> str:
    """Writes the folder `rules`: the set in use and the learnt words. Returns in one line what it holds.

    Raises RuleSetError where `rules` is not ours to write, ValueError where there is nothing to learn.
    """
    source = running or SHIPPED
    refuse_not_ours(rules, source)
    rows = list(counts)
    matters = sum(row.matters for row in rows if row.word == MATTERS)
    with replaced(rules) as fresh:
        _copy(source, fresh)
        manifest = Manifest.load(source / "manifest.toml")
        _write_manifest(fresh, manifest, "not learnt yet", owner, at)
        words = _new(weigh(rows), RuleSet.load(fresh))
        if not words:
            raise ValueError(
                f"{matters} confirmed matters, and no word that clearly says more than the rules"
            )
        leaves = len({word.leaf for word in words})
        told = f"{len(words)} words for {leaves} leaves, learnt from {matters} confirmed matters"
        _write_manifest(fresh, manifest, told, owner, at)
        (fresh / LEARNT).parent.mkdir(exist_ok=True)
        (fresh / LEARNT).write_text("\n".join(_listed(words)), "utf-8")
        RuleSet.load(fresh)
    return told


def refuse_not_ours(rules: Path, source: Path) -> None:
    """Only what this wrote is written again, and never what is in use."""
    if rules.resolve() == source.resolve():
        raise RuleSetError(
            rules, 0, "is the rule set in use; the new one goes beside it, to be replayed first"
        )
    if not rules.exists():
        return
    if not rules.is_dir():
        raise RuleSetError(rules, 0, "is no folder")
    manifest = rules / "manifest.toml"
    if any(rules.iterdir()) and not (manifest.is_file() and read(manifest).startswith(MARK)):
        raise RuleSetError(
            rules, 0, "holds what `lianxin learn --confirmed` did not write, and is left alone"
        )


def _copy(source: Path, fresh: Path) -> None:
    """Everything the set in use does not take from the shipped one; the listed words in any case."""
    topics = part_of(source, "topics")
    files = {Path("topics", file.name): file for file in topics.glob("*.toml")}
    if source != SHIPPED:
        files |= {file.relative_to(source): file for pattern in READ for file in source.glob(pattern)}
    for name, file in files.items():
        if name.as_posix() == LEARNT:
            if not read(file).startswith(MARK):
                raise RuleSetError(file, 1, "is not learnt from counts; give it another name to keep it")
        elif name.as_posix() != "manifest.toml":
            (fresh / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(file, fresh / name)


def _new(words: list[Learnt], rules: RuleSet) -> list[Learnt]:
    """Without what is listed already, leaves that are no more, and what a normalised text cannot hold."""
    known = {(listed.leaf, listed.word) for listed in rules.listed.words}
    plain = rules.normaliser.read
    return [
        one
        for one in words
        if one.leaf in rules.categories.leaves
        and (one.leaf, one.word) not in known
        and plain(one.word).text == one.word
        and one.word in plain(_test(one.word)).text
    ]


def _test(word: str) -> str:
    return table_of(SHIPPED / "learnt.toml").text("test").replace("{word}", word)


def _listed(words: list[Learnt]) -> Iterator[str]:
    yield f"{MARK} The next run writes it anew."
    for one in words:
        yield f"\n# {one.matters} matters\n[[word]]"
        yield f"leaf = {quoted(one.leaf)}\nword = {quoted(one.word)}\nweight = {one.weight}"
        yield f"test = {quoted(_test(one.word))}"
    yield ""


def _write_manifest(fresh: Path, manifest: Manifest, reason: str, owner: str, at: datetime) -> None:
    """When it is sure enough to decide stays as it is in the set in use."""
    day = at.date().isoformat()
    fields = {"version": f"{manifest.version}+{day}", "owner": owner, "reason": reason, "made_on": day}
    lines = [MARK, *(f"{key} = {quoted(value)}" for key, value in fields.items()), "", "[decide]"]
    lines += [f"{key} = {getattr(manifest, key)}" for key in ("floor", "margin", "scale")]
    (fresh / "manifest.toml").write_text("\n".join([*lines, ""]), "utf-8")
