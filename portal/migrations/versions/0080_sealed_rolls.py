"""Confirmed rolls are sealed, row by row.

Revision: 0080, after 0016 (the migrations of one month were numbered by who wrote them)
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0080"
down_revision: str | None = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("roll", sa.Column("seal", sa.String(64), nullable=True))
    op.add_column("attendance_entry", sa.Column("seal", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("attendance_entry", "seal")
    op.drop_column("roll", "seal")
