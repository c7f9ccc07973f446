"""How Alembic reaches our database: by the engine `bot.schema` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from models.tables import metadata


def render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """A migration must not import today's code: our own types are written as what they are in SQL."""
    if kind == "type" and type(item).__name__ == "AutoString":  # sqlmodel's text
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind != "type" or not type(item).__module__.startswith("models."):
        return False
    autogen.imports.add("import sqlalchemy as sa")
    inner = item.impl
    if type(inner).__name__ == "DateTime":
        return "sa.DateTime(timezone=True)"
    return f"sa.String(length={inner.length})"


with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render,
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="sa.",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
