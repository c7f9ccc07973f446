"""A digest as one page without anything from elsewhere: opens anywhere, prints as it is."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.digest.table import Sheet, labels


def page(sheet: Sheet) -> str:
    """The page; every name is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("page.html").render(sheet=sheet, empty=labels()["words"]["empty"])
