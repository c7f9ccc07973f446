"""Learns the shipped `weights.tsv` anew from the listed words and the example sentences; run after changing either."""

import sys
from pathlib import Path

from handlers.topic.backing import Backing, wordings_of
from handlers.topic.ruleset import SHIPPED, RuleSet
from handlers.topic.written import weight_lines


def main() -> int:
    rules = RuleSet.load()
    folders = [SHIPPED / "wordings", *map(Path, sys.argv[1:])]
    wordings = [
        wording for folder in folders for wording in wordings_of(folder, tuple(rules.categories.leaves))
    ]
    learnt = Backing(rules, wordings).learnt()
    lines = "".join(f"{line}\n" for line in weight_lines(learnt))
    (SHIPPED / "weights.tsv").write_text(lines, "utf-8", newline="\n")
    print(f"{learnt.tested} examples, cross-validated beside the listed words: {learnt.right:.3f} right;")
    print(
        f"with margin = {learnt.margin} and scale = {learnt.scale:.3f} in manifest.toml {learnt.decided:.1%}"
    )
    print(
        f"are decided at once, {learnt.decided_right:.3f} of those right. "
        f"{len(learnt.pieces)} pieces, {len(lines)} bytes"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
