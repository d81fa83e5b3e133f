"""Whether somebody has been told of a change in the hours.

Revision: 0171, after 0190
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0171"
down_revision: str | None = "0190"
branch_labels = None
depends_on = None

_UNTOLD = sa.text("told_at IS NULL")


def upgrade() -> None:
    op.add_column("hour_change", sa.Column("told_at", UTCDateTime(timezone=True), nullable=True))
    # What changed before stands on the pages; it is no news any more.
    op.execute("UPDATE hour_change SET told_at = at")
    op.create_index(
        "ix_hour_change_untold",
        "hour_change",
        ["person_id"],
        sqlite_where=_UNTOLD,
        postgresql_where=_UNTOLD,
    )


def downgrade() -> None:
    op.drop_index("ix_hour_change_untold", table_name="hour_change")
    op.drop_column("hour_change", "told_at")
