"""The subcommands: what each is given and what it runs. Heavy parts are imported only when used."""

import argparse
import gc
from collections.abc import Callable
from datetime import date
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from types import ModuleType

Declare = Callable[[argparse.ArgumentParser], None]


LASTING = dict.fromkeys(("serve", "schedule", "demo"), "serving")
MODULES = LASTING | dict.fromkeys(("route", "learn"), "understanding")  # of all other subcommands `running`


def run(given: argparse.Namespace) -> int:
    """Calls the subcommand's own function; the exit code."""
    code: int = _module("ending").ended(partial(_done, given))
    return code


def _done(given: argparse.Namespace) -> int:
    module = _module(MODULES.get(given.command, "running"))
    act: Callable[[argparse.Namespace], int] = getattr(module, given.command.replace("-", "_"))
    return act(given)


@cache
def _module(name: str) -> ModuleType:
    """Imported once and only when used: `lianxin --help` must not wait for the database."""
    gc.disable()  # what is imported stays: looking it through again and again takes a fifth of an import
    try:
        return import_module(f"bot.commands.{name}")
    finally:
        gc.enable()


def _nothing(_: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def _load(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("path", nargs="?", type=Path, help="a workbook, or a folder of csv files")
    which.add_argument("--template", type=Path, metavar="FILE.xlsx", help="write an empty workbook")


def _serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-scheduler", action="store_true", help="nothing is sent, no clock runs")


def _tick(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", required=True, metavar="ISO8601", help="the instant, with its zone")


def _route(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("text", nargs="?", help="what a villager wrote")
    which.add_argument("--jsonl", type=Path, metavar="FILE", help="one object with a text on each line")
    parser.add_argument("--json", action="store_true", help="one object instead of sentences")
    parser.add_argument(
        "--rules", type=Path, metavar="DIR", help="another rule set; without a text: what would move by it"
    )


def _learn(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("file", nargs="?", type=Path, metavar="FILE.jsonl", help="confirmed work orders")
    which.add_argument("--confirmed", action="store_true", help="the service's own confirmed matters")
    parser.add_argument("--rules", type=Path, required=True, metavar="DIR", help="where the rule set goes")


def _qr(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", type=Path, metavar="DIR", help="where the posters go")


def _calendar(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.toml", help="the year's notice on days off")


def _digest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--period", required=True, choices=("day", "week", "month", "quarter"))
    parser.add_argument("--on", required=True, type=_day, metavar="DATE", help="a day of it, as 2026-11-22")
    parser.add_argument("--format", default="text", choices=("text", "json", "html", "xlsx"))
    parser.add_argument("--out", type=Path, metavar="FILE", help="write it there instead of printing it")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is no day; write one as 2026-11-22"
        raise argparse.ArgumentTypeError(message) from error


def _verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", default="", metavar="HASH", help="one that a digest printed")


def _user(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, parser_class=type(parser))
    for act, told in (("add", "a new account"), ("password", "a new password"), ("end", "an account's end")):
        one = acts.add_parser(act, help=told)
        one.add_argument("name", metavar="NAME")
        one.add_argument("--config", type=Path, default=argparse.SUPPRESS, help="the configuration file")
        if act == "add":
            one.add_argument("--role", required=True, help="the role, in the words of the directory")
            one.add_argument("--person", metavar="ACCOUNT", help="whose account it is, by the directory")


def _keygen(parser: argparse.ArgumentParser) -> None:
    _private_key(parser, "where the private key is written")


def _sealed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="where the ciphertexts go")
    parser.add_argument("--again", action="store_true", help="also those handed over before")


def _unseal(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="what `lianxin sealed` wrote")
    _private_key(parser, "what `lianxin keygen` wrote")


def _private_key(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument(
        "--private-key", type=Path, metavar="KEY", default=Path("sealed-private.key"), help=what
    )


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the copy")


def _rotate_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--write", action="store_true", help="put the new key into the configuration too")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 65535:
        message = f"{text!r} is no port; write a number from 1 to 65535"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=8080)
    parser.add_argument(
        "--data", type=Path, help="where it keeps its files; without it a fresh temporary folder"
    )


DECLARED: dict[str, tuple[str, Declare]] = {
    "init": ("write config.toml with fresh secrets", _nothing),
    "migrate": ("bring the database to this version's schema", _nothing),
    "load": ("load the directory", _load),
    "serve": ("the web server, and the scheduler", _serve),
    "schedule": ("the scheduler alone", _nothing),
    "tick": ("run everything due at an instant, once", _tick),
    "route": ("where a message would go, and why", _route),
    "learn": ("learn a rule set from work orders", _learn),
    "qr": ("a poster with its QR for every village", _qr),
    "menu": ("the official account's menu", _nothing),
    "calendar": ("read in a year's notice on days off", _calendar),
    "digest": ("a digest, recomputed from the ledger", _digest),
    "verify": ("walk the ledger: was anything changed?", _verify),
    "backup": ("a consistent copy, also while it runs", _file),
    "restore": ("take a copy back into an empty database", _file),
    "rotate-key": ("a new data_key, from stdin or fresh", _rotate_key),
    "user": ("an account of the console", _user),
    "keygen": ("the discipline office's key pair", _keygen),
    "sealed": ("hand over the sealed letters", _sealed),
    "unseal": ("open sealed letters, offline", _unseal),
    "demo": ("the whole service on simulated platforms", _demo),
}
