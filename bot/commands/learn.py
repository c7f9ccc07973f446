"""`lianxin learn`: a rule set from a county's own work orders, or from matters confirmed here."""

import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path

from bot.settings import Settings
from handlers.topic import RuleSetError
from handlers.topic.confirmed import propose
from handlers.topic.examples import Sample
from handlers.topic.jsonl import rows_of
from models import word_count
from models.database import Database

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


def confirmed(database: Database, settings: Settings, rules: Path, config: Path, *, at: datetime) -> int:
    """Proposes words from the counts of confirmed matters, in a folder of its own; a person publishes it."""
    with database.reading() as session:
        counts = list(word_count.totals(session))
    try:
        told = propose(counts, settings.rule_set, rules, owner=settings.service.name, at=at)
    except RuleSetError as error:
        return _failed(f"lianxin learn: {error}", 2)
    except OSError as error:
        return _failed(f"lianxin learn: {error.filename or rules}: {error.strerror}", 2)
    except ValueError as error:
        return _failed(f"lianxin learn: {error}; {rules} is as it was", 1)
    _tell(f"{rules}: {told}")
    _tell(f"see what would move: lianxin route --rules {rules} --config {config}")
    _tell(
        f'to publish it: rules = "{rules.resolve()}" under [routing] in {config}, and start the service anew'
    )
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
