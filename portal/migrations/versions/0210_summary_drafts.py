"""What is typed into a closing summary is saved while it is typed.

Revision: 0210, after 0161
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0210"
down_revision: str | None = "0161"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "summary_draft",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", portal.database.UTCDateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_summary_draft_event_id")),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_summary_draft_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_draft")),
        sa.UniqueConstraint("event_id", name=op.f("uq_summary_draft_event_id")),
    )


def downgrade() -> None:
    op.drop_table("summary_draft")
