"""advice, rooms, rosters, daily bells"""

from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "advice",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("office", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_advice")),
    )
    op.create_index(op.f("ix_advice_office"), "advice", ["office"])
    op.create_index(op.f("ix_advice_valid_until"), "advice", ["valid_until"])
    op.create_table(
        "advice_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("advice", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=True),
        sa.Column("insisted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_told")),
    )
    op.create_index(op.f("ix_advice_told_advice"), "advice_told", ["advice"])
    op.create_index(op.f("ix_advice_told_month"), "advice_told", ["month"])
    op.create_table(
        "room",
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_room")),
    )
    op.create_table(
        "roster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster")),
        sa.UniqueConstraint("place", "day", name="uq_roster_place"),
    )
    op.create_index(op.f("ix_roster_day"), "roster", ["day"])
    op.create_table(
        "bell",
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bell")),
    )


def downgrade() -> None:
    for table in ("bell", "roster", "room", "advice_told", "advice"):
        op.drop_table(table)
