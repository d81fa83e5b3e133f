"""The calendar of holidays also knows weekend days that are worked in exchange (调休).

Revision: 0030, after 0021
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "holiday",
        sa.Column("kind", sa.String(length=24), server_default="off", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("holiday", "kind")
