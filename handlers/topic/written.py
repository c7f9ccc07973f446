"""Writes a learnt rule set to its folder, whole or not at all."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from handlers.topic.categories import Categories, Category
from handlers.topic.errors import RuleSetError
from handlers.topic.folder import quoted, replaced
from handlers.topic.learning import Learnt
from handlers.topic.rows import KINDS
from handlers.topic.table import MEASURE_UNIT, UNIT, Table

FILES = ("categories.toml", "manifest.toml", "weights.tsv")
_WEIGHT = UNIT * 32
_MEASURE = MEASURE_UNIT * 32
LEAST = 4  # a weight of less than so many units is left out


def refuse_foreign(folder: Path) -> None:
    """A folder that holds anything but a learnt rule set is never replaced."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise RuleSetError(folder, 0, "is no folder")
    foreign = sorted(each.name for each in folder.iterdir() if each.name not in FILES)
    if foreign:
        raise RuleSetError(folder, 0, f"holds {foreign[0]}, so it is no learnt rule set and is left alone")


def write(folder: Path, learnt: Learnt, manifest: Mapping[str, object], shipped: Categories) -> None:
    """Beside the folder first, tried out, then put in its place; what stood there goes last."""
    refuse_foreign(folder)
    with replaced(folder) as fresh:
        (fresh / "manifest.toml").write_text("\n".join(_manifest(learnt, manifest)) + "\n", "utf-8")
        (fresh / "categories.toml").write_text("\n".join(_categories(learnt, shipped)) + "\n", "utf-8")
        with (fresh / "weights.tsv").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in weight_lines(learnt))
        Table.load(fresh / "weights.tsv", Categories.load(fresh / "categories.toml").leaves)


def _manifest(learnt: Learnt, manifest: Mapping[str, object]) -> Iterator[str]:
    yield "# Learnt by `lianxin learn`. The figures are cross-validated on the short texts it was learnt from:"
    yield f"# {learnt.tested} texts, {learnt.right:.3f} right; {learnt.decided:.3f} decided at once,"
    yield f"# {learnt.decided_right:.3f} of those right; the others are asked back."
    yield from (f"{key} = {quoted(value)}" for key, value in manifest.items())
    yield f"\n[decide]\nfloor = {learnt.floor:.4f}\nmargin = {learnt.margin:.4f}\nscale = {learnt.scale:.6f}"


def _categories(learnt: Learnt, shipped: Categories) -> Iterator[str]:
    """A leaf of the shipped tree keeps its name, tier and office; any other category is its own name."""
    ours = all(category in shipped.leaves for category in learnt.categories)
    if ours:
        for code in sorted({shipped.top_of(category) for category in learnt.categories}):
            yield f"[[top]]\ncode = {quoted(code)}\nname = {quoted(shipped.tops[code])}\n"
    for category in learnt.categories:
        leaf = shipped.leaves[category] if ours else Category(category, category, category, "")
        yield "[[leaf]]"
        for key in ("code", "name", "plain", "tier", "office", "above_village", "route"):
            if value := getattr(leaf, key):
                yield f"{key} = {quoted(value)}"
        yield ""


def weight_lines(learnt: Learnt) -> Iterator[str]:
    """The lines of `weights.tsv`."""
    yield "\t".join(learnt.categories)
    yield "\t".join(("lanes", *learnt.lanes))
    for kind, table in zip(KINDS, (learnt.words, learnt.pieces, learnt.classes), strict=True):
        for entry in sorted(table):
            *weights, measure = table[entry]
            whole = [(position, round(weight / _WEIGHT)) for position, weight in enumerate(weights)]
            told = [f"{position}:{weight}" for position, weight in whole if abs(weight) >= LEAST]
            if told:
                yield f"{kind}\t{entry}\t{round(measure / _MEASURE)}\t{' '.join(told)}"
