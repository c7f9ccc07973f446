"""`make bench`: every figure, one table after the other. Data that is not there is a reason to skip, not to fail."""

import importlib
import sys

from benchmarks.figure import FOUND, machine, table

NAMES = (
    "village",
    "talk",
    "advice",
    "citizen",
    "cost",
    "callback",
    "load",
    "message",
    "outbox",
    "processes",
    "size",
    "storm",
    "study",
    "roster",
    "desk",
    "digest",
    "console",
)


def main() -> int:
    chosen = sys.argv[1:] or NAMES
    status = 0
    print(machine())
    for name in chosen:
        print(f"\n== {name}", flush=True)
        status = max(status, importlib.import_module(f"benchmarks.{name}").main() or 0)
    if FOUND:
        print(f"\n== all of it\n{table()}")
    print(machine())
    return status


if __name__ == "__main__":
    sys.exit(main())
