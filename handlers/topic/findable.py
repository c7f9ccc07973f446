"""The words by which a text is found: those of the dictionary's cut, and the shorter ones within long ones."""

from handlers.topic.ruleset import RuleSet

LONGEST_READ = 4_000  # characters
SHORTEST, LONGEST = 2, 20  # of a word; single characters stand in every text


def findable(rules: RuleSet, text: str) -> frozenset[str]:
    """What a text is kept by. As jieba cuts for search engines: a long word is found by its parts too."""
    words = asked_for(rules, text)
    within = {
        word[start:end]
        for word in words
        for start in range(len(word))
        for end in range(start + SHORTEST, min(start + 4, len(word) + 1))
        if rules.tokens.knows(word[start:end])
    }
    return words | within


def asked_for(rules: RuleSet, text: str) -> frozenset[str]:
    """What somebody looks for: the words of the cut alone."""
    normal = rules.normaliser.read(text[:LONGEST_READ]).text
    return frozenset(
        word for word in rules.tokens.cut(normal) if SHORTEST <= len(word) <= LONGEST and word.isalnum()
    )
