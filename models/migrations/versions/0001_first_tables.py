"""first tables"""

from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "diary_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_note")),
    )
    with op.batch_alter_table("diary_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_diary_note_account"), ["account"], unique=False)

    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("rehearsed", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checkpoint", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("period", "last", "rehearsed", name="uq_digest_period"),
    )
    op.create_table(
        "directory_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_version")),
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("lead", sa.String(length=64), nullable=False),
        sa.Column("support", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("place", "category", name="uq_duty_place_category"),
    )
    op.create_table(
        "identity_export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.String(length=64), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_export")),
    )
    op.create_table(
        "key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key")),
    )
    with op.batch_alter_table("key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_purpose"), ["purpose"], unique=False)

    op.create_table(
        "lane_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=True),
        sa.Column("supervisor", sa.String(length=64), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane_change")),
        sa.UniqueConstraint("digest", name=op.f("uq_lane_change_digest")),
    )
    op.create_table(
        "login_brake",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_brake")),
    )
    op.create_table(
        "member",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("branch", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=True),
        sa.Column("location", sa.LargeBinary(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_branch"), ["branch"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_contact"), ["contact"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_phone_hash"), ["phone_hash"], unique=False)

    op.create_table(
        "office",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("parent", sa.String(length=20), nullable=True),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_office")),
    )
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_office_parent"), ["parent"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_place"), ["place"], unique=False)

    op.create_table(
        "officer",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("office", sa.String(length=20), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("superior", sa.String(length=64), nullable=True),
        sa.Column("stand_in", sa.String(length=64), nullable=True),
        sa.Column("leaves", sa.JSON(), nullable=False),
        sa.Column("avoid", sa.JSON(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_officer")),
    )
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_officer_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_officer_office"), ["office"], unique=False)
        batch_op.create_index(batch_op.f("ix_officer_phone_hash"), ["phone_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_officer_superior"), ["superior"], unique=False)

    op.create_table(
        "officer_leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_leave")),
    )
    with op.batch_alter_table("officer_leave", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_officer_leave_account"), ["account"], unique=False)

    op.create_table(
        "place",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("parent", sa.String(length=20), nullable=True),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_place")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_parent"), ["parent"], unique=False)

    op.create_table(
        "retention_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("kept", sa.String(length=12), nullable=False),
        sa.Column("ended_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=True),
        sa.Column("supervisor", sa.String(length=64), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_plan")),
    )
    op.create_table(
        "sealed_consent",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bundle", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_sealed_consent")),
    )
    op.create_table(
        "sealed_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_letter")),
    )
    op.create_table(
        "set_aside",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
    )
    op.create_table(
        "word_count",
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.String(length=4), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("county", "month", "leaf", "word", name=op.f("pk_word_count")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["year"], ["calendar_year.year"], name=op.f("fk_calendar_day_year_calendar_year")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_day_year"), ["year"], unique=False)

    op.create_table(
        "console_user",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["officer.account"], name=op.f("fk_console_user_person_officer")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_console_user")),
    )
    with op.batch_alter_table("console_user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_console_user_person"), ["person"], unique=False)

    op.create_table(
        "text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["key.id"], name=op.f("fk_text_key_id_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text")),
    )
    with op.batch_alter_table("text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_key_id"), ["key_id"], unique=False)

    op.create_table(
        "villager",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("followed", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("forget_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cut_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=20), nullable=True),
        sa.Column("scanned_place", sa.String(length=20), nullable=True),
        sa.Column("burst_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("burst_last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("burst_petition", sa.Integer(), nullable=True),
        sa.Column("window_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_left", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["key.id"], name=op.f("fk_villager_key_id_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_villager")),
        sa.UniqueConstraint("address_hash", name=op.f("uq_villager_address_hash")),
    )
    with op.batch_alter_table("villager", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_villager_phone_hash"), ["phone_hash"], unique=False)

    op.create_table(
        "console_login",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"], ["console_user.name"], name=op.f("fk_console_login_user_console_user")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_console_login")),
    )
    with op.batch_alter_table("console_login", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_console_login_user"), ["user"], unique=False)

    op.create_table(
        "petition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=True),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("villager", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("creator", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("hazard", sa.String(length=24), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("leaf", sa.String(length=4), nullable=True),
        sa.Column("place", sa.String(length=20), nullable=True),
        sa.Column("tier", sa.String(length=4), nullable=True),
        sa.Column("rules", sa.String(length=64), nullable=False),
        sa.Column("route", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("support", sa.JSON(), nullable=False),
        sa.Column("offered_to", sa.String(length=64), nullable=True),
        sa.Column("pending", sa.JSON(), nullable=True),
        sa.Column("excluded", sa.JSON(), nullable=False),
        sa.Column("joined_to", sa.Integer(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("unreachable_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("send_backs", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("climbed", sa.Integer(), nullable=False),
        sa.Column("climbing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("climbing_for", sa.String(length=12), nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("call_tries", sa.Integer(), nullable=False),
        sa.Column("last_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mark", sa.String(length=12), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sign_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finish_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_finish_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("breached", sa.JSON(), nullable=False),
        sa.Column("agenda", sa.JSON(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["key_id"], ["key.id"], name=op.f("fk_petition_key_id_key")),
        sa.ForeignKeyConstraint(["villager"], ["villager.id"], name=op.f("fk_petition_villager_villager")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition")),
        sa.UniqueConstraint("number", name=op.f("uq_petition_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_petition_joined_to"), ["joined_to"], unique=False)
        batch_op.create_index(
            "ix_petition_leaf_place_received_at", ["leaf", "place", "received_at"], unique=False
        )
        batch_op.create_index("ix_petition_next_at", ["next_at"], unique=False)
        batch_op.create_index("ix_petition_owner_state", ["owner", "state"], unique=False)
        batch_op.create_index("ix_petition_state_received_at", ["state", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_petition_villager"), ["villager"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("villager", sa.Integer(), nullable=False),
        sa.Column("petition", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["petition"], ["petition.id"], name=op.f("fk_consent_petition_petition")),
        sa.ForeignKeyConstraint(["villager"], ["villager.id"], name=op.f("fk_consent_villager_villager")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_petition"), ["petition"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_villager"), ["villager"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("petition", sa.Integer(), nullable=True),
        sa.Column("to_kind", sa.String(length=10), nullable=False),
        sa.Column("to", sa.String(length=64), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=True),
        sa.Column("fields", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("too_late_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["key_id"], ["key.id"], name=op.f("fk_letter_key_id_key")),
        sa.ForeignKeyConstraint(["petition"], ["petition.id"], name=op.f("fk_letter_petition_petition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_petition"), ["petition"], unique=False)
        batch_op.create_index("ix_letter_state_next_at", ["state", "next_at"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=True),
        sa.Column("villager", sa.Integer(), nullable=True),
        sa.Column("petition", sa.Integer(), nullable=True),
        sa.Column("text", sa.Integer(), nullable=True),
        sa.Column("media", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=True),
        sa.Column("reply", sa.LargeBinary(), nullable=False),
        sa.Column("replied_with", sa.String(length=96), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["key.id"], name=op.f("fk_message_key_id_key")),
        sa.ForeignKeyConstraint(["petition"], ["petition.id"], name=op.f("fk_message_petition_petition")),
        sa.ForeignKeyConstraint(["text"], ["text.id"], name=op.f("fk_message_text_text")),
        sa.ForeignKeyConstraint(["villager"], ["villager.id"], name=op.f("fk_message_villager_villager")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_petition"), ["petition"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_villager"), ["villager"], unique=False)

    op.create_table(
        "petition_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("petition", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition"], ["petition.id"], name=op.f("fk_petition_event_petition_petition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_event")),
    )
    with op.batch_alter_table("petition_event", schema=None) as batch_op:
        batch_op.create_index("ix_petition_event_at_kind", ["at", "kind"], unique=False)
        batch_op.create_index("uq_petition_event_petition", ["petition", "position"], unique=True)

    op.create_table(
        "processing_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("ground", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=True),
        sa.Column("petition", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition"], ["petition.id"], name=op.f("fk_processing_log_petition_petition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processing_log")),
    )
    with op.batch_alter_table("processing_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_processing_log_at"), ["at"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("villager", sa.Integer(), nullable=False),
        sa.Column("petition", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["petition"], ["petition.id"], name=op.f("fk_question_petition_petition")),
        sa.ForeignKeyConstraint(["villager"], ["villager.id"], name=op.f("fk_question_villager_villager")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_petition"), ["petition"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_villager"), ["villager"], unique=False)

    op.create_table(
        "view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("petition", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Integer(), nullable=True),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["petition_event.id"], name=op.f("fk_view_event_petition_event")),
        sa.ForeignKeyConstraint(["petition"], ["petition.id"], name=op.f("fk_view_petition_petition")),
        sa.ForeignKeyConstraint(["reason"], ["text.id"], name=op.f("fk_view_reason_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view")),
        sa.UniqueConstraint("event", name=op.f("uq_view_event")),
    )
    with op.batch_alter_table("view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_view_account"), ["account"], unique=False)
        batch_op.create_index(batch_op.f("ix_view_petition"), ["petition"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_view_petition"))
        batch_op.drop_index(batch_op.f("ix_view_account"))

    op.drop_table("view")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_villager"))
        batch_op.drop_index(batch_op.f("ix_question_petition"))

    op.drop_table("question")
    with op.batch_alter_table("processing_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_processing_log_at"))

    op.drop_table("processing_log")
    with op.batch_alter_table("petition_event", schema=None) as batch_op:
        batch_op.drop_index("uq_petition_event_petition")
        batch_op.drop_index("ix_petition_event_at_kind")

    op.drop_table("petition_event")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_villager"))
        batch_op.drop_index(batch_op.f("ix_message_petition"))

    op.drop_table("message")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_state_next_at")
        batch_op.drop_index(batch_op.f("ix_letter_petition"))

    op.drop_table("letter")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_villager"))
        batch_op.drop_index(batch_op.f("ix_consent_petition"))

    op.drop_table("consent")
    with op.batch_alter_table("petition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_villager"))
        batch_op.drop_index("ix_petition_state_received_at")
        batch_op.drop_index("ix_petition_owner_state")
        batch_op.drop_index("ix_petition_next_at")
        batch_op.drop_index("ix_petition_leaf_place_received_at")
        batch_op.drop_index(batch_op.f("ix_petition_joined_to"))

    op.drop_table("petition")
    with op.batch_alter_table("console_login", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_console_login_user"))

    op.drop_table("console_login")
    with op.batch_alter_table("villager", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_villager_phone_hash"))

    op.drop_table("villager")
    with op.batch_alter_table("text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_key_id"))

    op.drop_table("text")
    with op.batch_alter_table("console_user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_console_user_person"))

    op.drop_table("console_user")
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_day_year"))

    op.drop_table("calendar_day")
    op.drop_table("word_count")
    op.drop_table("set_aside")
    op.drop_table("sealed_letter")
    op.drop_table("sealed_consent")
    op.drop_table("retention_plan")
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_place_parent"))

    op.drop_table("place")
    with op.batch_alter_table("officer_leave", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_officer_leave_account"))

    op.drop_table("officer_leave")
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_officer_superior"))
        batch_op.drop_index(batch_op.f("ix_officer_phone_hash"))
        batch_op.drop_index(batch_op.f("ix_officer_office"))
        batch_op.drop_index(batch_op.f("ix_officer_name"))

    op.drop_table("officer")
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_place"))
        batch_op.drop_index(batch_op.f("ix_office_parent"))

    op.drop_table("office")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_phone_hash"))
        batch_op.drop_index(batch_op.f("ix_member_contact"))
        batch_op.drop_index(batch_op.f("ix_member_branch"))

    op.drop_table("member")
    op.drop_table("login_brake")
    op.drop_table("lane_change")
    with op.batch_alter_table("key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_key_purpose"))

    op.drop_table("key")
    op.drop_table("identity_export")
    op.drop_table("duty")
    op.drop_table("directory_version")
    op.drop_table("digest")
    with op.batch_alter_table("diary_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_diary_note_account"))

    op.drop_table("diary_note")
    op.drop_table("checkpoint")
    op.drop_table("calendar_year")
