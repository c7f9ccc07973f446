"""What each subcommand does that comes to an end by itself."""

import argparse
import asyncio
import json
import sys

from bot.application import Service, connect, disconnect
from bot.commands import digest as digesting
from bot.commands import initialise, keeping, publishing
from bot.commands import load as loading
from bot.commands import qr as posters
from bot.commands import sealed as letters
from bot.commands import verify as verifying
from bot.commands.instant import instant_of
from bot.commands.serving import prepared
from bot.logs import configure_logs
from bot.schema import open_database
from bot.settings import BadConfiguration
from bot.settings import load as load_settings
from bot.workbook.beside import keeper
from handlers.arrival import look_again
from handlers.calendar import BadNotice, apply_notice, read_notice
from handlers.departure import hand_on
from models.key import decode_data_key
from models.place import Level, places
from scheduler import study
from scheduler.calendar import move_deadlines
from scheduler.clock import wall_clock


def init(given: argparse.Namespace) -> int:
    return initialise.run(given.config)


def migrate(given: argparse.Namespace) -> int:
    prepared(given).database.close()
    return 0


def load(given: argparse.Namespace) -> int:
    if given.template:
        return loading.template(given.template)
    service = prepared(given)
    at = service.clock()
    with service.database.transaction() as session:
        county = service.knowledge.county(session, at)
    result = loading.run(
        service.database,
        county.keys,
        given.path,
        county.reader.category_codes,
        at=at,
        on_left=hand_on(county),
        on_people=look_again(county),
        files=keeper(given.path, service.settings.path(service.settings.service.data_dir)),
    )
    if result == 0 and study.plan(service.station, at, loading.planned):
        sys.stderr.write("\n")
    service.database.close()
    return result


def tick(given: argparse.Namespace) -> int:
    at = instant_of(given.at)
    if at is None:
        sys.stderr.write("lianxin tick: --at: no instant; write one like 2026-11-22T08:00:00+08:00\n")
        return 2
    service = prepared(given)

    async def once() -> dict[str, object]:
        await connect(service)
        try:
            return await service.tick(at)
        finally:
            await disconnect(service)

    print(json.dumps(asyncio.run(once()), ensure_ascii=False))
    return 0


def qr(given: argparse.Namespace) -> int:
    service = _with_wechat(given)
    with service.database.reading() as session:
        villages = [place for place in places(session) if place.level == Level.VILLAGE]

    async def made() -> int:
        await connect(service)
        try:
            return await posters.run(villages, publishing.ticket_maker(service), given.directory)
        finally:
            await disconnect(service)

    return asyncio.run(made())


def menu(given: argparse.Namespace) -> int:
    service = _with_wechat(given)

    async def made() -> int:
        await connect(service)
        try:
            return await publishing.menu(service)
        finally:
            await disconnect(service)

    return asyncio.run(made())


def calendar(given: argparse.Namespace) -> int:
    try:
        notice = read_notice(given.file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"lianxin calendar: {given.file}: not readable: {error}\n")
        return 2
    except BadNotice as error:
        sys.stderr.write("".join(f"{given.file}: {fault}\n" for fault in error.faults))
        return 2
    service = prepared(given)
    at = service.clock()
    with service.database.transaction() as session:
        change = apply_notice(session, notice, at)
    moved = move_deadlines(service.station, change, at)
    service.database.close()
    print(f"{len(change.days)} days changed, {moved} open matters moved")
    return 0


def digest(given: argparse.Namespace) -> int:
    return digesting.run(prepared(given), given.period, given.on, given.format, given.out)


def verify(given: argparse.Namespace) -> int:
    return verifying.run(given.config, given.checkpoint)


def backup(given: argparse.Namespace) -> int:
    return keeping.backup(load_settings(given.config), given.file, wall_clock())


def restore(given: argparse.Namespace) -> int:
    return keeping.restore(load_settings(given.config), given.file, wall_clock())


def rotate_key(given: argparse.Namespace) -> int:
    return keeping.rotate_key(load_settings(given.config), given.config, wall_clock(), write=given.write)


def user(given: argparse.Namespace) -> int:
    from bot.commands import user as accounts  # noqa: PLC0415 - brings the password library

    configure_logs()
    settings = load_settings(given.config)
    database = open_database(settings)
    try:
        return accounts.run(database, decode_data_key(settings.service.data_key), given, wall_clock())
    finally:
        database.close()


def keygen(given: argparse.Namespace) -> int:
    return letters.keygen(given.private_key)


def sealed(given: argparse.Namespace) -> int:
    service = prepared(given)
    try:
        return letters.hand_over(service.database, given.file, service.clock(), again=given.again)
    finally:
        service.database.close()


def unseal(given: argparse.Namespace) -> int:
    return letters.open_letters(given.file, given.private_key)


def _with_wechat(given: argparse.Namespace) -> Service:
    if load_settings(given.config).wechat is None:
        message = f"{given.config}: wechat: the table is missing; switch it on as config.example.toml shows"
        raise BadConfiguration(message)
    return prepared(given)
