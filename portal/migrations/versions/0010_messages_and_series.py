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
    for table in ("event_notice", "silence", "message"):
        op.drop_table(table)
