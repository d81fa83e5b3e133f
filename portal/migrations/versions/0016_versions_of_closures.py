"""Closures of a site carry a version: two keepers do not overwrite each other.

Revision: 0016, after 0050
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("closure", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("closure", "version")
