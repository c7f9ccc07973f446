"""A command as people type it: a word, perhaps a number said in pairs, perhaps words after it."""

import re
import tomllib
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "words" / "commands.toml"

NUMBER = re.compile(r"(?<!\d)(\d(?: ?\d){5}(?:(?: ?\d){2})?)(?!\d)")
LENGTHS = (8, 6)
MISTYPED = 5


FULL_WIDTH = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}


SOME_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")


def tidy(text: str) -> str:
    """Full-width digits, letters and spaces made ordinary, runs of blanks made one; punctuation stays."""
    ordinary = text.translate(FULL_WIDTH) if SOME_FULL_WIDTH.search(text) else text
    return " ".join(ordinary.split())


def mistyped(text: str) -> str | None:
    """The digits a text begins with, where they look like a number with a slip in it: five or more."""
    match = re.match(r"\d(?: ?\d)*", tidy(text))
    digits = match[0].replace(" ", "") if match else ""
    return digits if len(digits) >= MISTYPED else None


def numbered(text: str) -> tuple[str, str | None]:
    """A short text without its number, and the number."""
    text = tidy(text)
    match = NUMBER.search(text)
    if match is None:
        return text, None
    before = text[: match.start()].rstrip()
    for word in number_words():
        before = before.removesuffix(word)
    return (before + text[match.end() :]).strip(), match[1].replace(" ", "")


@cache
def number_words() -> tuple[str, ...]:
    """What people write before a number."""
    return tuple(tomllib.loads(WORDS.read_text(encoding="utf-8"))["number"]["before"])


def without_number_word(text: str) -> str:
    """A text that begins with the word for "number" and digits, without that word."""
    for word in number_words():
        rest = text.removeprefix(word).lstrip(" :\uff1a")
        if rest != text and rest[:1].isdigit():
            return rest
    return text


def leading_numbers(text: str) -> list[tuple[str, str]]:
    """Every way the text may begin with a number, with what is left: eight digits first, then six."""
    text = tidy(text)
    found = []
    for length in LENGTHS:
        match = re.match(rf"(\d(?: ?\d){{{length - 1}}})(?=\D|$)", text)
        if match:
            found.append((match[1].replace(" ", ""), text[match.end() :].strip()))
    return found
