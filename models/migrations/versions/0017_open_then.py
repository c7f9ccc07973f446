"""the index of ends says when each matter came"""

from alembic import op
import sqlalchemy as sa

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ENDED = sa.text("closed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_petition_closed_at_received_at",
        "petition",
        ["closed_at", "received_at"],
        sqlite_where=ENDED,
        postgresql_where=ENDED,
    )
    op.drop_index("ix_petition_closed_at", table_name="petition")


def downgrade() -> None:
    op.create_index(
        "ix_petition_closed_at", "petition", ["closed_at"], sqlite_where=ENDED, postgresql_where=ENDED
    )
    op.drop_index("ix_petition_closed_at_received_at", table_name="petition")
