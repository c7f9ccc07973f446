"""What a decision costs beside `jieba.lcut` of the same text, and how long a start takes."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import TypeVar

import jieba

from benchmarks.processor import warm
from handlers.topic import Understanding

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "citizen_dev.jsonl"
ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 15
Given = TypeVar("Given")
START = """
import sys, time
before, begun = time.perf_counter(), time.process_time()
from handlers.topic import PlaceName, Understanding
from pathlib import Path
places = [PlaceName(f"{i:06}", chr(0x6751 + i % 997) + chr(0x5C71 + i % 881) + chr(0x6751)) for i in range(3000)]
Understanding.load(Path(sys.argv[1]) if len(sys.argv) > 1 else None, places).route("x")
print(time.perf_counter() - before, time.process_time() - begun)
"""


def _seconds(act: Callable[[Given], object], given: Sequence[Given]) -> float:
    """Of a processor, each."""
    before = process_time()
    for one in given:
        act(one)
    return (process_time() - before) / len(given)


def _tokenizer() -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer(jieba.get_dict_file().name)
    tokenizer.initialize()
    return tokenizer


def ratios(act: Callable[[str], object], texts: list[str]) -> tuple[float, float, float]:
    """Seconds of lcut, seconds of the act, and the median of their ratio, measured turn by turn."""
    tokenizer = _tokenizer()
    pairs = [(_seconds(tokenizer.lcut, texts), _seconds(act, texts)) for _ in range(ROUNDS)]
    return median(a for a, _ in pairs), median(b for _, b in pairs), median(b / a for a, b in pairs)


def _told(understanding: Understanding, text: str) -> tuple[object, str]:
    """The decision with all its reasons, as a new matter keeps it; they are worked out when somebody asks."""
    route = understanding.route(text)
    return route.words, route.why


def parts(understanding: Understanding, texts: list[str]) -> dict[str, float]:
    """What can be asked by itself, in times of an lcut; what is between makes up the rest."""
    rules, table = understanding.rules, understanding.rules.table
    if table is None:
        return {}
    read = [rules.normaliser.read(text) for text in texts]
    given = [(one.text, one.pairs) for one in read]
    classes = [rules.lanes.read(text, near).names() for text, near in given]
    places = [table.words_in(text, near) for text, near in given]
    words = [rules.tokens.of(*each).around(at) for each, at in zip(given, places, strict=True)]
    acts: dict[str, Callable[[int], object]] = {
        "normalised": lambda at: rules.normaliser.read(texts[at]),
        "places": lambda at: rules.gazetteer.read(given[at][0], None, given[at][1]),
        "listed words": lambda at: rules.listed.find(*given[at]),
        "words of lanes": lambda at: rules.lanes.read(*given[at]).names(),
        "cut where a learnt word may be": lambda at: rules.tokens.of(*given[at]).around(
            table.words_in(*given[at])
        ),
        "weights added": lambda at: table.score(*given[at], words[at], classes[at]),
        "(cut as a whole)": lambda at: rules.tokens.cut(given[at][0]),
    }
    every = range(len(texts))
    tokenizer = _tokenizer()
    cut = median(_seconds(tokenizer.lcut, texts) for _ in range(ROUNDS))
    return {name: median(_seconds(act, every) for _ in range(ROUNDS)) / cut for name, act in acts.items()}


def starts(rules: Path | None) -> list[float]:
    """Seconds by the wall and of a processor from a running interpreter to the first decision, with 3,000 places; the
    best of four, of which three find their byte code.
    """
    command = [sys.executable, "-W", "ignore", "-c", START, *([str(rules)] if rules else [])]
    runs: list[list[str]] = []
    with TemporaryDirectory() as folder:
        environment = warm(Path(folder))
        for _ in range(4):
            run = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
            runs.append(run.stdout.decode().split())
    return [min(map(float, one)) for one in zip(*runs, strict=True)]


def main(rule_sets: list[str] | None = None) -> int:
    jieba.setLogLevel(60)
    if not DATA.exists():
        print(f"cost: skipped, {DATA} is not here")
        return 0
    rows = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    short = [row["subject"] for row in rows if 18 <= len(row["subject"]) <= 22]
    long = [row["text"][:1000] for row in rows if len(row["text"]) >= 1000][:20]
    print(f"{'rule set':<12}{'text':<28}{'lcut us':>9}{'route us':>10}{'ratio':>8}{'goal':>7}")
    for name, rules in _rule_sets(rule_sets or []):
        understanding = Understanding.load(rules)
        for label, texts, goal in (
            (f"20 characters ({len(short)})", short, 2.5),
            (f"1000 ({len(long)})", long, 1.6),
        ):
            for what, act in (("", understanding.route), (" + why", partial(_told, understanding))):
                cut, route, ratio = ratios(act, texts)
                row = f"{name:<12}{label + what:<28}{cut * 1e6:>9.0f}{route * 1e6:>10.0f}{ratio:>8.2f}"
                print(f"{row}{goal:>7}")
            shares = [f"{part} {share:.2f}" for part, share in parts(understanding, texts).items()]
            print(f"{'':<12}of an lcut: {', '.join(shares)}")
        wall, work = starts(rules)
        print(f"{name:<12}start with 3,000 places {wall:.2f} s, {work:.2f} s of a processor (goal 2 s)")
    return 0


def _rule_sets(names: list[str]) -> list[tuple[str, Path | None]]:
    """The shipped one, and those named on the command line."""
    return [("shipped", None), *[(Path(name).name, Path(name)) for name in names]]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
