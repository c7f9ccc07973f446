"""Which function uses what, with imports resolved: `outbox.post` is `models.letter.post` where that is its name."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.conventions.sources import shown, sources

Function = ast.FunctionDef | ast.AsyncFunctionDef


def module_of(file: Path) -> str:
    """`models/petition.py` is `models.petition`."""
    return shown(file).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def functions(file: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, Function):
            yield node


def users_of(wanted: frozenset[str], *folders: str) -> dict[str, set[str]]:
    """`file:function` of whoever uses one of these full names, or hands it on; and which."""
    found: dict[str, set[str]] = {}
    for file in sources(*folders):
        tree = ast.parse(file.read_text("utf-8"))
        known = _imports(tree) | {
            name.rpartition(".")[2]: name for name in wanted if name.rpartition(".")[0] == module_of(file)
        }
        for node in ast.walk(tree):
            if isinstance(node, Function):
                used = set(_used(node, known)) & wanted
                if used:
                    found.setdefault(f"{shown(file)}:{node.name}", set()).update(used)
    return found


def _imports(tree: ast.Module) -> dict[str, str]:
    """Local names, and the full names behind them."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _used(function: Function, known: Mapping[str, str]) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield known.get(node.id, "")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{known.get(node.value.id, '')}.{node.attr}"
        elif isinstance(node, ast.Call) and _gets(node) and node.args and isinstance(node.args[0], ast.Name):
            yield f"{known.get(node.args[0].id, '')}.get"


def _gets(call: ast.Call) -> bool:
    """`session.get(Petition, …)`: a row by its id."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("get", "get_one")
