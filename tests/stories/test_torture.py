"""The short form of `make torture`: killed a few times under load, and nothing that was answered is lost."""

import random
import shutil
from pathlib import Path

from tests.postgresql import fresh_postgresql
from tests.torture import Torture, settings_for
from tests.world import Template

SEED = 20261122


def test_what_was_answered_is_there_once_after_every_kill(template: Template, tmp_path: Path):
    for file in template.folder.glob("lianxin.db*"):
        shutil.copy(file, tmp_path / file.name)
    settings = settings_for(template, tmp_path, template.settings.database.url)
    assert Torture(settings, template.reader, random.Random(SEED)).run(kills=3) == []


def test_on_postgresql_too_where_two_processes_serve(postgresql_template: Template, tmp_path: Path):
    with fresh_postgresql(postgresql_template.settings.database_url) as url:
        settings = settings_for(postgresql_template, tmp_path, url)
        torture = Torture(settings, postgresql_template.reader, random.Random(SEED), processes=2)
        assert torture.run(kills=4) == []
