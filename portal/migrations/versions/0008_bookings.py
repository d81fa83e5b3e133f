"""Uses of rooms, and bookings of visits.

Revision: 0008, after 0007
"""

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
