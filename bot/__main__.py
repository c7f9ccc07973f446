"""The command `lianxin`: every subcommand, its arguments, and its exit code (0 done, 1 failed, 2 bad usage)."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from bot import commands
from bot.settings import BadConfiguration
from handlers.topic import RuleSetError
from models.database import DATABASE_ERRORS, NO_DATABASE, reason_of
from models.errors import BadKey, Unserved


class Parser(argparse.ArgumentParser):
    """Bad usage is one line on stderr."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}; try {self.prog} --help\n")
        raise SystemExit(2)


def parser() -> Parser:
    top = Parser(prog="lianxin", description="A county's liaison hotline as a chat bot.")
    top.add_argument("--config", type=Path, default=Path("config.toml"), help="the configuration file")
    shared = Parser(add_help=False)
    shared.add_argument("--config", type=Path, default=argparse.SUPPRESS, help="the configuration file")
    subcommands = top.add_subparsers(dest="command", required=True, parser_class=Parser)
    for name, (help_text, declare) in commands.DECLARED.items():
        declare(subcommands.add_parser(name, help=help_text, parents=[shared]))
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand; the exit code."""
    given = parser().parse_args(arguments)
    try:
        return commands.run(given)
    except (BadConfiguration, BadKey, RuleSetError) as error:
        sys.stderr.write(f"lianxin: {error}\n")
        return 2
    except Unserved as error:
        sys.stderr.write(f"lianxin: {error}\n")
        return 1
    except DATABASE_ERRORS as error:
        sys.stderr.write(
            f"lianxin: the database cannot be reached: {reason_of(error)}; look at database.url\n"
        )
        return 1
    except NO_DATABASE as error:
        if type(error) is not NO_DATABASE:  # its kinds are mistakes of ours, and want their traceback
            raise
        sys.stderr.write(f"lianxin: no database: {reason_of(error)}; look at database.url\n")
        return 1
    except BrokenPipeError:  # whoever read it has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        sys.stderr.write(
            f"lianxin: {error.filename}: {error.strerror}\n" if error.filename else f"lianxin: {error}\n"
        )
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
