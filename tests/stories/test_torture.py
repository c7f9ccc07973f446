"""The short form of `make torture`: killed a few times under load, and nothing that was answered is lost."""

import random
import shutil
from pathlib import Path

import pytest

from tests.postgresql import fresh_postgresql
from tests.torture import Torture, settings_for
from tests.world import Template

SEED = 20261122


def test_what_was_answered_is_there_once_after_every_kill(template: Template, tmp_path: Path):
    for file in template.folder.glob("lianxin.db*"):
        shutil.copy(file, tmp_path / file.name)
    settings = settings_for(template, tmp_path, template.settings.database.url)
    assert Torture(settings, template.reader, random.Random(SEED)).run(kills=3) == []


def test_on_postgresql_too(request: pytest.FixtureRequest, tmp_path: Path):
    template: Template = request.getfixturevalue("postgresql_template")
    with fresh_postgresql(template.settings.database_url) as url:
        assert (
            Torture(settings_for(template, tmp_path, url), template.reader, random.Random(SEED)).run(kills=2)
            == []
        )
