"""One sentence for the villager: which of his own words decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from handlers.topic.data import table_of

MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Explanation:
    """The sentences of `explain.toml`."""

    quote: str
    matter: str
    asked: str
    silent: str
    lane: str
    unspoken: str

    @classmethod
    def load(cls, file: Path) -> "Explanation":
        entry = table_of(file)
        keys = ("quote", "matter", "asked", "silent", "lane", "unspoken")
        entry.only(*keys)
        sentences = [entry.text(key) for key in keys]
        for key, sentence in zip(keys, sentences, strict=True):
            blank = {"quote": "{word}", "silent": "", "unspoken": ""}.get(key, "{words}")
            if blank not in sentence:
                raise entry.refuse(f"{key} must hold {blank}")
        return cls(*sentences)

    def why(self, words: Sequence[str], *, petition: bool, ask: bool) -> str:
        """`words` as the person wrote them, in the order they stand."""
        shown = list(dict.fromkeys(words))[:MOST_WORDS]
        if not shown:
            return self.silent if petition and ask else self.unspoken
        quoted = "".join([self.quote.replace("{word}", word) for word in shown])
        sentence = self.lane if not petition else self.asked if ask else self.matter
        return sentence.replace("{words}", quoted)
