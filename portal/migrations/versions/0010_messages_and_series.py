"""Messages, series and templates of events.

Revision: 0010, after 0009
"""

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
