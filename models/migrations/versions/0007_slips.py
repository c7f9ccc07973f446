"""slips"""

from alembic import op
import sqlalchemy as sa

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("petition", sa.Integer(), nullable=False),
        sa.Column("to_kind", sa.String(length=10), nullable=False),
        sa.Column("to", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("codes_from", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["petition"], ["petition.id"], name=op.f("fk_slip_petition_petition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip")),
    )
    op.create_index(op.f("ix_slip_petition"), "slip", ["petition"])


def downgrade() -> None:
    op.drop_table("slip")
