"""Closing summaries of gatherings.

Revision: 0160, after 0171
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0160"
down_revision: str | None = "0171"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_summary",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_summary_event_id")),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_event_summary_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_summary")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_summary_event_id")),
    )
