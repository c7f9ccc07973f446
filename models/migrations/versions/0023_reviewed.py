"""what waits for the body above is found by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

REVIEWED = sa.text("replace(CAST(agenda AS VARCHAR), 'review', '') <> CAST(agenda AS VARCHAR)")


def upgrade() -> None:
    op.create_index(
        "ix_petition_reviewed", "petition", ["id"], sqlite_where=REVIEWED, postgresql_where=REVIEWED
    )


def downgrade() -> None:
    op.drop_index("ix_petition_reviewed", table_name="petition")
