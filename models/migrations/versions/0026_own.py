"""the index of owners holds the ids"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_petition_owner_state_id", "petition", ["owner", "state", "id"])
    op.drop_index("ix_petition_owner_state", table_name="petition")


def downgrade() -> None:
    op.create_index("ix_petition_owner_state", "petition", ["owner", "state"])
    op.drop_index("ix_petition_owner_state_id", table_name="petition")
