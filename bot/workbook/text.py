"""What an operator reads about a file, from `texts.toml`."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("bot.workbook").joinpath("texts.toml").read_text("utf-8"))


def text(section: str, name: str, /, **fields: Any) -> str:
    """One sentence with its fields filled in."""
    sentence: str = _data()[section][name]
    return sentence.format(**fields)


def file_column() -> str:
    """The word that stands for a column where the file itself is wrong."""
    column: str = _data()["column"]
    return column
