"""The words of the rule set: how a sentence is read, what a change would move, another person's yes, the way back."""

from collections.abc import Iterable, Mapping
from typing import Any

import structlog

from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers.county_word import HEAVIEST, LIGHTEST, moved_by, publish, take_back
from handlers.reader import Reader
from handlers.topic.errors import RuleSetError, Unproven
from models.base import Session
from models.county_word import Act, CountyWord, Kind, in_force, over, proposed, standing
from models.errors import Refused
from models.officer import Officer
from models.refusal import Refusal

HERE = "/console/words"
MOST = 120  # words shown at once
PAST = 30  # that were taken back
LONGEST = 200  # letters of a phrase or of what takes words back
MOST_BARS, LONGEST_BAR = 20, 20  # words that take another one back, and their letters
_APART = str.maketrans(dict.fromkeys(",;|\u3001\uff0c\uff1b", " "))

log = structlog.get_logger(__name__)


def words(visit: Visit) -> Answer:
    """With `try`, how that sentence is read now; with `find`, the words written down for a leaf, or that hold it."""
    sentence = visit.query.get("try", "").strip()[:200]
    route = visit.county.reader.route(sentence) if sentence else None
    find = visit.query.get("find", "").strip()[:20]
    written = [one for one in visit.knowledge.written() if one.kind != Kind.LOWER]
    found = [one for one in written if one.leaf == find or find in one.word] if find else []
    kind, leaf, word = (visit.query.get(key, "") for key in ("kind", "leaf", "word"))
    kind = kind or Kind.WORD
    listed = {(one.leaf, one.word) for one in written}
    return Shown(
        "words.html",
        {
            "sentence": sentence,
            "route": route,
            "candidates": [
                (one.category, visit.county.category_name(one.category), one.score)
                for one in (route.candidates if route else ())
            ],
            "learnt": [
                one
                for one in (route.words if route else ())
                if one.weight > 0 and (one.category, one.word) not in listed
            ],
            "lowers": (leaf, word) if kind == Kind.LOWER else None,
            "find": find,
            "found": found[:MOST],
            "left_out": max(0, len(found) - MOST),
            "others": [one for one in written if one.kind != Kind.WORD][:MOST],
            "chosen": next(
                (one for one in written if (one.kind, one.leaf, one.word) == (kind, leaf, word)), None
            ),
            "name": visit.county.category_name,
            "proposed": [_line(visit, one) for one in proposed(visit.session)],
            "words": [_line(visit, one) for one in in_force(visit.session)],
            "over": [_line(visit, one) for one in over(visit.session, PAST)],
        },
    )


def propose(visit: Visit) -> Answer:
    """Tried on the rule set and on the last texts before anybody is asked; that takes some seconds."""
    person = _person(visit)
    word = _asked(visit, person)
    with visit.database.reading() as session:
        if standing(session, word) is not None:
            raise Refused(Refusal.WORD_STANDS, word=word.word, category=visit.county.category_name(word.leaf))
        fresh = _tried(visit, session, [*in_force(session), word])
    with visit.database.transaction() as session:
        word.moved = moved_by(session, visit.county, fresh, person, visit.at)
        session.add(word)
    return Moved(HERE)


def decide(visit: Visit) -> Answer:
    """Another person's yes, or its end; tried once more, since other words may have come meanwhile."""
    number, publishes = visit.path["word"], visit.form.get("act") == "publish"
    person = _person(visit)
    with visit.database.reading() as session:
        word = session.get(CountyWord, int(number)) if len(number) < 10 else None
        if word is None:
            return NOT_FOUND
        others = [one for one in in_force(session) if one.id != word.id]
        if publishes or word.published_at is not None:
            _tried(visit, session, [*others, word] if publishes else others)
    with visit.database.transaction() as session:
        act = publish if publishes else take_back
        act(session, visit.county, session.get_one(CountyWord, word.id), person, visit.at)
    return Moved(HERE)


def _asked(visit: Visit, person: str) -> CountyWord:
    """What the form asks for. Refused: it says something that cannot be."""
    given = {name: visit.form.get(name, "").strip() for name in ("leaf", "word", "weight", "test", "why")}
    try:
        act = Act(visit.form.get("act", Act.ADD.value))
        kind = Kind(visit.form.get("kind", Kind.WORD.value))
        weight = float(given["weight"] or "0")
    except ValueError as error:
        raise Refused(Refusal.RULE_REFUSED) from error
    bars = [] if kind is Kind.LOWER else visit.form.get("bars", "").translate(_APART).split()
    asked = (kind, given["leaf"], given["word"])
    known = next((one for one in visit.knowledge.written() if (one.kind, one.leaf, one.word) == asked), None)
    if act is Act.ADD and known is not None:
        raise Refused(Refusal.WORD_WRITTEN, word=known.word, file=known.file, line=known.line)
    if act is not Act.ADD and (known is None or kind is Kind.LOWER):
        raise Refused(Refusal.WORD_NOT_WRITTEN, word=given["word"], category=given["leaf"])
    if act is Act.REMOVE and known is not None:
        weight, given["test"], bars = known.weight, known.test, list(known.bars)
    fits = _fits(visit, given) if act is Act.ADD else len(given["word"]) <= LONGEST and bool(given["test"])
    if not fits or not given["why"] or not (act is Act.REMOVE or _weighs(kind, weight)):
        raise Refused(Refusal.RULE_REFUSED)
    return CountyWord(
        county=visit.county.code,
        kind=kind.value,
        leaf=given["leaf"],
        word=given["word"],
        act=act.value,
        weight=weight,
        bars=[one[:LONGEST_BAR] for one in bars[:MOST_BARS]],
        test=given["test"][:60],
        why=given["why"][:200],
        proposed_by=person,
        proposed_at=visit.at,
    )


def _fits(visit: Visit, given: Mapping[str, str]) -> bool:
    """A word to be added, or a learnt one that shall count for less: of a leaf, and in its sentence."""
    leaf, word = given["leaf"], given["word"]
    fits = len(leaf) == 4 and leaf in visit.county.reader.category_codes
    return fits and 2 <= len(word) <= 20 and word in given["test"]


def _weighs(kind: Kind, weight: float) -> bool:
    if kind is Kind.LOWER:
        return 0 < weight <= 1
    return kind is Kind.CANCEL or LIGHTEST <= weight <= HEAVIEST


def _tried(visit: Visit, session: Session, words: Iterable[CountyWord]) -> Reader:
    """The rule set so; the running one stays where that cannot be read."""
    try:
        return visit.knowledge.tried(session, words)
    except Unproven as error:
        raise Refused(Refusal.WORD_UNPROVEN, file=error.file, line=error.line) from error
    except RuleSetError as error:
        log.warning("rules of a county refused", reason=str(error))
        told = {"file": error.file, "line": error.line, "fault": error.fault}
        raise Refused(Refusal.RULES_BROKEN, **told) from error


def _person(visit: Visit) -> str:
    if visit.who.officer is None:
        raise Refused(Refusal.NEEDS_A_PERSON)
    return visit.who.officer.account


def _line(visit: Visit, word: CountyWord) -> dict[str, Any]:
    def name(account: str | None) -> str:
        officer = visit.session.get(Officer, account) if account else None
        return officer.name if officer else ""

    def told(where: str) -> tuple[str, bool]:
        leaf = where.removesuffix("?")
        said = visit.county.category_name(leaf) if leaf.isdigit() else leaf
        return said, where.endswith("?")

    mine = visit.who.officer is not None and visit.who.officer.account == word.proposed_by
    return {
        "word": word,
        "category": visit.county.category_name(word.leaf),
        "by": name(word.proposed_by),
        "published_by": name(word.published_by),
        "ended_by": name(word.ended_by),
        "mine": mine,
        "ways": [(told(before), told(after), count) for before, after, count in word.moved.get("ways", [])],
    }
