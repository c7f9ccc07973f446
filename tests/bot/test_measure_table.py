"""The table of measures in the docs is drawn from the records by which everything is counted."""

from bot.digest.measure_table import as_markdown, measure_table
from handlers.digest.measures import measures
from tests.conventions.sources import TOP


def test_the_docs_table_is_the_one_that_is_counted_by() -> None:
    page = (TOP / "docs/measures.md").read_text("utf-8")
    drawn = page.partition("test_measure_table.py -->\n")[2].partition("<!-- /measures -->")[0]
    assert drawn == as_markdown(measure_table(0.6))


def test_every_measure_says_what_is_counted_over_which_window_and_who_may_see_it() -> None:
    table = measure_table(0.5)
    assert len(table.rows) == len(measures().all)
    assert all(all(str(cell) for cell in row) for row in table.rows)
    assert any("0.5×" in str(row) for row in table.rows)
