"""the tally: one stroke an event, made up for the events there are"""

import sqlalchemy as sa
from alembic import op

from models.recount import fill_all  # the fold that makes strokes is the tables' own

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("petition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("villager", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("relabels", sa.Boolean(), nullable=False),
        sa.Column("rehearsed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=True),
        sa.Column("place", sa.String(length=20), nullable=True),
        sa.Column("office", sa.String(length=20), nullable=True),
        sa.Column("leaf", sa.String(length=4), nullable=True),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("guarded", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.String(length=12), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("ended_early", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=True),
        sa.Column("contacted_at", sa.BigInteger(), nullable=True),
        sa.Column("finish_due", sa.BigInteger(), nullable=True),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("late_from", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("petition", "position", name=op.f("pk_tally")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tally_at", "tally", ["at"])
    op.create_index("ix_petition_closed_at", "petition", ["closed_at"])
    fill_all(op.get_bind())


def downgrade() -> None:
    op.drop_index("ix_petition_closed_at", table_name="petition")
    op.drop_index("ix_tally_at", table_name="tally")
    op.drop_table("tally")
