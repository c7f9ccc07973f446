"""The rules of a running service: made anew with the directory, and kept where the new ones are broken."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.knowledge import Knowledge
from bot.settings import Settings
from handlers.reader import Reader
from handlers.topic import RuleSetError
from models.database import Database
from models.directory import DirectoryVersion
from models.session import Session
from tests.world import Template, TestClock, copied

SMALL = Path(__file__).parents[1] / "handlers" / "topic" / "small"
NOW = TestClock().now()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return shutil.copytree(SMALL, tmp_path / "rules")


@pytest.fixture
def settings(template: Template, tmp_path: Path, rules: Path) -> Settings:
    given = copied(template, tmp_path).model_dump() | {"routing": {"rules": str(rules)}}
    return Settings.model_validate(given)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings.database_url)
    yield opened
    opened.close()


def load_again(database: Database) -> None:
    """As `lianxin load` with a change leaves the directory."""
    with database.transaction() as session:
        row = session.get(DirectoryVersion, 1)
        assert row is not None
        row.version += 1
        session.add(row)


def reader(knowledge: Knowledge, database: Database) -> Reader:
    with database.transaction() as session:
        return known(knowledge, session)


def known(knowledge: Knowledge, session: Session) -> Reader:
    return knowledge.county(session, NOW).reader


def test_a_rule_set_broken_meanwhile_leaves_the_running_one_at_work(
    settings: Settings, database: Database, rules: Path
):
    knowledge = Knowledge(settings)
    first = reader(knowledge, database)
    words = rules / "topics" / "words.toml"
    sound = words.read_text("utf-8")
    words.write_text(sound + '[[word]]\nleaf = "0999"\n', "utf-8")
    load_again(database)
    assert reader(knowledge, database) is first, "refused, and nothing half-loaded is in its place"

    words.write_text(sound + "# mended\n", "utf-8")
    load_again(database)
    mended = reader(knowledge, database)
    assert mended is not first
    assert mended.version != first.version


def test_a_broken_rule_set_stops_a_service_from_starting(settings: Settings, database: Database, rules: Path):
    (rules / "manifest.toml").unlink()
    with pytest.raises(RuleSetError, match=r"manifest\.toml: the file is missing"):
        reader(Knowledge(settings), database)
