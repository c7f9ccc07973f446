"""what is counted of a window's strokes stands in their index"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

COLUMNS = ["at", "petition", "position", "kind", "mark", "relabels", "rehearsed", "in_time"]


def upgrade() -> None:
    op.create_index("ix_tally_window", "tally", COLUMNS)
    op.drop_index("ix_tally_at", table_name="tally")


def downgrade() -> None:
    op.create_index("ix_tally_at", "tally", ["at"])
    op.drop_index("ix_tally_window", table_name="tally")
