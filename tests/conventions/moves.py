"""Draws the table of moves for docs/architecture.md from itself: `python -m tests.conventions.moves`."""

from collections.abc import Iterator

from models.move import MOVES, Move
from models.petition import CLOSED, OPEN, State
from tests.conventions.page import redraw
from tests.conventions.sources import TOP

PAGE = TOP / "docs" / "architecture.md"
NAME = "moves"


def drawing() -> str:
    """The diagram of what changes a state, and the table of everything that may happen."""
    return "\n".join(["```mermaid", "stateDiagram-v2", *_arrows(), "```", "", *_rows()])


def _arrows() -> Iterator[str]:
    between: dict[tuple[str, str], list[str]] = {}
    for verb, move in MOVES.items():
        if move.leads_to is None:
            continue
        for state in _ordered(move):
            if state != move.leads_to and not move.leaves >= OPEN:
                between.setdefault((state or "[*]", move.leads_to), []).append(verb)
    for (source, target), verbs in between.items():
        yield f"    {source} --> {target}: {', '.join(verbs)}"
    for state in State:
        if state in CLOSED and state is not State.CONFIRMED:
            yield f"    {state} --> [*]"


def _rows() -> Iterator[str]:
    yield "| move | from | to | by | needs | told |"
    yield "|---|---|---|---|---|---|"
    for verb, move in MOVES.items():
        whole: dict[frozenset[State | None], str] = {frozenset(OPEN): "any open", frozenset(State): "any"}
        source = whole.get(move.leaves) or ", ".join(state or "–" for state in _ordered(move))
        cells = [", ".join(sorted(move.who)), ", ".join(sorted(move.needs)), ", ".join(move.told)]
        yield f"| `{verb}` | {source} | {move.leads_to or 'stays'} | {' | '.join(cells)} |"


def _ordered(move: Move) -> list[State | None]:
    return [state for state in (None, *State) if state in move.leaves]


if __name__ == "__main__":
    redraw(PAGE, NAME, drawing())
