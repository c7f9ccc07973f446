"""Every path by which a petition may reach somebody of the staff, and how the excluded are kept off it.

What is watched is read from the code, not listed: whatever in models/ finds a petition or somebody of the staff, and
besides it what reads a villager's words, counts for a digest or posts a letter. Each function that uses one of them
stands in the table with its answer to the one question, `handlers.notices.may_know` (design: excluded set); a new one
fails until it does. That the answers hold is tried word by word in tests/stories/test_conduct.py.
"""

import ast
import re
import tomllib
from functools import cache

from tests.conventions.sources import TOP, shown, sources
from tests.conventions.uses import functions, module_of, users_of

FINDS = re.compile(r"\b(Petition|Officer|Desk|Assignment|PetitionEvent|View|Digest)\b")
MAKES = frozenset(
    {"models.petition.create", "models.move.move", "models.ledger.append", "models.view.note_view"}
)
# What finds accounts, words or figures without its type saying so; a row by its id; the outbox.
BESIDES = frozenset(
    {
        *(f"models.duty.{name}" for name in ("colleagues_of", "reports_of", "avoid_of", "stand_ins_with")),
        *(f"models.petition.{name}" for name in ("due_ids", "open_ids", "guarded_ids", "Petition.get")),
        *(f"models.message.{name}" for name in ("of_petition", "with_text")),
        *(f"handlers.petition.saying.{name}" for name in ("said_in", "known_as")),
        *("handlers.digest.compose.compose", "models.counting.count", "models.letter.post"),
        *(f"models.breakdown.{name}" for name in ("break_down", "causes")),
        "models.counting.behind",
        "models.listing.selected",
    }
)
# The villager's own: what he is told of his own matters, and what he does to them.
OWN = ("handlers/villager/", "handlers/accusation.py", "handlers/receipt.py", "handlers/questions.py")
IMPORT = "handlers/directory/"  # the import of the directory itself knows of no petition
PATHS: dict[str, str] = tomllib.loads((TOP / "tests/conventions/paths_out.toml").read_text("utf-8"))["path"]


def test_every_path_out_is_known_with_its_answer() -> None:
    assert set(paths()) - PATHS.keys() == set(), "a new path: how are the excluded kept off it?"


def test_the_table_names_no_path_that_is_gone() -> None:
    assert PATHS.keys() - set(paths()) == set()


def test_what_is_watched_is_what_finds_matters_and_people() -> None:
    """A function found by its type alone stands for the rest: the reading of types works."""
    assert {"models.petition.by_number", "models.duty.superiors_of", "models.listing.selected"} <= watched()
    known = {f"{module_of(file)}.{one.name}" for file in sources() for one in functions(file)}
    assert {name for name in BESIDES | MAKES if not name.endswith(".get")} - known == set()


def test_what_is_under_way_when_somebody_is_excluded_is_stopped_at_the_door() -> None:
    """The courier is the last to ask; a move by or to somebody excluded is refused by the table of moves."""
    for file, name in (("bot/courier.py", "may_know"), ("models/eyes.py", "excluded")):
        [source] = [one for one in sources() if shown(one) == file]
        assert name in source.read_text("utf-8")


def test_nobody_but_the_models_asks_the_database() -> None:
    """A query written elsewhere would be a path that no table sees."""
    for file in sources("handlers", "scheduler", "bot"):
        imported = re.findall(r"^from sql\w+[\w.]* import (.+)$", file.read_text("utf-8"), re.MULTILINE)
        assert not {"select", "text", "insert", "update", "delete"} & set(
            re.findall(r"\w+", " ".join(imported))
        ), shown(file)


@cache
def watched() -> frozenset[str]:
    typed = {
        f"{module_of(file)}.{one.name}"
        for file in sources("models")
        for one in functions(file)
        if one.returns and not one.name.startswith("_") and FINDS.search(ast.unparse(one.returns))
    }
    return frozenset(typed - MAKES) | BESIDES


@cache
def paths() -> frozenset[str]:
    return frozenset(
        path
        for path in users_of(watched(), "handlers", "scheduler", "bot")
        if not path.startswith((*OWN, IMPORT))
    )
