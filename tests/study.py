"""A county that brings study to its members: a plan, an SMS gateway that can be down, and what the rows tell."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aiohttp import web
from sqlmodel import col, select

from bot.simulator.villager import Villager
from handlers.directory import BadDirectory, Imported, Row, Sheet
from models.member import Member
from models.study.attempt import Attempt
from models.study.due import Due
from models.study.task import Task
from tests.world import SHANGHAI, Template, TestClock, World, free_port, sample, start

NOTICE = "study-notice"
HEADINGS = ["课程", "期次", "标题", "日期", "时间", "对象", "支部", "文字", "链接", "音频"]
FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=SHANGHAI)
AUDIO = "https://study.example.org/1.mp3"


@dataclass
class Gateway:
    """An SMS gateway."""

    status: int = 200
    texts: list[tuple[str, str]] = field(default_factory=list)
    port: int = field(default_factory=free_port)

    async def take(self, request: web.Request) -> web.Response:
        if self.status == 200:
            body = await request.json()
            self.texts.append((body["to"], body["text"]))
        return web.Response(status=self.status)


@dataclass
class StudyWorld(World):
    """A world with an SMS gateway and a subscription notice."""

    gateway: Gateway = field(default_factory=Gateway)

    def load(self, *rows: str, headings: list[str] = HEADINGS, **sheets: list[list[str]]) -> Imported:
        """The sheet of study, each row as the ten cells with commas between; further sheets by name."""
        cells = [row.split(",") for row in rows]
        given = [Sheet("送学", headings, [Row(number, row) for number, row in enumerate(cells, start=2)])]
        return self.loads(*(given if rows else []), **sheets)

    def refused(self, *rows: str) -> list[str]:
        """What is wrong with a sheet."""
        try:
            self.load(*rows)
        except BadDirectory as bad:
            return [str(problem) for problem in bad.problems]
        return []

    async def to(self, month: int, day: int, hour: int = 9, minute: int = 0, year: int = 2026) -> None:
        """Moves the clock there and does what is due."""
        self.clock.at = datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
        await self.tick()
        await self.tick()  # what the couriers brought to light

    async def bound(self, member: str, branch_officer: str) -> Villager:
        """A member's telephone, bound by a code the branch handed out."""
        [said] = await self.cadre(branch_officer).says(f"绑定码 {member}")
        phone: Villager = self.villager(member.lower())
        await phone.follows()
        [answer] = await phone.says("绑定 " + said.partition("绑定码 ")[2][:9])
        assert "绑定好了" in answer, answer
        return phone

    def told(self, member: str) -> list[tuple[int, str, list[tuple[str, str | None, str]]]]:
        """(number of the lesson, how it stands, (way, end, reason) of each attempt)."""
        with self.service.database.reading() as session:
            return [
                (
                    due.number,
                    due.standing,
                    [
                        (one.way, one.end, one.reason)
                        for one in session.exec(
                            select(Attempt).where(Attempt.due == due.id).order_by(col(Attempt.number))
                        )
                    ],
                )
                for due in session.exec(select(Due).where(Due.member == member).order_by(col(Due.number)))
            ]

    def tasks(self, member: str) -> list[Task]:
        with self.service.database.reading() as session:
            return list(session.exec(select(Task).where(Task.member == member).order_by(col(Task.id))))

    def as_rows_tell(self, *members: str) -> Iterator[str]:
        """What became of each lesson for these members, line by line, on the county's clock."""
        with self.service.database.reading() as session:
            for code in members:
                member = session.get_one(Member, code)
                told = "by the ear, " if member.by_ear else ""
                yield f"## {code}: {member.kind}, {told}{member.zone}, ways {' '.join(member.ways)}"
                for due in session.exec(select(Due).where(Due.member == code).order_by(col(Due.number))):
                    ended = f" on {due.ended_at.astimezone(SHANGHAI):%m-%d %H:%M}" if due.ended_at else ""
                    yield f"- lesson {due.number}, meant for {due.day}: {due.standing}{ended}"
                    rows = select(Attempt).where(Attempt.due == due.id).order_by(col(Attempt.number))
                    for one in session.exec(rows):
                        end = f"{one.end or 'under way'}{f' ({one.reason})' if one.reason else ''}"
                        when = f" at {one.ended_at.astimezone(SHANGHAI):%m-%d %H:%M}" if one.ended_at else ""
                        brought = f", brought by {one.by}" if one.by else ""
                        begun = f"{one.made_at.astimezone(SHANGHAI):%m-%d %H:%M}"
                        yield f"  - {begun} {one.way}: {end}{when}{brought}"

    def member(self, code: str) -> Member:
        with self.service.database.reading() as session:
            return session.get_one(Member, code)

    def change(self, code: str, **values: object) -> None:
        with self.service.database.transaction() as session:
            member = session.get_one(Member, code)
            for name, value in values.items():
                setattr(member, name, value)


@asynccontextmanager
async def study_world(
    template: Template, folder: Path, url: str | None = None, **study: object
) -> AsyncIterator[StudyWorld]:
    """A county that studies; `study`: keys of that section of the configuration."""
    gateway = Gateway()
    app = web.Application()
    app.router.add_post("/send", gateway.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", gateway.port).start()
    further = {
        "wechat": {"templates": {"study_reminder": NOTICE}},
        "sms": {"api_url": f"http://127.0.0.1:{gateway.port}/send", "secret": "s"},
        "study": study,
    }
    world = await start(template, folder, TestClock(FRIDAY), url, further=further)
    world.simulator.template(NOTICE, "学习材料", ("thing1",))
    try:
        yield StudyWorld(**world.__dict__, gateway=gateway)
    finally:
        await world.close()
        await runner.cleanup()


def members() -> list[list[str]]:
    """The sample's members, for a test to change."""
    return sample("党员")
