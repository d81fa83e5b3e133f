"""Heads that hosts counted; from which browser somebody signed in with the code.

Revision: 0085, after 0070
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0085"
down_revision: str | None = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "attendance_mark",
        sa.Column("browser", sa.String(length=16), nullable=False, server_default=""),
    )
    op.create_table(
        "head_count",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("on_roll", sa.Integer(), nullable=False),
        sa.Column("counted_by_id", sa.Integer(), nullable=False),
        sa.Column("counted_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_head_count_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["counted_by_id"], ["person.id"], name="fk_head_count_counted_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_head_count"),
    )
    op.create_index("ix_head_count_event_id_id", "head_count", ["event_id", "id"])


def downgrade() -> None:
    op.drop_table("head_count")
    op.drop_column("attendance_mark", "browser")
