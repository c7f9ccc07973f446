"""Where the processor time of one new matter goes, decided in batches of 48 as the writer does it, and what each part
costs at least: the bare primitive in the same run. Without the wire, which `load` measures.
"""

import hashlib
import hmac
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jieba
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.callback import PLACES, WORDS
from benchmarks.size import TOGETHER, decide
from bot.application import prepare
from bot.demo import demo_settings, load_sample
from handlers import intake
from handlers.reader import Reader
from handlers.villager import advised, matter
from handlers.villager import intake as villagers
from models import ledger, villager
from models.base import Session
from tests.world import free_port

BATCHES = 40
TABLES = (
    8  # rows that a new matter writes: two keys, person, petition, text, message, two events; and two strokes
)
# What is timed: words, where it is called from, its name there, the primitive it cannot be cheaper than and how many.
PARTS: dict[str, tuple[Any, str, dict[str, int]]] = {
    "understanding": (Reader, "route", {"lcut": 1}),
    "whether staff are spoken of": (matter, "may_concern_staff", {}),
    "what is asked of his village": (advised, "answer", {}),
    "person and key": (villager, "meet", {"aes": 2, "hmac": 2}),
    "petition, number and key": (matter, "create", {"aes": 1, "hmac": 4}),
    "words sealed": (matter, "keep_words", {"aes": 1, "sha": 1}),
    "ledger": (ledger, "append", {"json": 2, "sha": 2}),
    "reply sealed": (villagers, "keep", {"aes": 1}),
    "asked ahead of a batch": (intake, "read_ahead", {"hmac": 2}),
    "rows and strokes written": (Session, "write_out", {"row": TABLES + 2}),
}


@contextmanager
def _timed(spent: dict[str, float]) -> Iterator[None]:
    """Each part adds what it takes of this thread's processor time."""

    def around(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            begun = time.thread_time()
            try:
                return act(*given, **named)
            finally:
                spent[name] += time.thread_time() - begun

        return timed

    with ExitStack() as patched:
        for name, (where, called, _) in PARTS.items():
            patched.enter_context(patch.object(where, called, around(name, getattr(where, called))))
        yield


def _least(act: Callable[[], object], times: int = 200) -> float:
    """Microseconds, where nothing came between."""
    best = float("inf")
    for _ in range(15):
        begun = time.thread_time()
        for _ in range(times):
            act()
        best = min(best, (time.thread_time() - begun) / times)
    return best * 1e6


def _primitives(folder: Path) -> dict[str, float]:
    words = WORDS.format(place=PLACES[0])
    tokenizer = jieba.Tokenizer(jieba.get_dict_file().name)
    tokenizer.lcut(words)
    secret, nonce, cipher = os.urandom(32), os.urandom(12), AESGCM(os.urandom(32))
    said = [1, 1, "2026-11-30T08:00:00+00:00", "receive", {"by": "service", "text": "0" * 64}, "0" * 64]
    base = sqlite3.connect(folder / "rows.db", isolation_level=None)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, key TEXT, at TEXT, cells TEXT, sealed BLOB)")
    base.execute("CREATE INDEX by_key ON row (key)")
    rows = [(os.urandom(32).hex(), "2026-11-30 08:00:00.000000", "{}", nonce * 12) for _ in range(TOGETHER)]

    def insert() -> None:
        base.execute("BEGIN")
        base.executemany("INSERT INTO row (key, at, cells, sealed) VALUES (?, ?, ?, ?)", rows)
        base.execute("COMMIT")

    return {
        "lcut": _least(partial(tokenizer.lcut, words)),
        "aes": _least(partial(cipher.encrypt, nonce, words.encode(), b"text")),
        "hmac": _least(partial(hmac.digest, secret, nonce * 4, "sha256")),
        "sha": _least(lambda: hashlib.sha256(nonce * 30).hexdigest()),
        "json": _least(partial(json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode, said)),
        "row": _least(insert, 5) / TOGETHER,
    }


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        service = prepare(demo_settings(Path(made), free_port()))
        load_sample(service)
        decide(service, 0, 8 * TOGETHER)
        found: list[tuple[float, dict[str, float]]] = []
        for batch in range(8, 8 + BATCHES):
            spent = dict.fromkeys(PARTS, 0.0)
            with _timed(spent):
                begun = time.thread_time()
                decide(service, batch * TOGETHER, TOGETHER)
                found.append((time.thread_time() - begun, spent))
        quiet = sorted(found, key=lambda one: one[0])[: BATCHES // 4]
        bare = _primitives(Path(made))
        service.writer.close()
        service.database.close()
    whole = sum(total for total, _ in quiet) / len(quiet) / TOGETHER * 1e6
    print(
        f"one new matter in a batch of {TOGETHER}: {whole:.0f} us, the quietest quarter of {BATCHES} batches"
    )
    print("at least: " + ", ".join(f"{name} {cost:.1f} us" for name, cost in bare.items()))
    rest, least = whole, 0.0
    for name, (_, _, needs) in PARTS.items():
        cost = sum(spent[name] for _, spent in quiet) / len(quiet) / TOGETHER * 1e6
        floor = sum(bare[one] * many for one, many in needs.items())
        rest, least = rest - cost, least + floor
        print(f"{name:<32}{cost:>7.0f} us {cost / whole:>6.1%}   at least {floor:>5.0f} us")
    print(f"{'the conversation, wording, commit':<32}{rest:>7.0f} us {rest / whole:>6.1%}")
    print(f"{'all':<32}{whole:>7.0f} us {1:>6.1%}   at least {least:>5.0f} us")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
