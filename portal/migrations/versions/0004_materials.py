"""Stored files, materials, uploads under way.

Revision: 0004, after 0003
"""

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
