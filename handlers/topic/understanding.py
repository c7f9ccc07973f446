"""Reads a villager's message: which lane, which matter, where, how sure, and because of which words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from math import tanh
from operator import itemgetter
from pathlib import Path
from typing import Self

from handlers.lanes.lane import Naming
from handlers.lanes.leaning import Leanings
from handlers.topic.finder import pairs_of
from handlers.topic.listed import Finding
from handlers.topic.lowered import Learnt, taken_back
from handlers.topic.places import BLANK, PlaceName
from handlers.topic.reasons import Reasons
from handlers.topic.route import Route
from handlers.topic.ruleset import RuleSet
from handlers.topic.table import LONGEST_SCORED, Sum, Table
from handlers.topic.tokens import Cut
from handlers.topic.word import Candidate

_LINK = re.compile(r"[a-z]+://[\w./?=&%#:~+-]+")
_NOTHING = f"{BLANK} ,.。!?;:、\n"  # a text of these alone says nothing but where
SHOWN = 5  # candidates
LEAST = 3  # candidates where the rule set has so many
HEADING = range(4, 61)  # characters
PAGE = 60  # the least characters of a page under a heading
OTHER_MATTER = 2.0  # the score from which words that did not decide are a matter of their own
OTHER_PART = 8.0  # the score, and
PART_MARGIN = 0.7  # the lead from which a part of the message is a matter of its own
NAMED = 1.75  # floors that the score of a leaf reaches, and
NAMED_MARGIN = 0.85  # its lead, where the words clearly name it
LEAST_SIGNS = 2  # different ones: of a single one, however often it is said, no matter is decided
PETITION = "petition"


class Understanding:
    """Frozen after loading; safe to share between threads and processes."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._leanings = Leanings(rules.leaning.lanes if rules.leaning else ())

    @classmethod
    def load(cls, folder: Path | None = None, places: Iterable[PlaceName] = ()) -> Self:
        """`folder` is a rule set; without one, the shipped set. Raises `RuleSetError`."""
        return cls(RuleSet.load(folder, places))

    def route(self, text: str, home: str | None = None) -> Route:
        """Never fails, whatever the text. `home` is the place the writer is known by, to settle names that are many."""
        rules = self.rules
        normal = rules.normaliser.read(text)
        where = rules.gazetteer.read(normal.text, home, normal.pairs)
        pairs = pairs_of(where.masked) if where.spans else normal.pairs
        findings = rules.listed.find(where.masked, pairs)
        reading = rules.lanes.read(normal.text, normal.pairs)
        # A rule may need what a place's name hides; the weights may not have the name.
        unnamed = reading.blanked(where.masked, where.spans) if where.spans else reading
        learnt = self._learnt(where.masked, pairs, unnamed.names())
        findings += self._taken_back(learnt)
        placed = bool(where.place or where.choices or where.own)
        candidates = self._candidates(learnt.told, findings)
        naming = self._naming(candidates)
        decision = rules.lanes.decide(reading, learnt.leaning, placed=placed, naming=naming)
        best = candidates[0].category if candidates else None
        petition = decision.lane == PETITION
        others = self._others(learnt, findings, candidates) if petition else ()
        # A second matter is no doubt about the first.
        margin = self._margin([each for each in candidates if each.category not in others])
        unsure = (
            not candidates
            or candidates[0].score < rules.manifest.floor
            or margin < rules.manifest.margin
            or len(set(normal.text)) < LEAST_SIGNS
        )
        ask = petition and unsure
        return Route(
            lane=str(decision.lane),
            category=best,
            category_name=rules.categories.leaves[best].name if best else None,
            ask=ask,
            margin=margin,
            candidates=candidates,
            place=where.place,
            reasons=Reasons(
                normal,
                findings,
                learnt,
                rules.table,
                decision.words,
                rules.explanation,
                best=best,
                petition=petition,
                ask=ask,
            ),
            rules=rules.version,
            kind=decision.kind,
            rule=decision.rule or None,
            others=others,
            place_choices=where.choices,
            own_place=where.own,
            unsure=unsure,
        )

    def _learnt(self, masked: str, pairs: Sequence[str], classes: Sequence[str]) -> Learnt:
        """What the table says for each category, and which lane the shipped weights lean to."""
        table, shipped = self.rules.table, self.rules.leaning
        if table is None or shipped is None or not masked.strip(_NOTHING):
            return Learnt(None, None)
        text = _unlinked(masked[:LONGEST_SCORED])
        if text != masked:
            pairs = pairs_of(text)
        cut = self.rules.tokens.of(text, pairs)
        own = told = _score(table, text, pairs, cut, classes)
        if table is not shipped:
            told = _score(shipped, text, pairs, cut, classes)
        if heading := _heading(text):
            beside = pairs[: len(heading) - 1]
            own = own.beside(_score(table, heading, beside, self.rules.tokens.of(heading, beside)))
        leaning = self._leanings.of(told.fields[shipped.lanes_at], told.scale) if told.known else None
        return Learnt(own if own.known else None, leaning, text, pairs, cut)

    def _taken_back(self, learnt: Learnt) -> list[Finding]:
        return taken_back(self.rules.listed.lowered, self.rules.table, learnt)

    def _candidates(self, told: Sum | None, findings: list[Finding]) -> tuple[Candidate, ...]:
        """The best first; filled up with their neighbours, which scored nothing."""
        ranked = self._ranked(told, findings)[:SHOWN]
        if 0 < len(ranked) < LEAST:
            taken = {code for code, _ in ranked}
            more = (code for code in self.rules.categories.neighbours(ranked[0][0]) if code not in taken)
            ranked += [(code, 0.0) for code, _ in zip(more, range(LEAST - len(ranked)), strict=False)]
        return tuple([Candidate(code, round(score, 3)) for code, score in ranked])

    def _ranked(self, told: Sum | None, findings: list[Finding]) -> list[tuple[str, float]]:
        """What the weights and the listed words say, the best first; of the weights alone only the first few."""
        table, scores = self.rules.table, dict[str, float]()
        if told is not None and table is not None:
            names, fields, scale = table.categories, told.fields, told.scale
            best = told.best(table.of_categories, SHOWN + len(findings))
            if not findings:
                return [(names[at], fields[at] * scale) for at in best]
            scores.update([(names[at], fields[at] * scale) for at in best])
            listed = [table.positions[f.leaf] for f in findings if f.leaf in table.positions]
            scores.update([(names[at], fields[at] * scale) for at in listed])
        for finding in findings:
            scores[finding.leaf] = scores.get(finding.leaf, 0.0) + finding.weight
        return sorted(scores.items(), key=itemgetter(1), reverse=True)

    def _naming(self, candidates: Sequence[Candidate]) -> Naming:
        least = NAMED * self.rules.manifest.floor
        if not candidates or candidates[0].score < least or self._margin(candidates) < NAMED_MARGIN:
            return Naming.VAGUE
        near = self.rules.categories.leaves[candidates[0].category].near_danger
        return Naming.NEAR_DANGER if near else Naming.CLEAR

    def _margin(self, candidates: Sequence[Candidate]) -> float:
        if len(candidates) < 2:
            return 1.0 if candidates else 0.0
        return round(tanh((candidates[0].score - candidates[1].score) / (2 * self.rules.manifest.scale)), 3)

    def _others(
        self, learnt: Learnt, findings: list[Finding], candidates: tuple[Candidate, ...]
    ) -> tuple[str, ...]:
        """Leaves of other tops with words of their own that the decision did not need, or a part of the message."""
        if len(candidates) < 2:
            return ()
        taken = [finding for finding in findings if finding.leaf == candidates[0].category]
        tops = {self.rules.categories.top_of(candidates[0].category)}
        others: list[str] = []
        for candidate in candidates[1:] if findings else ():
            if candidate.score < OTHER_MATTER:
                break
            top = self.rules.categories.top_of(candidate.category)
            own = sum(f.weight for f in findings if f.leaf == candidate.category and not _within(f, taken))
            if top not in tops and own >= OTHER_MATTER:
                tops.add(top)
                others.append(candidate.category)
        for leaf in self._in_parts(learnt):
            top = self.rules.categories.top_of(leaf)
            if top not in tops:
                tops.add(top)
                others.append(leaf)
        return tuple(others)

    def _in_parts(self, learnt: Learnt) -> Iterator[str]:
        """What a part of the message clearly tells by itself, where its words say that there is more than one."""
        table, parts = self.rules.table, self.rules.further.parts(learnt.text)
        for start, end in parts:
            part = learnt.text[start:end]
            pairs = learnt.pairs[start : end - 1]
            findings = self.rules.listed.find(part, pairs)
            told = None
            if table is not None and part.strip(_NOTHING):
                cut = self.rules.tokens.of(part, pairs)
                own = _score(table, part, pairs, cut, self.rules.lanes.read(part, pairs).names())
                told = own if own.known else None
                findings += self._taken_back(Learnt(told, None, part, pairs, cut))
            most = max(told.fields[table.categories_at]) * told.scale if told and table else 0.0
            if most + sum([finding.weight for finding in findings]) < OTHER_PART - 1:
                continue  # no leaf can come near
            best = self._candidates(told, findings)
            if best and best[0].score >= OTHER_PART and self._margin(best) >= PART_MARGIN:
                yield best[0].category


def _score(table: Table, text: str, pairs: Sequence[str], cut: Cut, classes: Sequence[str] = ()) -> Sum:
    """A text is cut only where a word of the table may stand: cutting all of it costs more than all the rest."""
    return table.score(text, pairs, cut.around(table.words_in(text, pairs)), classes)


def _heading(text: str) -> str:
    """The first line of a page: who gives his matter a heading says there what it is about."""
    heading, _, page = text.partition("\n")
    return heading if len(heading) in HEADING and len(page) >= PAGE else ""


def _unlinked(text: str) -> str:
    """An address on the net says nothing of the matter; every other character stays where it is."""
    return _LINK.sub(lambda link: BLANK * len(link[0]), text) if "://" in text else text


def _within(finding: Finding, others: list[Finding]) -> bool:
    return any(finding.start < other.end and other.start < finding.end for other in others)
