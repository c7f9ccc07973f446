"""the index of ends holds ends alone"""

from alembic import op
import sqlalchemy as sa

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ENDED = sa.text("closed_at IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_petition_closed_at", table_name="petition")
    op.create_index(
        "ix_petition_closed_at", "petition", ["closed_at"], sqlite_where=ENDED, postgresql_where=ENDED
    )


def downgrade() -> None:
    op.drop_index("ix_petition_closed_at", table_name="petition")
    op.create_index("ix_petition_closed_at", "petition", ["closed_at"])
