"""Citizens' messages of a provincial board: learnt from the dev files, five-fold cross-validated, by the public way.

Every fold is learnt by what `lianxin learn` calls and decided by what `lianxin route` calls; the messages of the fold
are left out of learning, subject and body. Seven labels of an urban-leaning board: land, farming, civil affairs, law,
party affairs and discipline are not among them.
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from handlers.topic import Route, Understanding
from handlers.topic.examples import Sample
from handlers.topic.jsonl import Row
from handlers.topic.teaching import teach

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FOLDS = 5
AT = datetime(2026, 11, 22, tzinfo=UTC)

Decided = tuple[str, Route]  # the label and what was decided


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def _taught(rows: list[dict[str, Any]], folder: Path) -> Understanding:
    sample = Sample(lambda problem: None)
    for number, row in enumerate(rows, 1):
        sample.take(Row(number, {"text": row.get("text") or row["words"], "category": row["label"]}))
    teach(sample, folder, reason="benchmark", owner="benchmark", at=AT, tell=lambda line: None)
    return Understanding.load(folder)


def _decided() -> Iterator[tuple[str, Decided]]:
    messages, segmented = _rows("citizen_dev.jsonl"), _rows("citizen_dev_segmented.jsonl")
    places = Counter[str]()
    folds: list[list[dict[str, Any]]] = [[] for _ in range(FOLDS)]
    for row in messages:  # each label dealt out evenly
        folds[places[row["label"]] % FOLDS].append(row)
        places[row["label"]] += 1
    for number, fold in enumerate(folds, 1):
        print(f"fold {number} of {FOLDS}", file=sys.stderr)
        others = [row for other in folds if other is not fold for row in other]
        with tempfile.TemporaryDirectory() as folder:
            understanding = _taught([*others, *segmented], Path(folder) / "rules")
        for row in fold:
            yield "subject", (row["label"], understanding.route(row["subject"]))
            yield "full text", (row["label"], understanding.route(row["text"]))


def _f1(decided: list[Decided], label: str) -> float:
    hits = sum(route.category == label == wanted for wanted, route in decided)
    said = sum(route.category == label for _, route in decided)
    wanted = sum(wanted == label for wanted, _ in decided)
    return 2 * hits / (said + wanted)


def _print(condition: str, decided: list[Decided]) -> None:
    labels = sorted({wanted for wanted, _ in decided})
    scores = {label: _f1(decided, label) for label in labels}
    right = sum(route.category == wanted for wanted, route in decided) / len(decided)
    print(f"\n{condition}, n = {len(decided)}")
    for label in labels:
        print(f"  {label:<10}\t{scores[label]:.3f}")
    print(f"  macro-F1 {sum(scores.values()) / len(scores):.4f}   accuracy {right:.4f}")
    if condition == "subject":
        _print_asking(decided)
    _print_confusions(decided)


def _print_asking(decided: list[Decided]) -> None:
    sure = [(wanted, route) for wanted, route in decided if not _asks(route)]
    asked = [(wanted, route) for wanted, route in decided if _asks(route)]
    sure_right = sum(route.category == wanted for wanted, route in sure)
    offered = sum(wanted in [each.category for each in route.candidates[:3]] for wanted, route in asked)
    print(f"  decided at once {len(sure) / len(decided):.1%}, {sure_right / len(sure):.3f} of them right")
    print(f"  asked back {len(asked)}, right one among three {offered / max(len(asked), 1):.3f}", end="; ")
    print(f"right in the end {(sure_right + offered) / len(decided):.3f}")


def _asks(route: Route) -> bool:
    """By margin and floor alone, whatever the lane."""
    return route.unsure


def _print_confusions(decided: list[Decided]) -> None:
    confused = Counter((wanted, route.category) for wanted, route in decided if wanted != route.category)
    for (wanted, said), count in confused.most_common(5):
        print(f"  {wanted} taken for {said}: {count}")


def main() -> int:
    if not (DATA / "citizen_dev.jsonl").exists():
        print(f"citizen: skipped, {DATA} is not here")
        return 0
    conditions: dict[str, list[Decided]] = {}
    for condition, decided in _decided():
        conditions.setdefault(condition, []).append(decided)
    for condition, all_decided in conditions.items():
        _print(condition, all_decided)
    lanes = Counter(route.lane for _, route in conditions["subject"])
    print(f"\nlanes of the subjects: {dict(lanes)}")
    for _, route in conditions["subject"][:5]:
        print(f"  {route.category}: {route.why}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
