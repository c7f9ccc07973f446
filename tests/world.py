"""A whole county for a test: the real service over HTTP, the simulator's phones, and a clock to move."""

import csv
import shutil
import socket
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlmodel import col, select

from bot.application import Service, application, prepare
from bot.demo import demo_settings, load_sample, simulator_for
from bot.settings import Settings
from bot.simulator import Simulator
from handlers.arrival import look_again
from handlers.departure import hand_on
from handlers.directory import Files, Imported, Row, Sheet, import_directory, no_files
from handlers.reader import Reader
from models.bell import rang
from models.letter import Letter, fields_of
from models.officer import officers
from models.petition import Petition, by_number

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAMPLE = Path(__file__).parents[1] / "bot" / "sample" / "county"
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)


@dataclass
class TestClock:
    """A clock that stands still until it is moved."""

    __test__ = False
    at: datetime = MONDAY_MORNING

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class World:
    """What a story needs."""

    settings: Settings
    service: Service
    simulator: Simulator
    clock: TestClock
    runner: web.AppRunner
    people: dict[str, int] = field(default_factory=dict)
    files: Files = no_files  # what lies beside a workbook

    async def tick(self, **by: float) -> dict[str, object]:
        """Moves the clock and does what is due."""
        self.clock.move(**by)
        return await self.service.tick(self.clock.now())

    def villager(self, name: str = "a"):
        return self.simulator.villager(f"oVILLAGER{name:0>19}")

    def cadre(self, account: str):
        return self.simulator.cadre(account)

    def owner(self, number: str) -> str:
        owner = self.petition(number).owner
        assert owner is not None
        return owner

    def petition(self, number: str) -> Petition:
        with self.service.database.reading() as session:
            found = by_number(session, number)
            assert found is not None, number
            return found

    def petitions(self) -> list[Petition]:
        with self.service.database.reading() as session:
            return list(session.exec(select(Petition).order_by(col(Petition.id))))

    def letters(self, to: str | None = None) -> list[tuple[str, str, dict]]:
        """(recipient, wording, fields) of every letter posted."""
        with self.service.database.reading() as session:
            keys = self.service.knowledge.keys(session, self.clock.now())
            return [
                (letter.to, letter.wording, fields_of(session, keys, letter) or {})
                for letter in session.exec(select(Letter).order_by(col(Letter.id)))
                if to is None or letter.to == to
            ]

    def staff(self) -> list[str]:
        """The accounts of everybody on file."""
        with self.service.database.reading() as session:
            return [officer.account for officer in officers(session)]

    def loads(self, *given: Sheet, **tables: list[list[str]]) -> Imported:
        """What `lianxin load` does with sheets, the heading first."""
        sheets = [
            Sheet(name, table[0], [Row(number, row) for number, row in enumerate(table[1:], start=2)])
            for name, table in tables.items()
        ]
        at = self.clock.now()
        with self.service.database.transaction() as session:
            county = self.service.knowledge.county(session, at)
            return import_directory(
                session,
                county.keys,
                [*given, *sheets],
                county.reader.category_codes,
                at,
                on_left=hand_on(county),
                on_people=look_again(county),
                files=self.files,
            )

    async def close(self) -> None:
        await self.simulator.close()
        await self.runner.cleanup()


def sample(sheet: str) -> list[list[str]]:
    """A sheet of the sample county with its heading, for a test to change."""
    return list(csv.reader((SAMPLE / f"{sheet}.csv").read_text("utf-8").splitlines()))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Template:
    """A migrated database with the sample county, made once and copied for each test."""

    folder: Path
    settings: Settings
    reader: Reader


def make_template(folder: Path, database_url: str = "sqlite:///lianxin.db") -> Template:
    settings = demo_settings(folder, 1, database_url=database_url)
    service = prepare(settings, TestClock().now)
    assert load_sample(service) == 0
    with service.database.transaction() as session:
        reader = service.knowledge.county(session, TestClock().now()).reader
        rang(
            session, "calendar", date.max
        )  # its yearly warning to the operators is no part of any story but its own
    service.writer.close()
    service.database.close()
    nowhere = settings.model_copy(
        update={"folder": folder / "copy it first"}
    )  # what one test writes no other reads
    return Template(folder, nowhere, reader)


def copied(template: Template, folder: Path) -> Settings:
    """The settings of a copy of the template's database of its own in `folder`."""
    for file in template.folder.glob("lianxin.db*"):
        shutil.copy(file, folder / file.name)
    given = template.settings.model_dump() | {"folder": folder}
    given["service"] |= {"data_dir": folder}
    return Settings.model_validate(given)


async def start(
    template: Template,
    folder: Path,
    clock: TestClock | None = None,
    database_url: str | None = None,
    *,
    own_rules: bool = False,
    further: dict[str, Any] | None = None,
) -> World:
    """A fresh copy of the template (or the database given), served on a port of its own.

    `own_rules`: the rule set its settings name is read; else the template's, which is the shipped one.
    `further`: sections of the configuration, laid over those of the template.
    """
    port = free_port()
    given = copied(template, folder).model_dump()
    given["service"] |= {"port": port}
    if database_url:
        given["database"]["url"] = database_url
    address = f"http://127.0.0.1:{port}"
    given["wechat"]["api_base_url"] = f"{address}/sim/wechat"
    given["wecom"]["api_base_url"] = f"{address}/sim/wecom"
    for section, keys in (further or {}).items():
        given[section] = keys if isinstance(keys, list) else (given.get(section) or {}) | keys
    settings = Settings.model_validate(given)
    clock = clock or TestClock()
    service = prepare(settings, clock.now, None if own_rules else template.reader)
    app = application(service, with_scheduler=False)
    simulator = simulator_for(settings, clock.now)
    simulator.wechat_callback.patience = simulator.wecom_callback.patience = (
        120  # a loaded machine is no fault
    )
    app.add_subapp("/sim/wechat", simulator.wechat_app())
    app.add_subapp("/sim/wecom", simulator.wecom_app())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return World(settings, service, simulator, clock, runner)


def number_in(text: str) -> str:
    """The first number a reply tells."""
    from handlers.commands import numbered

    _, _, after = text.partition("编号 ")
    number = numbered(after)[1]
    assert number is not None, text
    return number
