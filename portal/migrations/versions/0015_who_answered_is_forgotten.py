"""Who has answered a questionnaire is forgotten once it is closed.

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "event_feedback",
        sa.Column("marks_deleted_at", portal.database.UTCDateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("event_feedback", "marks_deleted_at")
