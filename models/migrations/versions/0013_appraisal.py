"""what an office says to its figures, and what a person decided"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appraisal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("office", sa.String(length=20), nullable=False),
        sa.Column("self_score", sa.Integer(), nullable=True),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("said_by", sa.String(length=64), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=8), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal")),
        sa.UniqueConstraint("period", "last", "office", name="uq_appraisal_period"),
    )


def downgrade() -> None:
    op.drop_table("appraisal")
