"""`lianxin learn`: a rule set from a county's own confirmed work orders."""

import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path

from handlers.topic import RuleSetError
from handlers.topic.examples import Sample
from handlers.topic.jsonl import rows_of

MOST_NAMED = 20  # bad lines
EVERY = 20_000  # lines between two words of progress


def run(file: Path, rules: Path, *, at: datetime, owner: str = "") -> int:
    """Learns from `file` into the folder `rules`; what stood there stays until the new set is whole."""
    try:
        teaching = import_module("handlers.topic.teaching")
    except ModuleNotFoundError as missing:
        return _failed(f"{missing.name} is needed for learning: pip install '.[learn]'", 2)
    try:
        teaching.refuse_foreign(rules)
        sample = _read(file)
        _tell(f"{sample.good} lines read, {sample.bad} bad, {len(sample.categories)} categories")
        figures = teaching.teach(
            sample, rules, reason=f"learnt from {file.name}", owner=owner, at=at, tell=_tell
        )
    except RuleSetError as error:
        return _failed(str(error), 2)
    except OSError as error:
        return _failed(f"{error.filename or file}: {error.strerror}", 2)
    except ValueError as error:
        return _failed(f"{file}: {error}", 1)
    except KeyboardInterrupt:
        return _failed(f"stopped; {rules} is as it was", 1)
    _tell(figures)
    return 0


def _read(file: Path) -> Sample:
    named = 0

    def name(problem: str) -> None:
        nonlocal named
        named += 1
        if named <= MOST_NAMED:
            _tell(problem)
        elif named == MOST_NAMED + 1:
            _tell("further bad lines are only counted")

    sample = Sample(name)
    with file.open("rb") as stream:
        size = file.stat().st_size
        done = 0
        for row in rows_of(stream):
            sample.take(row)
            done += row.size
            if row.number % EVERY == 0:
                _tell(f"{row.number} lines, {done / max(size, 1):.0%}")
    return sample


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _failed(line: str, code: int) -> int:
    _tell(line)
    return code
