"""`lianxin route --rules DIR` without a text: what would move if that rule set went live. Texts stay in memory."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.knowledge import Knowledge, place_names
from bot.settings import Settings
from handlers.topic import Understanding
from handlers.topic.replay import Move, replay
from models import processing
from models.database import Database
from models.key import Keyring
from models.message import Kept, count_with_text, with_text
from models.processing import Ground

BATCH = 500  # messages read at once


def run(database: Database, settings: Settings, rules: Path, at: datetime, *, as_json: bool) -> int:
    """Prints a line for each message that would move, then how many from where to where. RuleSetError: no rule set."""
    with database.reading() as session:
        new = Understanding.load(rules, place_names(session))
        county = Knowledge(settings).county(session, at)
        texts = _Texts(database, county.keys, count_with_text(session))
    ways: Counter[tuple[str, str]] = Counter()
    for move in replay(county.reader, new, texts):
        told = move.as_dict()
        before, after = _told(told["from"]), _told(told["to"])
        ways[before, after] += 1
        print(_encoded(move, told) if as_json else f"{_named(move):<12}{before} -> {after}")
    if not as_json:
        _print_table(ways)
    texts.tell(f"{ways.total()} of {texts.read} messages would move")
    with database.transaction() as session:  # all that people wrote was read: that is noted
        processing.log(session, county.code, "replay", Ground.DUTY, at, count=texts.read)
    return 0


class _Texts:
    """Every kept text with its message, a batch in memory at a time; says how far it is."""

    def __init__(self, database: Database, keys: Keyring, every: int) -> None:
        self._database, self._keys, self._every = database, keys, every
        self.read = 0

    def __iter__(self) -> Iterator[tuple[Kept, str]]:
        seen, last = 0, 0
        while True:
            with self._database.reading() as session:
                reached, count, batch = with_text(session, self._keys, last, BATCH)
            if reached is None:
                return
            for kept in batch:
                self.read += 1
                yield kept, kept.words
            seen, last = seen + count, reached
            self.tell(f"{seen} messages, {min(seen / max(self._every, 1), 1):.0%}")

    def tell(self, line: str) -> None:
        sys.stdout.flush()
        print(line, file=sys.stderr, flush=True)


def _encoded(move: Move, told: dict[str, object]) -> str:
    kept = _kept(move)
    return json.dumps({"id": kept.message, "petition": kept.number, "from": told["from"], "to": told["to"]})


def _named(move: Move) -> str:
    """The number of the matter; a message of none by its own, with a sign before it."""
    kept = _kept(move)
    return kept.number or f"#{kept.message}"


def _kept(move: Move) -> Kept:
    kept = move.identity
    if not isinstance(kept, Kept):
        raise TypeError
    return kept


def _told(place: Any) -> str:
    """Lane, leaf and whether it would be asked back: codes only."""
    return " ".join(filter(None, (place["lane"], place["category"], "ask" if place["ask"] else "")))


def _print_table(ways: Counter[tuple[str, str]]) -> None:
    """From, to, how many: the most first."""
    width = max((len(before) for before, _ in ways), default=4)
    print(f"\n{'count':>7}  {'from':<{width}}    to")
    for (before, after), count in sorted(ways.items(), key=lambda way: (-way[1], way[0])):
        print(f"{count:>7}  {before:<{width}} -> {after}")
