"""What a database says when something goes wrong names no values."""

import pytest
from sqlalchemy.exc import IntegrityError

from models.message import Message
from tests.matters import Matters

SECRET = "13877776666"


def test_an_error_of_the_database_holds_none_of_the_values(matters: Matters) -> None:
    def twice() -> None:
        with matters.database.transaction() as session:
            for _ in range(2):
                session.add(Message(key=SECRET[:5], county=SECRET, month=1, at=matters.at, channel="wechat"))
                session.flush()

    with pytest.raises(IntegrityError) as told:
        twice()
    assert SECRET not in str(told.value)
