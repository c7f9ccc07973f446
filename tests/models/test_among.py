"""Rows by a list of ids: as many as there are, and by the index however many others lie beside them."""

from sqlmodel import col, select

from models.among import among
from models.key import Key
from tests.matters import Matters

WANTED = select(Key.id).where(among(col(Key.id), "wanted")).order_by(col(Key.id))


def test_any_number_of_ids_is_found(matters: Matters):
    matters.told()
    with matters.database.reading() as session:
        every = list(session.exec(select(Key.id).order_by(col(Key.id))))
        assert len(every) > 2
        for many in (0, 1, len(every)):
            found = session.connection().execute(WANTED, {"wanted": every[:many]}).scalars().all()
            assert found == every[:many]


def test_they_are_looked_up_one_by_one_whatever_is_beside_them(matters: Matters):
    written = str(WANTED.compile(matters.database.engine))
    assert "= 1" not in written
    with matters.database.reading() as session:
        connection = session.connection()
        if not matters.database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if matters.database.is_sqlite else "EXPLAIN"
        ids = "[1, 2]" if matters.database.is_sqlite else [1, 2]
        plan = " ".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {written}", (ids,)))
    assert "SEARCH key USING INTEGER PRIMARY KEY" in plan or "pk_key" in plan
