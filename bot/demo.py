"""`lianxin demo`: the whole service with simulated WeChat and WeCom and a sample county, on one port of loopback."""

import base64
import secrets
import tomllib
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path

from aiohttp import web

from bot import baton
from bot.application import Service, application, prepare
from bot.commands import load
from bot.commands.publishing import menu
from bot.keys import aes_key
from bot.serving import serve
from bot.settings import Settings
from bot.simulator import SimulatedClock, Simulator, WeChatAccount, WeComAccount, page_app
from bot.simulator.screen import Member
from handlers.directory import nobody_is_meant
from models.office import offices
from models.officer import Role, officers
from models.place import Level, places
from scheduler.clock import Clock, wall_clock

GROUP_NAME, GROUP_PLACE = "group", "YX01"  # a township of the sample county


def demo_settings(folder: Path, port: int, *, database_url: str = "sqlite:///lianxin.db") -> Settings:
    """Fresh secrets, both platforms pointing at the simulator on the same port."""
    address = f"http://127.0.0.1:{port}"
    return Settings.model_validate(
        {
            "service": {
                "port": port,
                "data_dir": str(folder),
                "data_key": base64.b64encode(secrets.token_bytes(32)).decode(),
                "public_url": address,
            },
            "database": {"url": database_url},
            "wechat": {
                "app_id": "wx0000000000000000",
                "app_secret": secrets.token_hex(16),
                "token": secrets.token_hex(8),
                "encoding_aes_key": aes_key(),
                "api_base_url": f"{address}/sim/wechat",
            },
            "wecom": {
                "corp_id": "ww0000000000000000",
                "agent_id": 1000002,
                "secret": secrets.token_hex(16),
                "token": secrets.token_hex(8),
                "encoding_aes_key": aes_key(),
                "api_base_url": f"{address}/sim/wecom",
            },
            "simulator": {"enabled": True},
            "folder": str(folder),
        }
    )


def with_doors(settings: Settings) -> Settings:
    """The same county with a call centre, an SMS gateway, a cadres' group and something that hears, all simulated."""
    address = f"http://127.0.0.1:{settings.service.port}/sim/doors"
    secret, robot = secrets.token_hex(16), secrets.token_hex(16)
    further = {
        "relays": [{"id": "demo", "secrets": [secret]}],
        "sms": {"api_url": f"{address}/send", "secret": secrets.token_hex(16)},
        "speech": {"url": f"{address}/speech"},
        "group_robots": [{"name": GROUP_NAME, "key": robot, "place": GROUP_PLACE}],
    }
    return Settings.model_validate(settings.model_dump() | further)


def simulator_for(settings: Settings, clock: Clock) -> Simulator:
    """The stand-in that knows the same secrets as the service."""
    wechat, wecom = settings.wechat, settings.wecom
    if wechat is None or wecom is None:
        message = "the simulator needs the tables [wechat] and [wecom]"
        raise ValueError(message)
    simulator = Simulator(
        WeChatAccount(wechat.app_id, wechat.app_secret, wechat.token, wechat.encoding_aes_key),
        WeComAccount(wecom.corp_id, wecom.agent_id, wecom.secret, wecom.token, wecom.encoding_aes_key),
        clock,
    )
    simulator.serve_at(f"http://127.0.0.1:{settings.service.port}")
    for robot in settings.group_robots:
        simulator.group(robot.key)
    if settings.relays:
        telephones, relay = simulator.telephones, settings.relays[0]
        telephones.relay, telephones.secret = relay.id, relay.secrets[0]
        telephones.url = f"http://127.0.0.1:{settings.service.port}"
    return simulator


def with_simulator(app: web.Application, service: Service, clock: SimulatedClock) -> Simulator:
    """Mounts the platforms and the three phones under `/sim`."""
    simulator = simulator_for(service.settings, service.clock)

    async def moved(at: datetime) -> str:
        await service.tick(at)
        return ""

    page = page_app(
        simulator,
        clock,
        moved,
        cadres=lambda: members(service, lambda roles: True),
        supervisors=lambda: members(service, lambda roles: Role.SUPERVISOR in roles),
        villages=lambda: villages(service),
        zone=service.settings.zone,
    )
    app.add_subapp("/sim/wechat", simulator.wechat_app())
    app.add_subapp("/sim/wecom", simulator.wecom_app())
    app.add_subapp("/sim/doors", simulator.telephones.app())
    app.add_subapp("/sim", page)

    async def close(_: web.Application) -> None:
        await simulator.close()

    app.on_cleanup.append(close)
    people = tomllib.loads(resources.files("bot.words").joinpath("demo.toml").read_text("utf-8"))
    for person in people["villager"]:
        simulator.villager(person["openid"], person["name"])
    return simulator


def members(service: Service, wanted: Callable[[Sequence[str]], bool]) -> list[Member]:
    """The staff, as the phones' lists show them."""
    with service.database.reading() as session:
        names = {office.code: office.name for office in offices(session)}
        return [
            Member(one.account, one.name, one.post, names.get(one.office, ""))
            for one in officers(session)
            if wanted(one.roles)
        ]


def villages(service: Service) -> list[tuple[str, str]]:
    with service.database.reading() as session:
        return [(place.code, place.name) for place in places(session) if place.level == Level.VILLAGE]


def load_sample(service: Service) -> int:
    """The sample county, through the same door as a real one."""
    at = service.clock()
    with service.database.transaction() as session:
        county = service.knowledge.county(session, at)
    with resources.as_file(resources.files("bot") / "sample" / "county") as folder:
        return load.run(
            service.database,
            county.keys,
            folder,
            county.reader.category_codes,
            at=at,
            on_left=lambda *_: None,
            on_people=nobody_is_meant,
        )


def simulated_service(settings: Settings, *, with_scheduler: bool) -> tuple[web.Application, Service]:
    """A service whose clock and platforms are the simulator's."""
    data = settings.path(settings.service.data_dir)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    clock = SimulatedClock(wall_clock, data / "simulator-clock")
    service = prepare(settings, clock.now)
    app = application(service, with_scheduler=with_scheduler)
    with_simulator(app, service, clock)
    return app, service


def run(folder: Path, port: int) -> int:
    """The demo: everything is made anew in `folder`."""
    app, service = simulated_service(with_doors(demo_settings(folder, port)), with_scheduler=True)
    if load_sample(service) != 0:
        return 1
    with service.database.transaction() as session:
        service.knowledge.county(
            session, service.clock()
        )  # the places just loaded, before anybody waits for them

    address = f"http://127.0.0.1:{port}/sim/"

    async def started() -> None:
        await menu(service)
        print(address, flush=True)  # noqa: T201 - what the newcomer opens

    baton.run(service.writer.baton, serve(app, "127.0.0.1", port, started))
    return 0
