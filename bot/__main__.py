"""The command `lianxin`: every subcommand, its arguments, and its exit code (0 done, 1 failed, 2 bad usage)."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from bot import commands


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
    return commands.run(parser().parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
