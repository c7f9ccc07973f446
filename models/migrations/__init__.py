"""Alembic's environment; `bot.schema` is the one door to it."""
