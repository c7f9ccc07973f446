"""Whoever changes what was written is found, and so is the place; on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from handlers.digest.compose import differs, window_of
from handlers.lanes import Satisfaction
from models import checkpoint
from models.checkpoint import Checkpoint
from models.digest import Digest, content_hash
from models.history import Happening, state_of
from models.ledger import PetitionEvent, event_hash, events_of
from models.number import in_pairs
from models.petition import Petition
from models.recount import fill_all
from models.verification import Difference, verify
from scheduler import digest, ledger
from tests.matters import DOLE, LAMP, Matters

Tamper = Callable[[Matters], None]
FOREIGN_KEYS = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"


def found(matters: Matters, wanted: str = "") -> Difference | None:
    with matters.reading() as (session, county):
        return verify(session, county.keys, window_of, differs, wanted)[0]


def told(matters: Matters, petition: int) -> str:
    """A petition as the verification names it."""
    with matters.reading() as (session, _):
        return f"petition {in_pairs(session.get_one(Petition, petition).number or '')}"


def change(matters: Matters, statement: str, **values: object) -> None:
    """By somebody who owns the tables: no foreign key holds him."""
    with matters.database.engine.connect() as connection:
        if matters.database.is_sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN")
        else:
            for table, constraint in connection.execute(text(FOREIGN_KEYS)).all():
                connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"'))
        connection.execute(text(statement), values)
        connection.commit()


@pytest.fixture
def lived(matters: Matters) -> Matters:
    """Three matters, two days, a digest sent on the second morning, and a little after it."""
    first, second = matters.told(), matters.told(LAMP, who="b")
    matters.closed(first)
    matters.signed(second)
    matters.later(days=1)
    assert digest.publish(matters.station, matters.at) == {"day": 1}
    matters.told(DOLE, who="c")
    matters.reopened(first)
    return matters


def test_an_untouched_ledger_verifies_and_so_does_every_checkpoint_ever_printed(lived: Matters) -> None:
    assert found(lived) is None
    with lived.reading() as (session, county):
        head = checkpoint.now(session).hash
        digests = [one.checkpoint for one in session.exec(select(Digest))]
        pins = [one.hash for one in session.exec(select(Checkpoint))]
        walk = verify(session, county.keys, window_of, differs)[1]
    assert (walk.petitions, walk.checkpoints, len(walk.windows), walk.head) == (3, 1, 1, head)
    lived.later(days=1)
    ledger.pin(lived.station, lived.at)
    for hash_ in (head, *digests, *pins, head[:16], head.upper()):
        assert found(lived, hash_) is None
    assert found(lived, "0123456789abcdef") == Difference(
        "checkpoint 0123456789abcdef", "the ledger never had this hash"
    )


def test_a_checkpoint_is_taken_once_a_day_and_only_of_something_new(matters: Matters) -> None:
    assert ledger.pin(matters.station, matters.at) is None
    matters.told()
    assert ledger.pin(matters.station, matters.at) is not None
    matters.told(who="b")
    matters.later(hours=1)
    assert ledger.pin(matters.station, matters.at) is None
    matters.later(days=1)
    assert ledger.pin(matters.station, matters.at) is not None
    assert ledger.pin(matters.station, matters.at) is None
    matters.later(days=1)
    assert ledger.pin(matters.station, matters.at) is None


def test_a_changed_byte_is_found(lived: Matters) -> None:
    change(lived, "UPDATE petition_event SET kind = 'confirn' WHERE petition = 1 AND position = 5")
    assert found(lived) == Difference(f"{told(lived, 1)}, event 5", "changed")


def test_changed_data_is_found(lived: Matters) -> None:
    with lived.database.transaction() as session:
        event = events_of(session, 1)[1]
        event.data = {**event.data, "owner": "kezhu"}
    assert found(lived) == Difference(f"{told(lived, 1)}, event 2", "changed")


def test_a_removed_event_is_found_in_the_middle_and_at_the_end(lived: Matters) -> None:
    change(lived, "DELETE FROM petition_event WHERE petition = 1 AND position = 3")
    assert found(lived) == Difference(f"{told(lived, 1)}, event 3", "removed")


def test_a_removed_last_event_is_found(lived: Matters) -> None:
    change(lived, "DELETE FROM petition_event WHERE petition = 2 AND position = 3")
    assert found(lived) == Difference(f"{told(lived, 2)}, event 3", "removed")


def test_a_removed_last_event_whose_row_was_put_back_is_found(lived: Matters) -> None:
    rewind(lived, 2)
    difference = found(lived)
    assert difference is not None
    assert difference.place.startswith("checkpoint 1 of ")


def test_a_removed_petition_is_found(lived: Matters) -> None:
    name = told(lived, 2)
    change(lived, "DELETE FROM petition_event WHERE petition = 2")
    change(lived, "DELETE FROM petition WHERE id = 2")
    difference = found(lived)
    assert difference is not None
    assert (
        difference.place == name if lived.database.is_sqlite else difference.place.startswith("checkpoint 1")
    )


def test_the_newest_petition_removed_before_any_checkpoint_is_found_on_sqlite(lived: Matters) -> None:
    with lived.reading() as (session, _):
        printed = checkpoint.now(session).hash
    name = told(lived, 3)
    change(lived, "DELETE FROM petition_event WHERE petition = 3")
    change(lived, "DELETE FROM petition WHERE id = 3")
    if lived.database.is_sqlite:
        assert found(lived) == Difference(name, "removed")
    else:  # a sequence has gaps of its own; what was printed is what proves it
        assert found(lived, printed) is not None


def test_a_removed_row_is_found(lived: Matters) -> None:
    name = told(lived, 3)
    change(lived, "DELETE FROM petition WHERE id = 3")
    difference = found(lived)
    assert difference == Difference(name, "its row was removed")


def test_a_reordered_pair_is_found(lived: Matters) -> None:
    for was, becomes in ((2, 99), (3, 2), (99, 3)):
        change(
            lived,
            "UPDATE petition_event SET position = :becomes WHERE petition = 1 AND position = :was",
            was=was,
            becomes=becomes,
        )
    assert found(lived) == Difference(f"{told(lived, 1)}, event 2", "it does not follow its predecessor")


def test_a_back_dated_event_is_found_even_when_its_hash_was_made_to_fit(lived: Matters) -> None:
    rewrite(lived, 3, lambda event: setattr(event, "at", event.at - timedelta(days=3)), only=2)
    assert found(lived) == Difference(f"{told(lived, 3)}, event 2", "dated before its predecessor")


def test_a_chain_rewritten_from_end_to_end_is_found_by_the_checkpoint(lived: Matters) -> None:
    rewrite(lived, 1, lambda event: setattr(event, "at", event.at - timedelta(hours=20)))
    difference = found(lived)
    assert difference is not None
    assert difference.fault == "the events before it are not those it was taken of"


def test_who_rewrote_everything_is_found_by_what_was_printed(lived: Matters) -> None:
    with lived.reading() as (session, _):
        printed = checkpoint.latest(session)
    rewrite(lived, 1, lambda event: setattr(event, "at", event.at - timedelta(hours=2)))
    change(lived, "DELETE FROM digest")
    change(lived, "DELETE FROM checkpoint")
    with lived.database.transaction() as session:
        fill_all(session.connection())
    ledger.pin(lived.station, lived.at)
    assert found(lived) is None
    assert printed is not None
    assert found(lived, printed.hash) is not None


def test_a_row_that_says_something_else_than_its_events_is_found(lived: Matters) -> None:
    change(lived, "UPDATE petition SET state = 'confirmed' WHERE id = 2")
    assert found(lived) == Difference(told(lived, 2), "its row says state confirmed, its events accepted")
    change(lived, "UPDATE petition SET state = 'accepted', owner = 'kezhu' WHERE id = 2")
    assert found(lived) == Difference(told(lived, 2), "its row says owner kezhu, its events shiyangeng")


def test_a_row_dated_otherwise_than_it_was_received_is_found(lived: Matters) -> None:
    change(lived, "UPDATE petition SET received_at = latest_at WHERE id = 2")
    difference = found(lived)
    assert difference is not None
    assert difference.fault.startswith("its row says received_at ")


def test_an_edited_digest_is_found(lived: Matters) -> None:
    edit(lived, lambda content: content["counts"].update(late=0, new=99))
    assert found(lived) == Difference(
        "digest day 2026-11-23..2026-11-23", "its content does not fit its hash"
    )


def test_an_edited_digest_with_its_hash_is_found(lived: Matters) -> None:
    edit(lived, lambda content: content["counts"].update(new=99), with_hash=True)
    difference = found(lived)
    assert difference is not None
    assert difference.fault == "the digest it pins was removed or changed"


def test_an_edited_digest_with_its_hash_and_its_checkpoint_is_counted_again(lived: Matters) -> None:
    edit(lived, lambda content: content["counts"].update(new=99), with_hash=True)
    with lived.database.transaction() as session:
        pinned, made = checkpoint.latest(session), session.get_one(Digest, 1)
        assert pinned is not None
        before = checkpoint.run(
            checkpoint.running_from(None), checkpoint.events_after(session, 0, pinned.up_to)
        )
        pinned.digest, pinned.hash = made.hash, checkpoint.closed(before, 1, pinned.at, made.hash)
    assert found(lived) == Difference("digest day 2026-11-23..2026-11-23", "it says new 99, the ledger 2")


def test_a_removed_digest_is_found(lived: Matters) -> None:
    change(lived, "DELETE FROM digest")
    difference = found(lived)
    assert difference is not None
    assert difference.fault == "the digest it pins was removed or changed"


def test_a_digest_removed_with_the_checkpoint_that_pinned_it_is_found_by_what_it_printed(
    lived: Matters,
) -> None:
    with lived.reading() as (session, _):
        printed = checkpoint.latest(session)
    change(lived, "DELETE FROM digest")
    change(lived, "DELETE FROM checkpoint")
    assert printed is not None
    assert found(lived, printed.hash) == Difference(
        f"checkpoint {printed.hash}", "the ledger never had this hash"
    )


def test_a_removed_checkpoint_is_found(lived: Matters) -> None:
    lived.later(days=1)
    ledger.pin(lived.station, lived.at)
    change(lived, "DELETE FROM checkpoint WHERE position = 1")
    assert found(lived) == Difference("checkpoint 1", "removed")


def test_an_event_at_another_hour_than_the_wall_clock_s_is_marked_as_a_rehearsal(matters: Matters) -> None:
    matters.database._wall_clock = lambda: matters.at - timedelta(minutes=9)
    lived_through = matters.told()
    matters.database._wall_clock = lambda: matters.at + timedelta(minutes=11)
    rehearsed = matters.told(who="b")
    with matters.reading() as (session, _):
        assert not any("rehearsed" in event.data for event in events_of(session, lived_through))
        assert all(event.data["rehearsed"] for event in events_of(session, rehearsed))
    assert found(matters) is None


def test_the_state_of_a_matter_is_a_function_of_its_events(matters: Matters) -> None:
    number = matters.told()
    matters.closed(number, Satisfaction.HALF)
    with matters.reading() as (session, _):
        events = events_of(session, number)
    standing = state_of(Happening(one.id or 0, one.at, one.kind, one.data) for one in events)
    assert (standing.state, standing.owner, standing.mark) == ("accepted", "mengxi", "half")


def rewrite(
    matters: Matters, petition: int, alter: Callable[[PetitionEvent], None], *, only: int | None = None
) -> None:
    """Alters events and makes every hash of the chain, and the row, fit again."""
    with matters.database.transaction() as session:
        row = session.get_one(Petition, petition)
        previous = "0" * 64
        for event in events_of(session, petition):
            if only in (None, event.position):
                alter(event)
            event.previous_hash = previous
            previous = event.hash = event_hash(
                petition, event.position, event.at, event.kind, event.data, previous
            )
            row.latest_at = event.at
            row.received_at = event.at if event.position == 1 else row.received_at
        row.head = previous


def rewind(matters: Matters, petition: int) -> None:
    """Takes a petition's last event away and puts its row back to the one before."""
    with matters.database.transaction() as session:
        *before, last = events_of(session, petition)
        row = session.get_one(Petition, petition)
        standing = state_of(Happening(one.id or 0, one.at, one.kind, one.data) for one in before)
        assert standing.state is not None
        row.position, row.head, row.latest_at = len(before), before[-1].hash, before[-1].at
        row.state, row.owner, row.closed_at = standing.state, standing.owner, standing.closed_at
        session.delete(last)


def edit(matters: Matters, alter: Callable[[dict], None], *, with_hash: bool = False) -> None:
    with matters.database.transaction() as session:
        made = session.get_one(Digest, 1)
        content = {**made.content, "counts": dict(made.content["counts"])}
        alter(content)
        made.content = content
        if with_hash:
            made.hash = content_hash(content)
