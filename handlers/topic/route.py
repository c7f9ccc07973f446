"""Where a message goes, and why."""

from typing import Any, NamedTuple

from handlers.topic.reasons import Reasons
from handlers.topic.word import Candidate, Word


class Route(NamedTuple):
    """One decision with all that led to it. `as_dict` is the public form of `lianxin route`.

    `ask` is true where the bot would ask back; `category` is then still the best candidate. `place_choices` are the
    codes an ambiguous name may mean; `own_place` is true for "our village". `others` are further matters of the same
    message. `unsure` is true below floor or margin, in whatever lane. `rule` is the lane's rule (which emergency,
    which way out), `kind` what the person wants.
    """

    lane: str
    category: str | None
    category_name: str | None
    ask: bool
    margin: float
    candidates: tuple[Candidate, ...]
    place: str | None
    reasons: Reasons
    rules: str
    kind: str = ""
    rule: str | None = None
    others: tuple[str, ...] = ()
    place_choices: tuple[str, ...] = ()
    own_place: bool = False
    unsure: bool = False

    @property
    def words(self) -> tuple[Word, ...]:
        """What spoke for the best category, the strongest first; then what spoke for others."""
        return self.reasons.words

    @property
    def why(self) -> str:
        """One sentence for the person: which of his own words decided."""
        return self.reasons.why

    def as_dict(self, identity: object = None) -> dict[str, Any]:
        """The `route` object of the contract, and what else is known."""
        return {
            "id": identity,
            "lane": self.lane,
            "category": self.category,
            "category_name": self.category_name,
            "ask": self.ask,
            "margin": self.margin,
            "candidates": [{"category": each.category, "score": each.score} for each in self.candidates],
            "place": self.place,
            "words": [
                {"word": each.word, "at": list(each.at), "category": each.category, "weight": each.weight}
                for each in self.words
            ],
            "why": self.why,
            "rules": self.rules,
            "kind": self.kind,
            "rule": self.rule,
            "others": list(self.others),
            "place_choices": list(self.place_choices),
        }
