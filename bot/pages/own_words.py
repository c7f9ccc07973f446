"""The county's own words: how a sentence is read and why, what a word would move, and another person's yes."""

from typing import Any

from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers.county_word import HEAVIEST, LIGHTEST, entry_of, moved_by, publish, take_back
from handlers.topic.errors import RuleSetError
from models.county_word import CountyWord, in_force, proposed
from models.errors import Refused
from models.officer import Officer
from models.refusal import Refusal

HERE = "/console/words"


def words(visit: Visit) -> Answer:
    """With `try`, how that sentence is read now."""
    sentence = visit.query.get("try", "").strip()[:200]
    route = visit.county.reader.route(sentence) if sentence else None
    return Shown(
        "words.html",
        {
            "sentence": sentence,
            "route": route,
            "candidates": [
                (one.category, visit.county.category_name(one.category), one.score)
                for one in (route.candidates if route else ())
            ],
            "proposed": [_line(visit, one) for one in proposed(visit.session)],
            "words": [_line(visit, one) for one in in_force(visit.session)],
        },
    )


def propose(visit: Visit) -> Answer:
    """Tried on the rule set and on the last texts before anybody is asked; that takes some seconds."""
    given = {name: visit.form.get(name, "").strip() for name in ("leaf", "word", "weight", "test", "why")}
    person = _person(visit)
    try:
        weight = float(given["weight"])
    except ValueError:
        weight = 0.0
    known = given["leaf"] in visit.county.reader.category_codes and len(given["leaf"]) == 4
    fits = 2 <= len(given["word"]) <= 20 and LIGHTEST <= weight <= HEAVIEST and given["word"] in given["test"]
    if not known or not fits or not given["why"]:
        raise Refused(Refusal.RULE_REFUSED)
    word = CountyWord(
        county=visit.county.code,
        leaf=given["leaf"],
        word=given["word"],
        weight=weight,
        test=given["test"][:60],
        why=given["why"][:200],
        proposed_by=person,
        proposed_at=visit.at,
    )
    with visit.database.reading() as session:
        try:
            fresh = visit.knowledge.tried(session, entry_of(word))
        except RuleSetError as error:
            raise Refused(Refusal.RULE_REFUSED) from error
    with visit.database.transaction() as session:
        word.moved = moved_by(session, visit.county, fresh, person, visit.at)
        session.add(word)
    return Moved(HERE)


def decide(visit: Visit) -> Answer:
    number = visit.path["word"]
    word = visit.session.get(CountyWord, int(number)) if len(number) < 10 else None
    if word is None:
        return NOT_FOUND
    act = publish if visit.form.get("act") == "publish" else take_back
    act(visit.session, visit.county, word, _person(visit), visit.at)
    return Moved(HERE)


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
        "mine": mine,
        "ways": [(told(before), told(after), count) for before, after, count in word.moved.get("ways", [])],
    }
