"""a county changes phrases, what takes a word back, and what was learnt, too"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("county_word") as table:
        table.add_column(sa.Column("kind", sa.String(length=8), nullable=False, server_default="word"))
        table.add_column(sa.Column("bars", sa.JSON(), nullable=False, server_default="[]"))
        table.alter_column("word", existing_type=sa.String(length=20), type_=sa.String(length=200))


def downgrade() -> None:
    with op.batch_alter_table("county_word") as table:
        table.alter_column("word", existing_type=sa.String(length=200), type_=sa.String(length=20))
        table.drop_column("bars")
        table.drop_column("kind")
