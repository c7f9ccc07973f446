"""Answers at once: is the right one found, and is a message that has none left to a person?

`wordings/questions.toml` was written from the bare list of what the sample county's answers are about (a code and a few
words each) by somebody who saw neither their wordings nor their texts. What has no answer: the messages of the village
and the citizen development sets and small talk, read in place; a few ask what an answer does meet, and count as false.
"""

import csv
import json
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from handlers.advice.choosing import chosen, may_be_asked
from handlers.advice.index import Index
from handlers.reader import Reader
from models.advice import Advice

HERE = Path(__file__).resolve()
DATA = HERE.parents[2] / "shared" / "data"
QUESTIONS = HERE.parent / "wordings" / "questions.toml"
SAMPLE = HERE.parents[1] / "bot" / "sample" / "county" / "\u95ee\u7b54.csv"
TODAY = date(2026, 11, 23)
NOWHERE: frozenset[str] = frozenset()
OTHERS = {"village_dev": "text", "citizen_dev": "subject", "smalltalk_dev": "text"}


def answers(file: Path = SAMPLE) -> list[Advice]:
    """The sample county's, in the columns of its sheet."""
    with file.open(encoding="utf-8") as opened:
        rows = list(csv.reader(opened))[1:]
    return [
        Advice(
            code=row[0],
            questions=row[1].split("\uff1b"),
            text=row[2],
            source=row[3],
            valid_until=date.fromisoformat(row[4]),
            office=row[5],
        )
        for row in rows
    ]


def main() -> int:
    reader = Reader.load()
    index = Index(reader, answers())
    asked = tomllib.loads(QUESTIONS.read_text("utf-8"))["question"] if QUESTIONS.exists() else []
    first = told = wrong = 0
    for one in asked:
        text = one["text"]
        route = reader.route(text)
        found = index.find(text, route, NOWHERE, TODAY)
        first += found is not None and found.code == one["answer"]
        given = (
            chosen(reader, index, text, route, NOWHERE, TODAY) if may_be_asked(reader, text, route) else None
        )
        told += given is not None
        wrong += given is not None and given.code != one["answer"]
    if asked:
        print(f"{len(asked)} questions: right answer at rank 1 {first / len(asked):.3f} (goal >= 0.85)")
        print(f"told at once {told / len(asked):.3f}, of those another answer {wrong / max(told, 1):.3f}")
    print(f"{'has no answer':<16}{'n':>6}{'answered':>10}{'share':>9}")
    for name, key in OTHERS.items():
        texts = list(_texts(name, key))
        false = sum(_answered(reader, index, text) for text in texts)
        print(f"{name:<16}{len(texts):>6}{false:>10}{false / max(len(texts), 1):>9.1%}")
    print("goal: at most 2 %")
    return 0


def _answered(reader: Reader, index: Index, text: str) -> bool:
    route = reader.route(text)
    return (
        may_be_asked(reader, text, route) and chosen(reader, index, text, route, NOWHERE, TODAY) is not None
    )


def _texts(name: str, key: str) -> Iterator[str]:
    file = DATA / f"{name}.jsonl"
    if not file.exists():
        print(f"advice: {name} is not here, skipped")
        return
    for line in file.read_text("utf-8").splitlines():
        yield json.loads(line)[key]


if __name__ == "__main__":
    raise SystemExit(main())
