"""Whatever is sent: an answer or an honest question, never a failure."""

import json
import random
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.lanes import Lane
from handlers.topic import Understanding

WRITTEN = tomllib.loads(Path(__file__).with_name("why.toml").read_text("utf-8"))["texts"]
LONG = 20_000
ODD = {
    "nothing": "",
    "blanks": " \t\r\n\u3000",
    "one letter": "x",
    "emoji": "\U0001f525\U0001f62d\U0001f44d\U0001f3fd" * 50,
    "a flag and a family": "\U0001f1e8\U0001f1f3\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "nul": "\x00" * 100,
    "binary": bytes(range(256)).decode("latin-1") * 20,
    "half a pair": "\ud83d",
    "halves of pairs": "\udc00\ud800" * 100,
    "English": "The water has been off for three days and nobody comes.",
    "Russian": "\u041d\u0435\u0442 \u0432\u043e\u0434\u044b \u0442\u0440\u0438 \u0434\u043d\u044f",
    "Arabic": "\u0644\u0627 \u064a\u0648\u062c\u062f \u0645\u0627\u0621 \ufdfa",
    "Tibetan": "\u0f46\u0f74\u0f0b\u0f58\u0f7a\u0f51\u0f0b",
    "marks on marks": "a" + "\u0301" * 500,
    "from right to left": "\u202e\u202d" * 50,
    "brackets": "[" * 5000,
    "one sign": "!" * LONG,
    "digits": "0123456789" * (LONG // 10),
    "a template": "{words}{word}%s%(x)s\\1",
    "mark-up": "<script>alert(1)</script>' or 1=1 --",
}


def answered(text: str, understanding: Understanding) -> None:
    route = understanding.route(text)
    assert route.lane in set(Lane)
    assert route.why
    assert route.ask or route.lane != "petition" or route.category
    assert all(0 <= word.at[0] < word.at[1] <= len(text) for word in route.words)
    json.dumps(route.as_dict())


@pytest.mark.parametrize("name", ODD)
def test_an_odd_text_is_answered(name: str, understanding: Understanding):
    answered(ODD[name], understanding)


@pytest.mark.parametrize("name", ["nothing", "blanks", "nul", "half a pair", "Russian", "Arabic", "Tibetan"])
def test_of_what_nobody_can_read_nothing_is_guessed(name: str, understanding: Understanding):
    route = understanding.route(ODD[name])
    assert (route.lane, route.category) == ("chat", None)


def test_twenty_thousand_characters_are_read_as_one_message(understanding: Understanding):
    matter = WRITTEN[0]
    route = understanding.route(matter * (LONG // len(matter)))
    assert route.category == understanding.route(matter).category
    letters = list("".join(WRITTEN) * 60)[:LONG]
    random.Random(0).shuffle(letters)
    answered("".join(letters), understanding)


def test_one_sign_said_twenty_thousand_times_is_asked_what_it_means(understanding: Understanding):
    route = understanding.route("\u6c34" * LONG)
    assert (route.lane, route.ask) == ("petition", True)
    assert len(route.candidates) >= 3


def test_the_heading_of_a_page_counts_as_much_as_the_page(understanding: Understanding):
    heading, page = WRITTEN[0], "".join(WRITTEN[1:8]).replace("\n", "")

    def score(text: str) -> float:
        about = understanding.route(heading).category
        return sum(each.score for each in understanding.route(text).candidates if each.category == about)

    assert score(f"{heading}\n{page}") > score(f"{heading}{page}")


def test_any_text_is_answered(understanding: Understanding):
    @given(st.text())
    @settings(deadline=None)
    def always(text: str):
        answered(text, understanding)

    always()


def test_any_patchwork_is_answered(understanding: Understanding):
    odd = [ODD[name] for name in list(ODD)[:9]]
    pieces = st.one_of(st.sampled_from(WRITTEN), st.sampled_from(odd), st.text(max_size=5))

    @given(st.lists(pieces, max_size=8).map("".join))
    @settings(deadline=None, max_examples=60)
    def always(text: str):
        answered(text, understanding)

    always()
