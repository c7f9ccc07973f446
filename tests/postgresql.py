"""A throw-away PostgreSQL database, for tests that want the same thing proved on both databases."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, make_url, text

SERVER = (
    "LIANXIN_TEST_POSTGRESQL"  # postgresql://user:password@127.0.0.1/postgres; the user may create databases
)


@contextmanager
def fresh_postgresql(template: str | None = None) -> Iterator[str]:
    """The URL of an empty database (or a copy of `template`), gone afterwards. Skips where no server is named."""
    server = os.environ.get(SERVER)
    if not server:
        pytest.skip(f"{SERVER} names no PostgreSQL server")
    url = make_url(server).set(drivername="postgresql+pg8000")
    name = f"lianxin_test_{secrets.token_hex(8)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            # A server made without a locale would give SQL_ASCII, which knows no Chinese.
            source = make_url(template).database if template else "template0"
            made = f"CREATE DATABASE {name} TEMPLATE {source} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            connection.execute(text(made))
        try:
            yield url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        finally:
            with engine.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()
