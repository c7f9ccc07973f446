"""What an officer reads of a villager's words: telephone and identity numbers and names taken out."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent.parent / "words" / "commands.toml"
# Telephone numbers (also with blanks or dashes between groups), identity numbers, bank cards, openids.
NUMBERS = re.compile(
    r"(?<!\d)(?!\d{4}-\d{1,2}-\d{1,2}(?!\d))\d(?:[ .-]?\d){6,19}[Xx]?(?!\d)|(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{20,}"
)

PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d(?:[ .-]?\d{4}){2}|0\d{2,3}[ .-]?\d{7,8})(?!\d)")
# A mobile number; an identity number of 15 or 18 characters; a bank card's, also in groups of four.
PERSONAL = re.compile(
    r"(?<!\d)(?:1[3-9]\d(?:[ .-]?\d{4}){2}|\d{15,19}|\d{17}[Xx]|(?:\d{4} ){3,4}\d{1,4})(?![\dXx])"
)


@cache
def _rules() -> tuple[re.Pattern[str], str, str]:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))["mask"]
    given = "|".join(map(re.escape, data["self_given"]))
    surname = f"(?:{'|'.join(data['double_surnames'])}|[{data['surnames']}])"
    no_place = f"(?![\u4e00-\u9fff]?[{data['places']}])"
    name = re.compile(f"({given})([:\uff1a ]?)({surname}[\u4e00-\u9fff]{{1,2}}){no_place}")
    return name, data["stands_for_name"], data["stands_for_number"]


def is_personal(text: str) -> bool:
    """Whether a mobile number, an identity number or a bank card's stands in what anybody may read."""
    return PERSONAL.search(text) is not None


def self_given(text: str) -> tuple[str, str]:
    """Name and telephone number as a villager gave them in his own words; "" where he gave none."""
    name, phone = _rules()[0].search(text), PHONE.search(text)
    return name[3] if name else "", re.sub(r"[ .-]", "", phone[0]) if phone else ""


def masked(text: str, known_names: Iterable[str] = ()) -> str:
    """`text` with numbers of seven digits and more, self-given names and known names masked."""
    pattern, name, number = _rules()
    text = NUMBERS.sub(number, text)
    for known in known_names:
        if len(known) > 1:
            text = text.replace(known, name)
    return pattern.sub(lambda found: f"{found[1]}{found[2]}{name}", text)
