"""a county may change and remove words too"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "county_word", sa.Column("act", sa.String(length=8), nullable=False, server_default=sa.text("'add'"))
    )


def downgrade() -> None:
    op.drop_column("county_word", "act")
