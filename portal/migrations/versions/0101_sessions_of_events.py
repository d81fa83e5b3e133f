"""Sessions of an event: an event that is part of another, and how many one has.

Revision: 0101, after 0120
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0101"
down_revision: str | None = "0120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # One plain statement with its foreign key: no table is copied, see 0007.
    op.execute(
        "ALTER TABLE event ADD COLUMN part_of_id INTEGER"
        " CONSTRAINT fk_event_part_of_id REFERENCES event (id)"
    )
    op.add_column(
        "event",
        sa.Column("session_name", sa.String(length=40), nullable=False, server_default=""),
    )
    op.add_column(
        "event", sa.Column("session_count", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index("ix_event_part_of_id_starts_at", "event", ["part_of_id", "starts_at"])


def downgrade() -> None:
    op.drop_index("ix_event_part_of_id_starts_at", "event")
    for name in ("session_count", "session_name", "part_of_id"):
        op.execute(f"ALTER TABLE event DROP COLUMN {name}")
