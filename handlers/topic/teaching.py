"""From a sample of confirmed texts to a rule set in its folder. Needs the extra `learn`."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from handlers.topic.categories import Categories
from handlers.topic.examples import Sample, examples_of
from handlers.topic.learning import learn
from handlers.topic.normalise import Normaliser
from handlers.topic.ruleset import SHIPPED
from handlers.topic.tokens import Tokens
from handlers.topic.written import refuse_foreign, write

__all__ = ["refuse_foreign", "teach"]


def teach(
    sample: Sample, rules: Path, *, reason: str, owner: str, at: datetime, tell: Callable[[str], None]
) -> str:
    """Returns the cross-validated figures in one line. Raises `ValueError` where there is nothing to learn."""
    if not sample.good:
        raise ValueError("no usable line")
    learnt = learn(examples_of(sample, Normaliser.load(SHIPPED), Tokens()), tell)
    manifest = {
        "version": at.date().isoformat(),
        "owner": owner or "unknown",
        "reason": f"{reason}: {sample.good} lines, {sample.bad} left out",
        "made_on": at.date().isoformat(),
    }
    write(rules, learnt, manifest, Categories.load(SHIPPED / "categories.toml"))
    return (
        f"{len(learnt.categories)} categories, {len(learnt.words)} words, {len(learnt.pieces)} pieces. "
        f"Cross-validated on {learnt.tested} short texts: {learnt.right:.1%} right; "
        f"{learnt.decided:.1%} decided at once, {learnt.decided_right:.1%} of those right"
    )
