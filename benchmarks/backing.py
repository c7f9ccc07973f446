"""Learns the shipped `weights.tsv` anew from the wordings; run after changing them or the listed words."""

from handlers.topic.backing import Backing
from handlers.topic.ruleset import SHIPPED, RuleSet
from handlers.topic.wordings import terms_of, wordings_of
from handlers.topic.written import weight_lines


def main() -> int:
    weights, folder = SHIPPED / "weights.tsv", SHIPPED / "wordings"
    weights.unlink(missing_ok=True)
    rules = RuleSet.load()
    leaves = tuple(rules.categories.leaves)
    learnt = Backing(rules, wordings_of(folder, leaves), terms_of(folder, leaves)).learnt()
    lines = "".join(f"{line}\n" for line in weight_lines(learnt))
    weights.write_text(lines, "utf-8", newline="\n")
    print(f"{learnt.tested} matters, cross-validated: {learnt.right:.3f} right;")
    print(
        f"with margin = {learnt.margin} and scale = {learnt.scale:.3f} in manifest.toml {learnt.decided:.1%}"
    )
    print(f"are decided at once, {learnt.decided_right:.3f} of those right.")
    print(f"{len(learnt.words)} words, {len(learnt.pieces)} pieces, {len(lines.encode())} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
