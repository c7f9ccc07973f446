"""What the bot says: every wording has a sentence, every sentence its fields, and a villager can read it."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import nodes
from jinja2.meta import find_undeclared_variables

from bot.wording import TEXTS, Chinese, _environment, _sentences
from models.move import MOVES
from models.refusal import Refusal
from models.wording import Wording
from tests.conventions.sources import shown, sources

SHANGHAI = ZoneInfo("Asia/Shanghai")
ENVIRONMENT = _environment(SHANGHAI)
SENTENCES = {name: text for file in sorted(TEXTS.glob("*.toml")) for name, text in _sentences(file)}
FIELDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "fields.toml").read_text("utf-8"))
WORDINGS = {wording.value: wording for wording in (*Wording, *Refusal)}
NAMES = {f"{type(wording).__name__}.{wording.name}": wording for wording in WORDINGS.values()}
LINE, LINES, REFUSAL = 60, 6, 120  # characters, lines, characters
STAFF = ("officer.", "digest.")  # lists, help and figures: as long as they must be
TYPED = {"name", "category"}  # what an officer wrote comes back in the sentence
MANY = {"accounts", "choices", "numbers"}  # as many as there happen to be
UNNUMBERED = {"rights.next_page"}  # what to type next, below sentences that tell the number


def test_every_wording_has_one_sentence() -> None:
    assert len(WORDINGS) == len(Wording.__members__) + len(Refusal.__members__)
    assert SENTENCES.keys() == WORDINGS.keys()


def test_every_move_that_tells_somebody_has_its_letter() -> None:
    told = {f"letter.{verb}.{whom}" for verb, move in MOVES.items() for whom in move.told}
    assert told - SENTENCES.keys() == set()


def test_every_sentence_reads_well_with_all_known_and_with_what_may_be_missing() -> None:
    chinese = Chinese.load(SHANGHAI)
    wrong = {
        wording.value: (said, faults)
        for wording in WORDINGS.values()
        for fields in _fillings(wording)
        for said in [chinese.say(wording, fields)]
        if (faults := list(_faults(wording, said, "number" in fields)))
    }
    assert wrong == {}


def test_however_much_is_typed_a_refusal_stays_one_sentence() -> None:
    chinese = Chinese.load(SHANGHAI)
    long = {
        refusal.value: len(said)
        for refusal in Refusal
        for said in [
            chinese.say(
                refusal, {name: _at_most(name, known) for name, known in _fillings(refusal)[0].items()}
            )
        ]
        if len(said) > REFUSAL
    }
    assert long == {}


def test_fields_toml_has_a_value_for_every_field() -> None:
    wanted = {
        (wording.partition(".")[0], name) for wording, text in SENTENCES.items() for name in _wanted(text)
    }
    assert sorted(f"{family}: {name}" for family, name in wanted if name not in _known(family)) == []


def test_whoever_says_a_sentence_gives_all_its_fields() -> None:
    """A field forgotten is an error only when the sentence is said: found here, not by a villager."""
    missing = [
        f"{shown(file)}:{line} {wording}: {', '.join(sorted(lacking))}"
        for file in sources()
        for line, wording, given in _said(ast.parse(file.read_text("utf-8")))
        if (lacking := _wanted(SENTENCES[wording]) - given)
    ]
    assert missing == []


def _wanted(text: str) -> set[str]:
    return find_undeclared_variables(ENVIRONMENT.parse(text))


def _known(family: str) -> dict[str, Any]:
    own: dict[str, Any] = FIELDS["family"].get(family, {})
    return FIELDS | own


def _faults(wording: str, said: str, numbered: bool) -> Iterator[str]:
    lines = said.splitlines()
    if not said or any(hole in said for hole in ("None", "True", "False", "{", "}")):
        yield "a hole"
    if not wording.startswith((*STAFF, "refused.")) and (len(lines) > LINES or max(map(len, lines)) > LINE):
        yield f"longer than {LINES} lines of {LINE}"
    if wording.startswith("refused.") and (len(lines) > 1 or len(said) > REFUSAL):
        yield f"longer than one sentence of {REFUSAL}"
    if numbered and "编号 10 02 37" not in said and wording not in UNNUMBERED:
        yield "the number is not told in pairs"


def _fillings(wording: Wording | Refusal) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every field known; and those a sentence asks about before it says them missing."""
    tree = ENVIRONMENT.parse(SENTENCES[wording])
    known = _known(wording.partition(".")[0])
    full = {name: known[name] for name in _wanted(SENTENCES[wording])}
    tests: list[nodes.Node] = [branch.test for branch in tree.find_all(nodes.If)]
    tests += [choice.test for choice in tree.find_all(nodes.CondExpr)]
    tests += [either.left for either in tree.find_all(nodes.Or)]
    return full, full | {
        name: type(full[name])() for test in tests for name in _optional(test) if name in full
    }


def _at_most(name: str, known: Any) -> Any:
    if name in TYPED:
        return known * 100
    return known * 30 if name in MANY else known


def _optional(test: nodes.Node) -> Iterator[str]:
    """The names whose mere presence is asked after: `place`, `owner and not hidden`; not `state in (...)`."""
    if isinstance(test, nodes.Name):
        yield test.name
    elif isinstance(test, nodes.And | nodes.Or | nodes.Not):
        for part in test.iter_child_nodes():
            yield from _optional(part)


def _said(tree: ast.Module) -> Iterator[tuple[int, str, set[str]]]:
    """Calls that name a wording outright and give all fields by name: `Reply.of(Wording.X, a=...)`, `Refused(...)`."""
    for node in ast.walk(tree):
        if (
            not isinstance(node, ast.Call)
            or ast.unparse(node.func) not in ("Reply.of", "Refused")
            or not node.args
        ):
            continue
        name = ast.unparse(node.args[0])
        given = {keyword.arg for keyword in node.keywords}
        if name in NAMES and None not in given:
            yield node.lineno, NAMES[name].value, {field for field in given if field}
