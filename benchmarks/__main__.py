"""`make bench`: every figure, one table after the other. Data that is not there is a reason to skip, not to fail."""

import importlib
import sys

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
    for name in chosen:
        print(f"\n== {name}", flush=True)
        status = max(status, importlib.import_module(f"benchmarks.{name}").main() or 0)
    return status


if __name__ == "__main__":
    sys.exit(main())
