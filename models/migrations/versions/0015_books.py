"""the liaison room's books"""

from alembic import op
import sqlalchemy as sa

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("once", name=op.f("uq_meeting_once")),
    )
    op.create_index(op.f("ix_meeting_day"), "meeting", ["day"])
    op.create_index(op.f("ix_meeting_place"), "meeting", ["place"])
    op.create_table(
        "meeting_matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting", sa.Integer(), nullable=False),
        sa.Column("petition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.id"], name=op.f("fk_meeting_matter_meeting_meeting")),
        sa.ForeignKeyConstraint(
            ["petition"], ["petition.id"], name=op.f("fk_meeting_matter_petition_petition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_matter")),
        sa.UniqueConstraint("meeting", "petition", name="uq_meeting_matter_meeting"),
    )
    op.create_index(op.f("ix_meeting_matter_meeting"), "meeting_matter", ["meeting"])
    op.create_table(
        "errand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_back_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
    )
    op.create_index(op.f("ix_errand_agent"), "errand", ["agent"])
    op.create_index(op.f("ix_errand_place"), "errand", ["place"])
    op.create_table(
        "presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("activity", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
        sa.UniqueConstraint("account", "place", "day", name="uq_presence_account"),
    )
    op.create_index(op.f("ix_presence_account"), "presence", ["account"])
    op.create_index(op.f("ix_presence_day"), "presence", ["day"])
    op.create_table(
        "household",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("helper", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_household")),
    )
    op.create_index(op.f("ix_household_helper"), "household", ["helper"])
    op.create_index(op.f("ix_household_phone_hash"), "household", ["phone_hash"])


def downgrade() -> None:
    for table in ("household", "presence", "errand", "meeting_matter", "meeting"):
        op.drop_table(table)
