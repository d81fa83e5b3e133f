"""Study hours: rules and thresholds, entries, other training, certificates.

Revision: 0130, after 0140
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime, sorted_bytewise

revision: str = "0130"
down_revision: str | None = "0140"
branch_labels = None
depends_on = None


def _source() -> sa.Enum:
    return sa.Enum(
        "lesson",
        "seminar",
        "site_visit",
        "meeting",
        "theme_day",
        "survey",
        "home_visit",
        "fair",
        "course",
        "lecture",
        "online",
        "make_up",
        "self_study",
        name="source",
        native_enum=False,
        length=24,
    )


def upgrade() -> None:
    op.create_table(
        "hour_certificate",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("halves", sa.Integer(), nullable=False),
        sa.Column("owed_halves", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("unit_name", sa.String(length=80), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("issued_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_hour_certificate_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_hour_certificate_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_hour_certificate_code")),
        sa.UniqueConstraint("number", name=op.f("uq_hour_certificate_number")),
    )
    op.create_index(
        op.f("ix_hour_certificate_person_id_year"), "hour_certificate", ["person_id", "year"]
    )

    op.create_table(
        "hour_rule",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("source", _source(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("per_hour", sa.Integer(), nullable=False),
        sa.Column("per_half_day", sa.Integer(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.Column("fixed", sa.Integer(), nullable=False),
        sa.Column("cap_event", sa.Integer(), nullable=True),
        sa.Column("cap_year", sa.Integer(), nullable=True),
        sa.Column("needs_full_stay", sa.Boolean(), nullable=False),
        sa.Column("lecturer_times", sa.Integer(), nullable=False),
        sa.Column("citation", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "lecturer_times BETWEEN 1 AND 10", name=op.f("ck_hour_rule_lecturer_times")
        ),
        sa.CheckConstraint("per_day BETWEEN 0 AND 48", name=op.f("ck_hour_rule_per_day")),
        sa.CheckConstraint("per_half_day BETWEEN 0 AND 48", name=op.f("ck_hour_rule_per_half_day")),
        sa.CheckConstraint("per_hour BETWEEN 0 AND 48", name=op.f("ck_hour_rule_per_hour")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_hour_rule_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_hour_rule_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_rule")),
    )
    op.create_index(op.f("ix_hour_rule_organisation_id"), "hour_rule", ["organisation_id"])

    op.create_table(
        "hour_threshold",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum("member", "officer", name="category", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("year_from", sa.Integer(), nullable=False),
        sa.Column("halves", sa.Integer(), nullable=False),
        sa.Column("concentrated", sa.Integer(), nullable=False),
        sa.Column("prorates", sa.Boolean(), nullable=False),
        sa.Column("citation", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("halves BETWEEN 0 AND 2000", name=op.f("ck_hour_threshold_halves")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_hour_threshold_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_hour_threshold_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_threshold")),
    )
    op.create_index(
        op.f("ix_hour_threshold_organisation_id"), "hour_threshold", ["organisation_id"]
    )

    op.create_table(
        "training",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("source", _source(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("title_key", sa.String(length=120), nullable=False),
        sa.Column("organiser", sa.String(length=80), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum("day", "half_day", "hour", name="unit", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "confirmed",
                "refused",
                "withdrawn",
                name="trainingstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("material_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_training_ends_after_start")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 800", name=op.f("ck_training_quantity")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_training_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_training_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_training_material_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    op.create_index(op.f("ix_training_material_id"), "training", ["material_id"])
    op.create_index(op.f("ix_training_state_person_id"), "training", ["state", "person_id"])
    op.create_index(
        "uq_training_live",
        "training",
        ["person_id", "starts_on", "title_key"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'confirmed')"),
        postgresql_where=sa.text("state IN ('waiting', 'confirmed')"),
    )

    op.create_table(
        "counted_roll",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_counted_roll_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_roll")),
        sa.UniqueConstraint("event_id", name=op.f("uq_counted_roll_event_id")),
    )
    op.create_table(
        "hour_change",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "confirmed",
                "corrected",
                "rule",
                "make_up",
                "training",
                "recount",
                name="cause",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("training_id", sa.Integer(), nullable=True),
        sa.Column("from_halves", sa.Integer(), nullable=True),
        sa.Column("to_halves", sa.Integer(), nullable=True),
        sa.Column("from_words", sa.String(length=300), nullable=False),
        sa.Column("to_words", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_hour_change_event_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_hour_change_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["training_id"],
            ["training.id"],
            name=op.f("fk_hour_change_training_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_change")),
    )
    op.create_index(
        op.f("ix_hour_change_person_id_year_id"), "hour_change", ["person_id", "year", "id"]
    )

    op.create_table(
        "hour_entry",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("source", _source(), nullable=False),
        sa.Column("halves", sa.Integer(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("make_up_id", sa.Integer(), nullable=True),
        sa.Column("training_id", sa.Integer(), nullable=True),
        sa.Column("unit_path", sorted_bytewise(400), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(event_id IS NULL) <> (training_id IS NULL)", name=op.f("ck_hour_entry_one_thing")
        ),
        sa.CheckConstraint("halves >= 0", name=op.f("ck_hour_entry_halves")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_hour_entry_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["make_up_id"],
            ["make_up.id"],
            name=op.f("fk_hour_entry_make_up_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hour_entry_person_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["hour_rule.id"], name=op.f("fk_hour_entry_rule_id")),
        sa.ForeignKeyConstraint(
            ["training_id"],
            ["training.id"],
            name=op.f("fk_hour_entry_training_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_entry")),
    )
    op.create_index(op.f("ix_hour_entry_person_id_year"), "hour_entry", ["person_id", "year"])
    op.create_index(op.f("ix_hour_entry_year_unit_path"), "hour_entry", ["year", "unit_path"])
    op.create_index(
        "uq_hour_entry_event",
        "hour_entry",
        ["event_id", "person_id", "year"],
        unique=True,
        sqlite_where=sa.text("event_id IS NOT NULL"),
        postgresql_where=sa.text("event_id IS NOT NULL"),
    )
    op.create_index(
        "uq_hour_entry_training",
        "hour_entry",
        ["training_id", "year"],
        unique=True,
        sqlite_where=sa.text("training_id IS NOT NULL"),
        postgresql_where=sa.text("training_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("hour_entry")
    op.drop_table("hour_change")
    op.drop_table("counted_roll")
    op.drop_table("training")
    op.drop_table("hour_threshold")
    op.drop_table("hour_rule")
    op.drop_table("hour_certificate")
