"""The fixtures all tests share."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot import intake
from bot.wire import callback
from tests.matters import Matters, open_matters
from tests.postgresql import fresh_postgresql
from tests.world import Template, World, make_template, start

LONG = 120.0  # seconds


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loaded machine is no fault: nobody hangs up on it, unless a test is about just that."""
    monkeypatch.setattr(intake, "PATIENCE", LONG)
    monkeypatch.setattr(callback, "DEADLINE", LONG)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgresql_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    with fresh_postgresql() as url:
        yield make_template(tmp_path_factory.mktemp("postgresql"), url)


@pytest.fixture(params=["sqlite", "postgresql"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """The whole county, on each database."""
    if request.param == "sqlite":
        started = await start(request.getfixturevalue("template"), tmp_path)
        yield started
        await started.close()
        return
    template: Template = request.getfixturevalue("postgresql_template")
    with fresh_postgresql(template.settings.database_url) as url:
        started = await start(template, tmp_path, database_url=url)
        yield started
        await started.close()


@pytest.fixture
async def small_world(template: Template, tmp_path: Path) -> AsyncIterator[World]:
    """The whole county on SQLite alone, for tables whose rows need no second database."""
    started = await start(template, tmp_path)
    yield started
    await started.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def matters(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Matters]:
    """Petitions made by the real acts, on each database, without the service around them."""
    if request.param == "sqlite":
        template: Template = request.getfixturevalue("template")
        for file in template.folder.glob("lianxin.db*"):
            shutil.copy(file, tmp_path / file.name)
        made = open_matters(template, tmp_path)
        yield made
        made.close()
        return
    template = request.getfixturevalue("postgresql_template")
    with fresh_postgresql(template.settings.database_url) as url:
        made = open_matters(template, tmp_path, url)
        yield made
        made.close()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where everything is provided, nothing may be skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("LIANXIN_NO_SKIP") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = 1
