"""`lianxin route`: where a message would go and why."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from handlers.topic import PlaceName, Route, RuleSetError, Understanding
from handlers.topic.jsonl import rows_of


def run(
    text: str | None,
    jsonl: Path | None = None,
    *,
    rules: Path | None = None,
    as_json: bool = False,
    places: Iterable[PlaceName] = (),
) -> int:
    """Exactly one of `text` and `jsonl` (`-` is standard input); `places` are the directory's, where there is one."""
    try:
        understanding = Understanding.load(rules, places)
    except RuleSetError as error:
        print(error, file=sys.stderr)
        return 2
    if jsonl is None:
        route = understanding.route(text or "")
        print(_encoded(route.as_dict()) if as_json else _told(route))
        return 0
    try:
        with _opened(jsonl) as file:
            for line in _answers(understanding, file):
                print(line)
    except OSError as error:
        print(f"{jsonl}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def _opened(path: Path) -> BinaryIO:
    return sys.stdin.buffer if str(path) == "-" else path.open("rb")


def _answers(understanding: Understanding, file: BinaryIO) -> Iterator[str]:
    """One object for every line."""
    for row in rows_of(file):
        identity, text = row.value.get("id"), row.value.get("text")
        if isinstance(text, str):
            yield _encoded(understanding.route(text).as_dict(identity))
        else:
            yield _encoded({"id": identity, "error": row.error or "text is missing or no text"})


def _encoded(value: dict[str, Any]) -> str:
    """Half of a surrogate pair can be read but not written."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _told(route: Route) -> str:
    """For a person at a terminal."""
    words = " ".join(f"{word.word}({word.category or '-'} {word.weight:+g})" for word in route.words)
    rows = {
        "lane": " ".join(filter(None, (route.lane, route.rule, route.kind))),
        "category": " ".join(filter(None, (route.category, route.category_name))) or "-",
        "ask": "yes" if route.ask else "no",
        "margin": f"{route.margin:.2f}",
        "candidates": " ".join(f"{each.category}({each.score:g})" for each in route.candidates) or "-",
        "place": route.place or "/".join(route.place_choices) or "-",
        "words": words or "-",
        "why": route.why,
        "rules": route.rules,
    }
    return (
        "\n".join(f"{name:<11}{value}" for name, value in rows.items())
        .encode("utf-8", "replace")
        .decode("utf-8")
    )
