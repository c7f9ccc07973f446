"""joined"""

from alembic import op
import sqlalchemy as sa

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "door_code",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("villager", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["villager"], ["villager.id"], name=op.f("fk_door_code_villager_villager")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_door_code")),
    )
    op.create_index(op.f("ix_door_code_villager"), "door_code", ["villager"])
    op.add_column("villager", sa.Column("joined_to", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_villager_joined_to"), "villager", ["joined_to"])


def downgrade() -> None:
    op.drop_index(op.f("ix_villager_joined_to"), "villager")
    op.drop_column("villager", "joined_to")
    op.drop_table("door_code")
