"""What a short text is about, as weighted terms: words by how seldom they are, pairs of characters, characters."""

import re
from collections.abc import Collection
from itertools import pairwise

from handlers.topic.ruleset import RuleSet
from handlers.topic.table import LONGEST_SCORED

SAYING = re.compile(r"[\u4e00-\u9fffa-z0-9]")
RUNS = re.compile(r"[^\u4e00-\u9fffa-z]")
ASIDE = 0.15  # of its weight keeps a word that says how something is asked
SINGLE = 0.5  # and a word of one character
PAIR, CHARACTER = 5.0, 2.0  # a word weighs 5 to 15

Terms = dict[str, float]


def terms_of(rules: RuleSet, text: str, aside: Collection[str]) -> Terms:
    """`w` words, `p` pairs and `c` characters with their weights; places are blanked. `aside`: words of asking."""
    normal = rules.normaliser.read(text[:LONGEST_SCORED]).text
    masked = rules.gazetteer.read(normal).masked
    terms: Terms = {}
    for word in rules.tokens.cut(masked):
        if SAYING.search(word):
            share = (ASIDE if word in aside else 1.0) * (SINGLE if len(word) == 1 else 1.0)
            terms[f"w{word}"] = share * rules.tokens.rarity(word)
    for run in RUNS.split(masked):
        for first, second in pairwise(run):
            if first not in aside or second not in aside:
                terms[f"p{first}{second}"] = PAIR
        for character in run:
            if character not in aside:
                terms[f"c{character}"] = CHARACTER
    return terms
