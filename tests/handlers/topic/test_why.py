"""Why: the person's own words, a few, none over another; and the whole record for the clerk."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.lanes import Lane
from handlers.topic import Route, Understanding
from handlers.topic.explain import MOST_WORDS

TOLD: dict[str, Any] = tomllib.loads(Path(__file__).with_name("why.toml").read_text("utf-8"))
TEXTS: list[str] = TOLD["texts"]
FIELDS = {
    "id": (str,),
    "lane": (str,),
    "category": (str, type(None)),
    "category_name": (str, type(None)),
    "ask": (bool,),
    "margin": (float,),
    "candidates": (list,),
    "place": (str, type(None)),
    "words": (list,),
    "why": (str,),
    "rules": (str,),
}


def quoted(route: Route, understanding: Understanding) -> list[str]:
    """The words in quotation marks, by the quotation marks of the rule set."""
    before, after = understanding.rules.explanation.quote.split("{word}")
    return re.findall(f"{before}(.*?){after}", route.why, re.DOTALL)


def one_after_the_other(words: list[str], text: str) -> bool:
    """Whether they stand in the text in this order, none over another."""
    at = 0
    for word in words:
        at = text.find(word, at) + len(word)
        if at < len(word):
            return False
    return True


def holds(text: str, understanding: Understanding) -> None:
    route = understanding.route(text)
    words = quoted(route, understanding)
    assert len(words) <= MOST_WORDS
    assert all(word in text for word in words), "only what the person wrote"
    assert one_after_the_other(words, text)
    for word in route.words:
        start, end = word.at
        assert 0 <= start < end <= len(text)
        assert text[start:end] == word.word
    assert "{" not in route.why.replace(text, "")


@pytest.mark.parametrize("text", TEXTS)
def test_why_quotes_what_the_person_wrote(text: str, understanding: Understanding):
    holds(text, understanding)


def test_why_quotes_what_anybody_wrote(understanding: Understanding):
    @given(st.lists(st.sampled_from([*TEXTS, " ", "\u200b", "!!!!", "\U0001f525"]), max_size=6).map("".join))
    @settings(deadline=None)
    def always(text: str):
        holds(text, understanding)

    always()


def test_a_typo_is_quoted_as_it_was_typed(understanding: Understanding):
    assert TOLD["quoted"] in quoted(understanding.route(TOLD["typed"]), understanding)


@pytest.mark.parametrize("text", [*TEXTS, "", "?"])
def test_the_record_has_every_field_of_the_contract(text: str, understanding: Understanding):
    record = understanding.route(text).as_dict("7")
    assert record == json.loads(json.dumps(record)), "what is written is what is read"
    assert record["id"] == "7"
    for name, kinds in FIELDS.items():
        assert isinstance(record[name], kinds), name
    assert record["lane"] in set(Lane)
    assert 0.0 <= record["margin"] <= 1.0
    assert record["why"]
    assert record["rules"] == understanding.rules.version
    for candidate in record["candidates"]:
        assert candidate.keys() == {"category", "score"}
        assert candidate["category"] in understanding.rules.categories.leaves
    scores = [candidate["score"] for candidate in record["candidates"]]
    assert scores == sorted(scores, reverse=True)
    for word in record["words"]:
        assert word.keys() == {"word", "at", "category", "weight"}
    first = record["candidates"][0]["category"] if record["candidates"] else None
    assert record["category"] == first, "also when it asks"
    assert (record["category_name"] is None) == (first is None)


@pytest.mark.parametrize("text", TEXTS)
def test_of_a_message_with_a_known_word_there_are_three_candidates_at_least_in_any_lane(
    text: str, understanding: Understanding
):
    candidates = understanding.route(text).candidates
    assert len({candidate.category for candidate in candidates}) == len(candidates) >= 3


def test_every_word_of_the_rule_set_has_its_candidates(understanding: Understanding):
    silent = [
        word.word
        for word in understanding.rules.listed.words[::7]
        if len(understanding.route(word.word).candidates) < 3
    ]
    assert silent == []
