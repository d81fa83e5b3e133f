"""Questionnaires after events, their tallies, and who has taken part.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_template",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_feedback_template_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name="fk_feedback_template_created_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_template"),
    )
    op.create_index(
        "uq_feedback_template", "feedback_template", ["organisation_id", "name"], unique=True
    )
    op.create_table(
        "event_feedback",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 60", name="ck_event_feedback_days_possible"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_event_feedback_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name="fk_event_feedback_created_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_feedback"),
        sa.UniqueConstraint("event_id", name="uq_event_feedback_event_id"),
    )
    op.create_table(
        "feedback_tally",
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("released", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["event_feedback.id"],
            name="fk_feedback_tally_feedback_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_tally"),
        sa.UniqueConstraint("feedback_id", name="uq_feedback_tally_feedback_id"),
    )
    # Without a row number of their own: it would tell in which order people answered.
    for table in ("feedback_mark", "feedback_dismissal"):
        op.create_table(
            table,
            sa.Column("feedback_id", sa.Integer(), nullable=False),
            sa.Column("person_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["feedback_id"],
                ["event_feedback.id"],
                name=f"fk_{table}_feedback_id",
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{table}_person_id"),
            sa.PrimaryKeyConstraint("feedback_id", "person_id", name=f"pk_{table}"),
            sqlite_with_rowid=False,
        )
        op.create_index(f"ix_{table}_person_id", table, ["person_id"])


def downgrade() -> None:
    for table in (
        "feedback_dismissal",
        "feedback_mark",
        "feedback_tally",
        "event_feedback",
        "feedback_template",
    ):
        op.drop_table(table)
