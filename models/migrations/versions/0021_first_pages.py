"""what the staff's first pages look for is found by an index"""

from alembic import op
import sqlalchemy as sa

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OFFERED = sa.text("offered_to IS NOT NULL")
UNSENT = sa.text("state IN ('failed', 'skipped', 'too_late')")
BESIDE = sa.text(
    "closed_at IS NULL AND (offered_to IS NOT NULL OR CAST(support AS VARCHAR) <> '[]'"
    " OR CAST(told AS VARCHAR) <> '[]' OR CAST(pending AS VARCHAR) <> 'null')"
)
UNDECIDED = sa.text("closed_at IS NULL AND CAST(pending AS VARCHAR) <> 'null'")


def upgrade() -> None:
    op.create_index("ix_petition_kind", "petition", ["kind", "id"])
    op.create_index("ix_petition_place", "petition", ["place", "id"])
    op.create_index("ix_petition_received_at", "petition", ["received_at", "id"])
    op.create_index("ix_petition_state", "petition", ["state", "id"])
    op.drop_index("ix_petition_state_received_at", table_name="petition")
    op.create_index(
        "ix_petition_offered_to",
        "petition",
        ["offered_to"],
        sqlite_where=OFFERED,
        postgresql_where=OFFERED,
    )
    op.create_index("ix_petition_beside", "petition", ["id"], sqlite_where=BESIDE, postgresql_where=BESIDE)
    op.create_index(
        "ix_petition_undecided", "petition", ["id"], sqlite_where=UNDECIDED, postgresql_where=UNDECIDED
    )
    op.create_index("ix_letter_unsent", "letter", ["id"], sqlite_where=UNSENT, postgresql_where=UNSENT)


def downgrade() -> None:
    op.drop_index("ix_letter_unsent", table_name="letter")
    op.drop_index("ix_petition_beside", table_name="petition")
    op.drop_index("ix_petition_undecided", table_name="petition")
    op.drop_index("ix_petition_offered_to", table_name="petition")
    op.create_index("ix_petition_state_received_at", "petition", ["state", "received_at"])
    op.drop_index("ix_petition_received_at", table_name="petition")
    op.drop_index("ix_petition_state", table_name="petition")
    op.drop_index("ix_petition_place", table_name="petition")
    op.drop_index("ix_petition_kind", table_name="petition")
