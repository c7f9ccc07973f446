"""No petition at all: how many greetings and how much small talk the shipped rules take for a matter."""

import json
from collections import Counter
from pathlib import Path

from handlers.topic import Understanding

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "smalltalk_dev.jsonl"
GOAL = 0.05


def main() -> int:
    if not DATA.exists():
        print(f"talk: skipped, {DATA} is not here")
        return 0
    understanding = Understanding.load()
    seen: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    lanes: Counter[str] = Counter()
    for line in DATA.read_text("utf-8").splitlines():
        row = json.loads(line)
        route = understanding.route(row["text"])
        seen[row["kind"]] += 1
        lanes[route.lane] += 1
        taken[row["kind"]] += route.lane == "petition"
        asked[row["kind"]] += route.lane == "petition" and route.ask
    print(f"{'kind':<12}{'n':>6}{'petitions':>11}{'of them asked':>15}{'share':>9}")
    for kind, count in [*seen.items(), ("all", sum(seen.values()))]:
        wrong, back = (
            (taken[kind], asked[kind]) if kind in seen else (sum(taken.values()), sum(asked.values()))
        )
        print(f"{kind:<12}{count:>6}{wrong:>11}{back:>15}{wrong / count:>9.1%}")
    print(f"goal: at most {GOAL:.0%}; lanes: {dict(lanes)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
