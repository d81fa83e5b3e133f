"""Messages, series and templates of events.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _messages()
    _notices()
    _series()
    _agenda()


def _series() -> None:
    moment = portal.database.UTCDateTime(timezone=True)
    op.create_table(
        "event_series",
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.String(length=24), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("skips_holidays", sa.Boolean(), nullable=False),
        sa.Column("pattern", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("every > 0", name="ck_event_series_every_positive"),
        sa.ForeignKeyConstraint(["host_id"], ["organisation.id"], name="fk_event_series_host_id"),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name="fk_event_series_created_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_series"),
    )
    op.create_index("ix_event_series_host_id", "event_series", ["host_id"])
    op.create_table(
        "event_template",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("pattern", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_event_template_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name="fk_event_template_created_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_template"),
    )
    op.create_index("uq_event_template", "event_template", ["organisation_id", "name"], unique=True)
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.UniqueConstraint("day", name="uq_holiday_day"),
        sa.PrimaryKeyConstraint("id", name="pk_holiday"),
    )
    # SQLite adds a column with its foreign key in one plain statement, see 0007.
    op.execute(
        "ALTER TABLE event ADD COLUMN series_id INTEGER"
        " CONSTRAINT fk_event_series_id REFERENCES event_series (id)"
    )
    op.add_column("event", sa.Column("planned_at", moment, nullable=True))
    op.create_index("ix_event_series_id", "event", ["series_id"])


def _agenda() -> None:
    op.create_table(
        "agenda_item",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("speaker", sa.String(length=60), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "minutes IS NULL OR minutes > 0", name="ck_agenda_item_minutes_positive"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_agenda_item_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_item"),
    )
    op.create_index("uq_agenda_item", "agenda_item", ["event_id", "position"], unique=True)


def _notices() -> None:
    op.create_table(
        "event_notice",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("starts_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("whereabouts", sa.String(length=160), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("without_account", sa.Integer(), nullable=False),
        sa.Column("at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_event_notice_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_notice"),
    )
    op.create_index("ix_event_notice_event_id_id", "event_notice", ["event_id", "id"])


def _messages() -> None:
    op.create_table(
        "message",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("created_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("read_at", portal.database.UTCDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_message_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    op.create_index("uq_message", "message", ["person_id", "key"], unique=True)
    op.create_index("ix_message_created_at", "message", ["created_at"])
    op.create_index(
        "ix_message_unread",
        "message",
        ["person_id"],
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "silence",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_silence_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_silence"),
    )
    op.create_index("uq_silence", "silence", ["person_id", "kind"], unique=True)


def downgrade() -> None:
    op.drop_table("agenda_item")
    op.drop_index("ix_event_series_id", "event")
    op.execute("ALTER TABLE event DROP COLUMN planned_at")
    op.execute("ALTER TABLE event DROP COLUMN series_id")
    tables = ("holiday", "event_template", "event_series", "event_notice", "silence", "message")
    for table in tables:
        op.drop_table(table)
