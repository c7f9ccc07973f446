"""What the pages say is what the code does."""

import ast
import re
from types import ModuleType

import pytest

from bot.commands import DECLARED
from models.tables import metadata
from models.wording import Wording
from tests.conventions import moves, routes, tricks
from tests.conventions.page import drawn
from tests.conventions.sources import TOP, shown, sources

READMES = ["README.md", "README.zh-CN.md"]
PAGES = [*READMES, "THIRD_PARTY.md", *sorted(shown(page) for page in (TOP / "docs").rglob("*.md"))]


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_names_every_command_and_no_other(readme: str) -> None:
    text = _read(readme)
    rows = re.findall(r"^\| (`.*?) \|", _section(text, "`lianxin …`").partition("---")[2], re.MULTILINE)
    named = {command for row in rows for command in re.findall(r"`([a-z-]+)", row)}
    assert named == DECLARED.keys()
    assert set(re.findall(r"^lianxin ([a-z-]+)", text, re.MULTILINE)) <= DECLARED.keys()


@pytest.mark.parametrize("readme", READMES)
def test_every_word_of_the_glossary_is_a_word_of_the_code(readme: str) -> None:
    words = set(re.findall(r"\*\*([a-z]+)\*\*", _section(_read(readme), "**petition**")))
    assert len(words) > 12
    assert words - _names() == set()


def test_both_readmes_have_one_glossary() -> None:
    glossaries = [
        re.findall(r"\*\*([a-z]+)\*\*", _section(_read(readme), "**petition**")) for readme in READMES
    ]
    assert glossaries[0] == glossaries[1]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_points_nowhere(page: str) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", _read(page))
    assert [target for target in targets if not (TOP / page).parent.joinpath(target).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_file_a_page_speaks_of_is_there(page: str) -> None:
    spoken = re.findall(r"`((?:bot|handlers|models|scheduler|docs|tests|benchmarks)/[\w/.-]*)`", _read(page))
    assert [name for name in spoken if not (TOP / name).exists()] == []


@pytest.mark.parametrize("part", [moves, routes, tricks], ids=lambda part: part.NAME)
def test_what_is_drawn_from_the_code_is_drawn_as_it_is(part: ModuleType) -> None:
    assert drawn(part.PAGE, part.NAME) == part.drawing(), (
        f"draw it anew: python -m tests.conventions.{part.NAME}"
    )


def test_every_test_the_security_page_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", _read("docs/security.md")))
    known = {
        node.name
        for file in (TOP / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert len(named) > 40
    assert named - known == set()


def test_the_architecture_names_every_table() -> None:
    assert (
        set(re.findall(r"`([a-z_]+)`", _section(_read("docs/architecture.md"), "subject"))) - {"data_key"}
        >= metadata.tables.keys()
    )


def _read(page: str) -> str:
    return (TOP / page).read_text("utf-8")


def _section(text: str, cell: str) -> str:
    """The table that holds `cell`."""
    return next(block for block in text.split("\n\n") if f"| {cell}" in block)


def _names() -> set[str]:
    """Every name the code gives: files, classes, functions, columns; and the members of the wordings."""
    names = {file.stem for file in sources()} | {file.parent.name for file in sources()}
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                names.add(node.name.lower())
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(node.target.id)
    return names | {Wording.__name__.lower()}
