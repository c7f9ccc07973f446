"""The table of measures, drawn from the records it is counted by: for the pages, the command and the docs."""

from bot.digest.table import Table, labels
from bot.wording import names_of_codes
from handlers.digest.measures import Measure, measures


def measure_table(mostly: float) -> Table:
    say = labels()["measure"]
    rows = tuple(_row(one, mostly) for one in measures().all)
    return Table(say["title"], tuple(say["columns"]), rows)


def _row(one: Measure, mostly: float) -> tuple[str | int, ...]:
    names, say = names_of_codes(), labels()["measure"]
    events = (
        say["join"].join(names["event"].get(event, event) for event in one.events())
        or labels()["measure"]["standing"]
    )
    seen = say["join"].join(sorted(names["role"][role.value] for role in one.seen_by))
    formula = one.formula.format(mostly=f"{mostly:g}")
    return (one.name, one.counted, one.window, formula, events, one.fewest, seen)


def as_markdown(table: Table) -> str:
    """For the docs; columns as they are."""
    lines = [table.columns, tuple("---" for _ in table.columns), *table.rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)
