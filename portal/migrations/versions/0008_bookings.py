"""Uses of rooms, which never overlap; how sites receive visits; bookings of visits.

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None

# Half-open ranges: what begins when the other ends does not overlap. A range of one number
# compares by `=` through gist without any extension.
_POSTGRESQL = """
ALTER TABLE room_use ADD CONSTRAINT ex_room_use_no_overlap EXCLUDE USING gist (
    int4range(room_id, room_id, '[]') WITH &&,
    tstzrange(starts_at, ends_at) WITH &&
) WHERE (room_id IS NOT NULL)
"""
# Moments are kept as text of one length, so that text compares as time does.
_SQLITE = """
CREATE TRIGGER room_use_no_overlap_{verb} BEFORE {VERB} ON room_use
WHEN NEW.room_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM room_use
    WHERE room_id = NEW.room_id AND ends_at > NEW.starts_at AND starts_at < NEW.ends_at{others}
)
BEGIN SELECT RAISE(ABORT, 'room is taken'); END
"""


def upgrade() -> None:
    op.create_table(
        "room_use",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("held_until", portal.database.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ck_room_use_ends_after_start"),
        sa.CheckConstraint("people IS NULL OR people > 0", name="ck_room_use_people_positive"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_room_use_site_id"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_room_use_room_id"),
        sa.PrimaryKeyConstraint("id", name="pk_room_use"),
    )
    op.create_index("uq_room_use_source", "room_use", ["source", "source_id"], unique=True)
    op.create_index("ix_room_use_site_id_starts_at", "room_use", ["site_id", "starts_at"])
    op.create_index("ix_room_use_room_id_ends_at", "room_use", ["room_id", "ends_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRESQL)
    else:
        op.execute(_SQLITE.format(verb="insert", VERB="INSERT", others=""))
        op.execute(_SQLITE.format(verb="update", VERB="UPDATE", others=" AND id <> NEW.id"))
    op.create_table(
        "visit_rules",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("takes_visits", sa.Boolean(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("weekly_visits", sa.Integer(), nullable=False),
        sa.Column("rest_weekdays", sa.String(length=7), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("days_ahead", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "slot_minutes BETWEEN 15 AND 480", name="ck_visit_rules_slot_within_a_day"
        ),
        sa.CheckConstraint("weekly_visits > 0", name="ck_visit_rules_weekly_visits_positive"),
        sa.CheckConstraint("answer_days > 0", name="ck_visit_rules_answer_days_positive"),
        sa.CheckConstraint("days_ahead > 0", name="ck_visit_rules_days_ahead_positive"),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name="fk_visit_rules_site_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_visit_rules"),
    )
    op.create_index("uq_visit_rules", "visit_rules", ["site_id"], unique=True)
    op.create_table(
        "booking",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("contact_name", sa.String(length=60), nullable=False),
        sa.Column("contact_phone", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("moved_from_at", portal.database.UTCDateTime(timezone=True), nullable=True),
        sa.Column("answer_by", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("joins_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", portal.database.UTCDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ck_booking_ends_after_start"),
        sa.CheckConstraint("party_size > 0", name="ck_booking_party_size_positive"),
        sa.CheckConstraint("joins_id IS NULL OR joins_id <> id", name="ck_booking_joins_another"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_booking_site_id"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_booking_room_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_booking_organisation_id"
        ),
        sa.ForeignKeyConstraint(["joins_id"], ["booking.id"], name="fk_booking_joins_id"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name="fk_booking_asked_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name="fk_booking_decided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_booking"),
    )
    for columns in (
        ["site_id", "starts_at"],
        ["asked_by_id", "starts_at"],
        ["organisation_id", "starts_at"],
        ["joins_id"],
        ["state", "starts_at"],
    ):
        op.create_index(f"ix_booking_{'_'.join(columns)}", "booking", columns)
    kept = sa.text("contact_phone <> ''")
    op.create_index(
        "ix_booking_contact_kept",
        "booking",
        ["ends_at"],
        sqlite_where=kept,
        postgresql_where=kept,
    )


def downgrade() -> None:
    for table in ("booking", "visit_rules", "room_use"):
        op.drop_table(table)
