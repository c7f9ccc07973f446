"""Chinese lives in data files that a clerk can mend, never in code: not in a literal, not in a comment."""

import re
import tokenize

from tests.conventions.sources import shown, sources

# Unified ideographs with their extensions, and compatibility ideographs. Punctuation is no wording.
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def test_no_chinese_stands_in_code() -> None:
    found = []
    for file in sources():
        with file.open("rb") as lines:
            tokens = list(tokenize.tokenize(lines.readline))
        found += [f"{shown(file)}:{token.start[0]}" for token in tokens if HAN.search(token.string)]
    assert not found, f"put the words into a data file: {', '.join(found)}"
