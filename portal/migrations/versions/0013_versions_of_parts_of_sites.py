"""Rooms, honours and pictures of a site carry a version: two keepers do not overwrite each other.

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels = None
depends_on = None

_PARTS = ("room", "site_title", "site_picture")


def upgrade() -> None:
    for table in _PARTS:
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    for table in _PARTS:
        op.drop_column(table, "version")
