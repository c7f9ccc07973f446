"""answers written on the pages, notes that are spoken"""

from alembic import op
import sqlalchemy as sa

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("advice", sa.Column("written_by", sa.String(length=64)))
    op.add_column("advice", sa.Column("written_at", sa.DateTime(timezone=True)))
    op.add_column("directory_version", sa.Column("advice", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("diary_note", sa.Column("message", sa.String(length=64)))
    op.create_index(op.f("ix_diary_note_message"), "diary_note", ["message"])


def downgrade() -> None:
    op.drop_index(op.f("ix_diary_note_message"), table_name="diary_note")
    op.drop_column("diary_note", "message")
    op.drop_column("directory_version", "advice")
    op.drop_column("advice", "written_at")
    op.drop_column("advice", "written_by")
