"""The tally says what the ledger says, to the unit, and whoever changes it is found; on both databases."""

import pytest
from sqlalchemy import text

from handlers.digest.compose import differs, window_of
from models.verification import Difference, verify
from tests.matters import LAMP, Matters


def found(matters: Matters) -> Difference | None:
    with matters.reading() as (session, county):
        return verify(session, county.keys, window_of, differs)[0]


def change(matters: Matters, statement: str) -> None:
    with matters.database.transaction() as session:
        session.connection().execute(text(statement))


@pytest.fixture
def lived(matters: Matters) -> Matters:
    first, second = matters.told(), matters.told(LAMP, who="b")
    matters.closed(first)
    matters.signed(second)
    matters.told(who="c")
    matters.reopened(first)
    return matters


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (
            "UPDATE tally SET leaf = '0601' WHERE petition = 2 AND position = 2",
            "event 2: the tally says otherwise",
        ),
        ("DELETE FROM tally WHERE petition = 2 AND position = 2", "event 2: the tally"),
        ("UPDATE tally SET petition = 77 WHERE petition = 3", "the tally misses it"),
    ],
)
def test_a_tally_that_does_not_say_what_the_ledger_says_is_found(
    lived: Matters, tamper: str, said: str
) -> None:
    change(lived, tamper)
    assert said in str(found(lived))


def test_what_an_older_version_wrote_without_strokes_is_made_up_with_the_next_event(lived: Matters) -> None:
    change(lived, "DELETE FROM tally WHERE petition = 2")
    lived.proposed(2)
    assert found(lived) is None
