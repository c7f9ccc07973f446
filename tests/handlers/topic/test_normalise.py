"""A message in the one form that rules are written in; what is quoted is what the person wrote."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.topic import NormalisedText, Normaliser
from handlers.topic.normalise import LONGEST_TEXT
from handlers.topic.ruleset import SHIPPED

TOLD: dict[str, Any] = tomllib.loads(Path(__file__).with_name("normalise.toml").read_text("utf-8"))
TYPOS = [(meant, text) for meant, texts in TOLD["typo"].items() for text in texts]
WRITTEN = [form["written"] for form in TOLD["form"]] + [text for _, text in TYPOS]
NORMALISER = Normaliser.load(SHIPPED)
SIGNS = [" ", "\n", "!", "[", "]", "\u200b", "\ufb03", "A", "\U0001f525"]


@pytest.mark.parametrize("form", TOLD["form"], ids=lambda form: form["name"])
def test_a_message_is_read_in_one_form(form: dict[str, str]):
    normal = NORMALISER.read(form["written"])
    assert normal.text == form["read"]
    assert normal.original == form["written"]


@pytest.mark.parametrize(("meant", "text"), TYPOS)
def test_a_word_typed_by_its_sound_is_put_right_and_quoted_as_typed(meant: str, text: str):
    normal = NORMALISER.read(text)
    at = normal.text.index(meant)
    assert meant not in text
    assert normal.quoted(at, at + len(meant)) == text[at : at + len(meant)]
    assert normal.typed == text


@pytest.mark.parametrize("text", TOLD["right"]["sentences"])
def test_letters_that_stand_together_by_chance_are_no_typo(text: str):
    assert NORMALISER.read(text).text == text


def points_into_the_original(normal: NormalisedText) -> None:
    assert len(normal.typed) == len(normal.text)
    spans = [normal.span(at, at + 1) for at in range(len(normal.text))]
    assert spans == sorted(spans), "in the order written"
    for at, (start, end) in enumerate(spans):
        assert 0 <= start < end <= len(normal.original)
        assert normal.quoted(at, at + 1) == normal.original[start:end] != ""
        again = NORMALISER.read(normal.original[start:end]).typed.lower()
        assert normal.typed[at].lower() in again or normal.typed[at].isspace()


@given(st.text(max_size=200))
@settings(deadline=None)
def test_every_character_comes_from_somewhere_in_the_original(text: str):
    points_into_the_original(NORMALISER.read(text))


@given(st.lists(st.sampled_from([*WRITTEN, *SIGNS])).map("".join))
@settings(deadline=None)
def test_every_character_of_a_patched_up_message_comes_from_somewhere_in_the_original(text: str):
    points_into_the_original(NORMALISER.read(text))


@given(st.lists(st.sampled_from(WRITTEN), max_size=20).map("".join))
@settings(deadline=None)
def test_what_is_in_one_form_stays_as_it_is(text: str):
    once = NORMALISER.read(NORMALISER.read(text).text).text
    assert NORMALISER.read(once).text == once


def test_what_nobody_would_type_is_not_looked_at():
    text = WRITTEN[0] * LONGEST_TEXT
    assert len(NORMALISER.read(text).text) <= LONGEST_TEXT
    assert NORMALISER.read(text).original == text


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)))
@settings(deadline=None)
def test_many_short_strings_read_together_are_what_they_are_alone(words: list[str]):
    alone = {word: NORMALISER.read(word).typed for word in words}
    assert NORMALISER.forms(words) == alone
