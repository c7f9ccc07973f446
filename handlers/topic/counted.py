"""The words of a matter that may be counted: ordinary ones of the shipped dictionary, no name and no place."""

from functools import cache

from handlers.topic.features import word_entries
from handlers.topic.jieba_files import DICTIONARY
from handlers.topic.listing import LONGEST_WORD
from handlers.topic.ruleset import RuleSet
from handlers.topic.table import LONGEST_SCORED

NAMES = ("nr", "ns")  # the dictionary's own marks of persons' names and of places


def words_of(rules: RuleSet, text: str) -> frozenset[str]:
    """Words of two characters or more. What only the rule set or the directory knows is left out, and every name."""
    normal = rules.normaliser.read(text[:LONGEST_SCORED]).text
    masked = rules.gazetteer.read(normal).masked
    words = frozenset(word_entries(rules.tokens.cut(masked))) - _names() - frozenset(rules.gazetteer.names)
    return frozenset(word for word in words if len(word) <= LONGEST_WORD and rules.tokens.knows(word))


@cache
def _names() -> frozenset[str]:
    """A hundred thousand words, many of which are ordinary ones too: better a word less than somebody's name."""
    columns = DICTIONARY.read_text("utf-8").split()  # word, count, part of speech
    return frozenset(
        word for word, part in zip(columns[0::3], columns[2::3], strict=True) if part.startswith(NAMES)
    )
