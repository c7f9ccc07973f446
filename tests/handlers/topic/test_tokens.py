"""Our cut of a text is jieba's, token for token, and nobody else's words are in it."""

import os
import subprocess
import sys
import tomllib
from bisect import bisect_right
from itertools import accumulate
from pathlib import Path
from typing import Any

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.topic.tokens import Tokens

TOP = Path(__file__).parents[3]
TOLD: dict[str, Any] = tomllib.loads(Path(__file__).with_name("tokens.toml").read_text("utf-8"))
SENTENCES: list[str] = TOLD["sentences"]
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
LETTERS = sorted({letter for sentence in SENTENCES for letter in sentence})
MIXED = st.lists(
    st.one_of(st.sampled_from(LETTERS), st.sampled_from(SENTENCES), HAN, st.text(max_size=3)), max_size=30
).map("".join)
ALONE = """
import tempfile, jieba
from handlers.topic.tokens import Tokens
import sys
Tokens().cut(sys.argv[1])
assert not jieba.dt.initialized and not jieba.dt.FREQ
print(tempfile.gettempdir())
"""


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    tokenizer.initialize()
    return tokenizer


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_cut_as_jieba_cuts_it(sentence: str, tokens: Tokens, reference: jieba.Tokenizer):
    assert tokens.cut(sentence) == reference.lcut(sentence)


def test_any_text_is_cut_as_jieba_cuts_it(tokens: Tokens, reference: jieba.Tokenizer):
    @given(MIXED)
    @settings(deadline=None, max_examples=400)
    def same(text: str):
        cut = tokens.cut(text)
        assert cut == reference.lcut(text)
        assert "".join(cut) == text

    same()


def test_a_part_of_the_words_are_the_words_of_the_whole(tokens: Tokens):
    @given(MIXED, st.data())
    @settings(deadline=None, max_examples=300)
    def same(text: str, data: st.DataObject):
        every = tokens.cut(text)
        most = data.draw(st.integers(0, len(every) + 1))
        places = sorted(data.draw(st.sets(st.integers(0, max(len(text) - 1, 0)), max_size=4)) if text else ())
        around, cut = tokens.of(text).around(places), tokens.of(text)
        assert cut.first(most) == every[:most]
        assert cut.around(places) == around, "whatever was asked before"
        ends = list(accumulate(map(len, every)))
        here = {every[bisect_right(ends, place)].strip() for place in places}  # the end of a line is no word
        assert {word for word in here if len(word) > 1} <= set(around) <= set(every)

    same()


@pytest.mark.parametrize("word", TOLD["added"])
def test_a_word_of_the_rule_set_stays_whole(word: str, tokens: Tokens):
    sentence = TOLD["added"][word]
    own = Tokens([word])
    assert word not in tokens.cut(sentence)
    assert word in own.cut(sentence)
    assert not own.knows(word), "only what the shipped dictionary has is a word anybody uses"


def test_a_word_of_the_rule_set_may_hold_any_character(tokens: Tokens):
    rare = Tokens(["\U00020bb7\u9fff", "\U0001f525a", "\ud800", ""])
    assert rare.cut(SENTENCES[0]) == tokens.cut(SENTENCES[0])


def test_no_cache_is_written_or_read_and_the_tokenizer_of_others_is_left_alone(tmp_path: Path):
    """Whoever can write jieba's cache file owns the words that are found."""
    (tmp_path / "jieba.cache").write_bytes(b"poisoned")
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-W", "ignore", "-c", ALONE, SENTENCES[0]],
        cwd=TOP,
        env=os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, str(tmp_path)), done.stderr
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("jieba.cache", b"poisoned")]
