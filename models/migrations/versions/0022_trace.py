"""a petition and a letter know the message they come from, as the log names it"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("petition", "letter"):
        op.add_column(table, sa.Column("trace", sa.String(length=8), nullable=False, server_default=""))


def downgrade() -> None:
    for table in ("petition", "letter"):
        op.drop_column(table, "trace")
