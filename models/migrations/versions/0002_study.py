"""study"""

from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("template", sa.String(length=24), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("name", name=op.f("uq_course_name")),
    )
    op.create_table(
        "late_proposal",
        sa.Column("quarter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(length=64), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_late_proposal")),
    )
    op.create_table(
        "service_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_notice")),
        sa.UniqueConstraint("month", "office", name="uq_service_notice_month"),
    )
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=160), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("branch", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("days_after_joining", sa.Integer(), nullable=True),
        sa.Column("hour", sa.Time(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("audio", sa.String(length=500), nullable=False),
        sa.Column("audio_is_short", sa.Boolean(), nullable=False),
        sa.Column("picture", sa.String(length=500), nullable=False),
        sa.Column("printable", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_to", sa.String(length=20), nullable=True),
        sa.Column("slices", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course"], ["course.id"], name=op.f("fk_lesson_course_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("course", "number", "audience", name="uq_lesson_course"),
    )
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_planned_to"), ["planned_to"], unique=False)

    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.Integer(), nullable=False),
        sa.Column("branch", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("timely", sa.Integer(), nullable=False),
        sa.Column("fitting", sa.Integer(), nullable=False),
        sa.Column("word", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["course.id"], name=op.f("fk_survey_answer_course_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
    )
    with op.batch_alter_table("survey_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_answer_course"), ["course"], unique=False)

    op.create_table(
        "binding_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("villager", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["villager"], ["villager.id"], name=op.f("fk_binding_try_villager_villager")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_try")),
    )
    with op.batch_alter_table("binding_try", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_binding_try_villager"), ["villager"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("villager", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["villager"], ["villager.id"], name=op.f("fk_subscription_villager_villager")
        ),
        sa.PrimaryKeyConstraint("villager", "template", name=op.f("pk_subscription")),
    )
    op.create_table(
        "binding_code",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("member", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["member.code"], name=op.f("fk_binding_code_member_member")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_binding_code")),
    )
    with op.batch_alter_table("binding_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_binding_code_member"), ["member"], unique=False)

    op.create_table(
        "member_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=20), nullable=False),
        sa.Column("branch", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["member.code"], name=op.f("fk_member_change_member_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_change")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("member_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_change_branch"), ["branch"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_change_member"), ["member"], unique=False)

    op.create_table(
        "study_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=20), nullable=False),
        sa.Column("lesson", sa.Integer(), nullable=False),
        sa.Column("course", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("branch", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course"], ["course.id"], name=op.f("fk_study_due_course_course")),
        sa.ForeignKeyConstraint(["lesson"], ["lesson.id"], name=op.f("fk_study_due_lesson_lesson")),
        sa.ForeignKeyConstraint(["member"], ["member.code"], name=op.f("fk_study_due_member_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_due")),
        sa.UniqueConstraint("member", "course", "number", name="uq_study_due_member"),
    )
    with op.batch_alter_table("study_due", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_due_branch"), ["branch"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_due_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_due_lesson"), ["lesson"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_due_next_at"), ["next_at"], unique=False)

    op.create_table(
        "survey_asked",
        sa.Column("member", sa.String(length=20), nullable=False),
        sa.Column("course", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["course.id"], name=op.f("fk_survey_asked_course_course")),
        sa.ForeignKeyConstraint(["member"], ["member.code"], name=op.f("fk_survey_asked_member_member")),
        sa.PrimaryKeyConstraint("member", "course", name=op.f("pk_survey_asked")),
    )
    op.create_table(
        "unreachable_way",
        sa.Column("member", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["member.code"], name=op.f("fk_unreachable_way_member_member")),
        sa.PrimaryKeyConstraint("member", "way", name=op.f("pk_unreachable_way")),
    )
    op.create_table(
        "study_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["due"], ["study_due.id"], name=op.f("fk_study_attempt_due_study_due")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_attempt")),
        sa.UniqueConstraint("due", "number", name="uq_study_attempt_due"),
    )
    op.create_table(
        "study_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=20), nullable=False),
        sa.Column("branch", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("end", sa.String(length=12), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["due"], ["study_due.id"], name=op.f("fk_study_task_due_study_due")),
        sa.ForeignKeyConstraint(["member"], ["member.code"], name=op.f("fk_study_task_member_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_task")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("study_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_task_account"), ["account"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_task_branch"), ["branch"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_task_due"), ["due"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_task_member"), ["member"], unique=False)

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("joined_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("villager", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("by_ear", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_member_villager"), ["villager"])
        batch_op.create_foreign_key(
            batch_op.f("fk_member_villager_villager"), "villager", ["villager"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("study_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_task_member"))
        batch_op.drop_index(batch_op.f("ix_study_task_due"))
        batch_op.drop_index(batch_op.f("ix_study_task_branch"))
        batch_op.drop_index(batch_op.f("ix_study_task_account"))

    op.drop_table("study_task")
    op.drop_table("study_attempt")
    op.drop_table("unreachable_way")
    op.drop_table("survey_asked")
    with op.batch_alter_table("study_due", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_due_next_at"))
        batch_op.drop_index(batch_op.f("ix_study_due_lesson"))
        batch_op.drop_index(batch_op.f("ix_study_due_day"))
        batch_op.drop_index(batch_op.f("ix_study_due_branch"))

    op.drop_table("study_due")
    with op.batch_alter_table("member_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_change_member"))
        batch_op.drop_index(batch_op.f("ix_member_change_branch"))

    op.drop_table("member_change")
    with op.batch_alter_table("binding_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_binding_code_member"))

    op.drop_table("binding_code")
    op.drop_table("subscription")
    with op.batch_alter_table("binding_try", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_binding_try_villager"))

    op.drop_table("binding_try")
    with op.batch_alter_table("survey_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_answer_course"))

    op.drop_table("survey_answer")
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_planned_to"))

    op.drop_table("lesson")
    op.drop_table("service_notice")
    op.drop_table("late_proposal")
    op.drop_table("course")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_member_villager_villager"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_member_villager"), type_="unique")
        batch_op.drop_column("stopped_at")
        batch_op.drop_column("by_ear")
        batch_op.drop_column("villager")
        batch_op.drop_column("joined_on")
