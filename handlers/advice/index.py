"""The spokesman's answers, found by what a question is about. Frozen; made anew when the directory changes.

An answer is as likely as its likest wording, the matter the rule set sees in both, its own text, and how much of the
question its wordings cover. Each is a number between 0 and 1, so their weighted mean is one too, and one confidence
holds for short and long questions.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import log, sqrt
from typing import Self

from handlers.advice.asking import asking
from handlers.advice.likeness import Likeness
from handlers.reader import Reader
from handlers.topic import Route
from models.advice import Advice, advices
from models.base import Session

WORDING, MATTER, TEXT, COVER = 1.0, 0.5, 0.5, 0.5  # what each likeness counts
Terms = dict[str, float]


@dataclass(frozen=True)
class Found:
    """An answer, and how sure it is the one (0-1)."""

    code: str
    text: str
    source: str
    valid_until: date
    place: str | None
    score: float


class Index:
    """Frozen after loading; safe to share between threads."""

    def __init__(self, reader: Reader, rows: Iterable[Advice] = ()) -> None:
        self._reader = reader
        self._rows = {row.code: row for row in rows}
        asked = [(row.code, question) for row in self._rows.values() for question in row.questions]
        terms = [(code, self._terms(question)) for code, question in asked]
        self._all = len(terms)
        self._seen = Counter(term for _, said in terms for term in said)
        self._wordings = Likeness([(code, self._seldom(said)) for code, said in terms])
        self._matters = Likeness([(code, _matters(self._reader.route(question))) for code, question in asked])
        self._texts = Likeness(
            [(row.code, self._seldom(self._terms(row.text + row.source))) for row in self._rows.values()]
        )
        self._said: dict[str, set[str]] = {}
        for code, said in terms:
            self._said.setdefault(code, set()).update(said)

    @classmethod
    def load(cls, session: Session, reader: Reader) -> Self:
        """Everything that stands in the database; dates are looked at when somebody asks."""
        return cls(reader, advices(session))

    def find(
        self, text: str, route: Route, places: Collection[str], today: date, besides: str = ""
    ) -> Found | None:
        """The likeliest answer that holds today at one of these places (the villager's, up to the county).

        `besides`: the code of one that is not meant.
        """
        terms = self._seldom(self._terms(text))
        wordings, texts = self._wordings.to(terms), self._texts.to(terms)
        matters = self._matters.to(_matters(route))
        best: tuple[float, str] | None = None
        for code in wordings.keys() | texts.keys():
            row = self._rows[code]
            if (
                code == besides
                or row.valid_until < today
                or (row.place is not None and row.place not in places)
            ):
                continue
            score = (
                WORDING * wordings.get(code, 0.0)
                + MATTER * matters.get(code, 0.0)
                + TEXT * texts.get(code, 0.0)
                + COVER * self._covered(terms, code)
            ) / (WORDING + MATTER + TEXT + COVER)
            if best is None or (score, code) > best:
                best = (score, code)
        if best is None:
            return None
        row = self._rows[best[1]]
        return Found(row.code, row.text, row.source, row.valid_until, row.place, round(best[0], 3))

    def _terms(self, text: str) -> Terms:
        return self._reader.terms(text, asking().aside)

    def _seldom(self, terms: Terms) -> Terms:
        """A term that stands in few wordings says more."""
        return {
            term: weight * sqrt(log(1 + self._all / (1 + self._seen.get(term, 0))))
            for term, weight in terms.items()
        }

    def _covered(self, terms: Mapping[str, float], code: str) -> float:
        """How much of a question's own weight stands in the wordings of an answer."""
        said = self._said[code]
        whole = sum(weight * weight for weight in terms.values())
        return (
            sum(weight * weight for term, weight in terms.items() if term in said) / whole if whole else 0.0
        )


def _matters(route: Route) -> Terms:
    """What the rule set takes it for."""
    return {one.category: max(one.score, 0.0) for one in route.candidates[:3]}
