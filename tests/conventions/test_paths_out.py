"""Every path by which a petition may reach somebody of the staff, and how the excluded are kept off it.

Whatever finds petitions or people for one another stands in this table. Something new fails here until it is
written down with its answer to the one question, `handlers.notices.may_know` (design: excluded set). That the
answers hold is tried word by word in tests/stories/test_conduct.py.
"""

import ast
from collections.abc import Iterator

from tests.conventions.sources import shown, sources

PEOPLE = frozenset(
    {
        *("duty_desk", "supervision", "sealed_officers", "superior_of", "superiors_of", "stand_in_of"),
        *("receivers", "owner_for", "officers_named", "officers_with", "colleagues_of", "officers"),
    }
)
PETITIONS = frozenset(
    {
        *("by_number", "owned_by", "unassigned", "overdue", "pending_ones", "unreachable", "visible"),
        *("similar_to", "companions_of"),
    }
)
ASKED = "asks may_know of each"
HANDED = "hands the excluded to what it asks"
OWN = "the villager's own, told to the villager"
FIGURES = "figures alone, no petition is named"

PATHS = {
    # dispatch, hand-over, ladder
    "handlers/petition/dispatch.py:whose": HANDED,
    "handlers/petition/hazard.py:_receivers": HANDED,
    "handlers/petition/ladder.py:_ladder": HANDED + "; next_rung passes over them",
    "handlers/petition/handing.py:ask_extension": HANDED,
    "handlers/departure.py:_successor": HANDED,
    "handlers/departure.py:hand_on": "finds what one owned, to take it from him",
    "handlers/departure.py:on_left": "finds what one owned, to take it from him",
    "handlers/officer/finding.py:colleague": ASKED,
    # joining
    "handlers/petition/joining.py:offer_similar": ASKED,
    "handlers/petition/joining.py:with_companions": "of the same owner, and move() asks again",
    # letters
    "handlers/notices.py:recipients": HANDED + "; " + ASKED,
    "handlers/notices.py:desk_of": HANDED,
    "handlers/notices.py:tell_operators": "names no petition",
    # lists, search, reading
    "handlers/intake.py:_key_of": "finds under whose key the reply just given is kept",
    "bot/knowledge.py:_discipline": "the name of an office; no petition",
    "handlers/officer/finding.py:meant": ASKED,
    "handlers/officer/cadre.py:_waiting_for_me": "candidates for meant, which asks",
    "handlers/officer/desk.py:_in_queue": "candidates for meant, which asks",
    "handlers/officer/reading.py:tasks": "_listed asks, by may_see",
    "handlers/officer/reading.py:queue": "_listed asks, by may_see",
    "handlers/officer/reading.py:visits": "_listed asks, by may_see",
    "handlers/officer/reading.py:late": "_listed asks, by may_see",
    "handlers/villager/wishes.py:_mine": OWN,
    "handlers/villager/doors.py:_by_number": OWN,
    # pages
    "bot/pages/petitions.py:home": "the condition leaves them out; may_see asks may_know",
    "bot/pages/petitions.py:petition": "may_see asks may_know",
    "handlers/petition/exporting.py:_matter": "may_see asks may_know, of each of the two people",
    "handlers/petition/exporting.py:concerns": "may_see asks may_know",
    # digests
    "handlers/digest/telling.py:_watch": ASKED,
    "scheduler/digest.py:_made": FIGURES,
    "handlers/study/notices.py:_readers": "figures of a service; no petition is named",
    "bot/demo.py:members": "the simulator's telephones; names no petition",
    # the set itself
    "handlers/petition/exclusion.py:_add_with_all_near": "makes the set",
    "handlers/petition/naming.py:load": "makes the set",
}


def test_every_path_out_is_known_with_its_answer() -> None:
    assert set(_paths()) - PATHS.keys() == set(), "a new path: how are the excluded kept off it?"


def test_the_table_names_no_path_that_is_gone() -> None:
    assert PATHS.keys() - set(_paths()) == set()


def test_what_is_under_way_when_somebody_is_excluded_is_stopped_at_the_door() -> None:
    """The courier is the last to ask; a move by or to somebody excluded is refused by the table of moves."""
    for file, name in (("bot/courier.py", "may_know"), ("models/eyes.py", "excluded")):
        [source] = [one for one in sources() if shown(one) == file]
        assert name in source.read_text("utf-8")


def _paths() -> Iterator[str]:
    for file in sources("handlers", "scheduler", "bot"):
        if shown(file).startswith("handlers/directory/"):
            continue  # the import of the directory itself knows of no petition
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _finds(node):
                yield f"{shown(file)}:{node.name}"


def _finds(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it calls, or hands on, one of the functions that find people or petitions."""
    return any(
        isinstance(node, ast.Name) and node.id in PEOPLE | PETITIONS and isinstance(node.ctx, ast.Load)
        for node in ast.walk(function)
    )
