"""The subcommands that go on until they are told to stop, and nothing they do not need: a start waits for no more."""

import argparse
import asyncio
import tempfile
from contextlib import nullcontext
from pathlib import Path

from bot.application import Service, application, bells, connect, disconnect, prepare
from bot.baton import run
from bot.logs import configure_logs
from bot.serving import alone, told_to_stop
from bot.serving import serve as serve_forever
from bot.settings import load as load_settings
from scheduler.clock import wall_clock
from scheduler.timetable import stop, timetable


def serve(given: argparse.Namespace) -> int:
    settings = load_settings(given.config)
    configure_logs()
    if settings.simulated:
        from bot.demo import simulated_service  # noqa: PLC0415 - brings the simulator with it

        app, service = simulated_service(settings, with_scheduler=not given.no_scheduler)
    else:
        service = prepare(settings)
        app = application(service, with_scheduler=not given.no_scheduler)
    host, port = settings.service.host, settings.service.port

    async def started() -> None:
        print(f"http://{host}:{port}", flush=True)

    # On SQLite a process has the numbers set aside that an earlier one left: two would tell the same ones.
    folder = settings.path(settings.service.data_dir)
    with alone(folder) if service.database.is_sqlite else nullcontext():
        run(service.writer.baton, serve_forever(app, host, port, started))
    return 0


def schedule(given: argparse.Namespace) -> int:
    service = prepared(given)

    async def forever() -> None:
        await connect(service)

        scheduler = timetable(service.settings.zone, bells(service))
        try:
            await told_to_stop()
        finally:
            await disconnect(service)
            stop(scheduler)  # only now: it would break off what is under way

    asyncio.run(forever())
    return 0


def demo(given: argparse.Namespace) -> int:
    from bot.demo import run as run_demo  # noqa: PLC0415 - brings the simulator with it

    configure_logs()
    if given.data:
        return run_demo(given.data, given.port)
    with tempfile.TemporaryDirectory(prefix="lianxin-") as folder:
        return run_demo(Path(folder), given.port)


def prepared(given: argparse.Namespace) -> Service:
    """The service of the configuration: its database up to date, its rules loaded."""
    configure_logs()
    return prepare(load_settings(given.config), wall_clock)
