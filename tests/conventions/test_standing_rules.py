"""The standing rules of docs/architecture.md, each as a check that can fail."""

import ast
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.conventions.sources import shown, sources

Rule = Callable[[ast.AST], bool]
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
NETWORK = {"aiohttp", "requests", "urllib", "http", "socket", "wechatpy", "smtplib", "asyncio"}


def test_whoever_opens_the_session_commits_and_acts_never_do() -> None:
    doors = {"models/database.py", "models/migrations/env.py"}
    assert _breaches(_commits, sources(), but_in=doors) == []


def test_acts_do_no_network() -> None:
    [alone] = _breaches(_imports_network, sources("handlers", "models"))
    assert alone.partition(":")[0] == "models/database.py", "which tells its driver's socket not to wait"


def test_one_clock_reads_the_time() -> None:
    assert _breaches(_reads_a_clock, sources(), but_in={"scheduler/clock.py"}) == []


def test_a_state_changes_by_a_move_alone() -> None:
    elsewhere = {
        "models/letter.py",
        "models/history.py",
    }  # a letter's own state; what a chain of events tells
    assert _breaches(_assigns_state, sources(), but_in={"models/move.py", *elsewhere}) == []


def test_only_a_move_writes_the_ledger() -> None:
    assert _breaches(_appends_event, sources(), but_in={"models/move.py", "models/ledger.py"}) == []


def test_an_act_is_handed_its_session_and_its_time() -> None:
    assert _breaches(_acts_unasked, sources("handlers/petition")) == []


def test_sql_lives_in_models() -> None:
    """Handlers and jobs may get one row by its key; whatever searches has a name in models."""
    assert _breaches(_imports_sql, sources("handlers", "scheduler")) == []


def _breaches(rule: Rule, files: Iterable[Path], but_in: Iterable[str] = ()) -> list[str]:
    return [
        f"{shown(file)}:{getattr(node, 'lineno', 0)}"
        for file in files
        if shown(file) not in but_in
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if rule(node)
    ]


def _commits(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback")


def _reads_a_clock(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ".".join(ast.unparse(node.func).split(".")[-2:]) in CLOCKS


def _assigns_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(
            isinstance(one, ast.Attribute) and one.attr == "state"
            for target in targets
            for one in ast.walk(target)
        )
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func) == "setattr"
        and ast.unparse(node.args[1]) == "'state'"
    )


def _appends_event(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in ("ledger.append", "PetitionEvent")
    return isinstance(node, ast.ImportFrom) and node.module == "models.ledger" and "append" in _names(node)


def _imports_network(node: ast.AST) -> bool:
    return any(name.partition(".")[0] in NETWORK for name in _modules(node))


def _imports_sql(node: ast.AST) -> bool:
    return any(name.partition(".")[0] in ("sqlalchemy", "sqlmodel") for name in _modules(node))


def _acts_unasked(node: ast.AST) -> bool:
    """A public function that makes a move, without `session` as its first argument and `at` among them."""
    if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
        return False
    calls = [ast.unparse(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)]
    names = [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
    return "move" in calls and not (names[:1] == ["session"] and "at" in names)


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from _names(node)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""


def _names(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [name.name for name in node.names]
