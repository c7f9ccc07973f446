"""relays"""

from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "relay_nonce",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_relay_nonce")),
    )
    op.create_index(op.f("ix_relay_nonce_at"), "relay_nonce", ["at"])
    op.create_table(
        "exchange_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("petition", sa.Integer(), nullable=False),
        sa.Column("relay", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["petition"], ["petition.id"], name=op.f("fk_exchange_order_petition_petition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_order")),
        sa.UniqueConstraint("hash", name=op.f("uq_exchange_order_hash")),
    )
    op.create_index(op.f("ix_exchange_order_petition"), "exchange_order", ["petition"])


def downgrade() -> None:
    op.drop_table("exchange_order")
    op.drop_table("relay_nonce")
