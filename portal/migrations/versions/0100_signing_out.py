"""Signing out: what a roll asks for, when somebody left, which way doors saw people go.

Revision: 0100, after 0105
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0100"
down_revision: str | None = "0105"
branch_labels = None
depends_on = None

_MOMENT = UTCDateTime(timezone=True)
_WAY = sa.String(length=24)


def upgrade() -> None:
    no = sa.false()
    op.add_column("roll", sa.Column("signs_out", sa.Boolean(), nullable=False, server_default=no))
    for name, minutes in (("early_grace", "10"), ("minimum_stay", "30")):
        op.add_column("roll", sa.Column(name, sa.Integer(), nullable=False, server_default=minutes))
    op.add_column("attendance_entry", sa.Column("left_at", _MOMENT))
    op.add_column(
        "attendance_entry",
        sa.Column("left_by_hand", sa.Boolean(), nullable=False, server_default=no),
    )
    op.add_column("attendance_entry", sa.Column("last_seen_at", _MOMENT))
    op.add_column("attendance_entry", sa.Column("last_seen_as", _WAY))
    op.add_column("attendance_mark", sa.Column("from_left_at", _MOMENT))
    op.add_column("attendance_mark", sa.Column("to_left_at", _MOMENT))
    op.add_column("attendance_scan", sa.Column("direction", _WAY))
    op.add_column("attendance_scan", sa.Column("left_at", _MOMENT))


def downgrade() -> None:
    for table, names in (
        ("attendance_scan", ("left_at", "direction")),
        ("attendance_mark", ("to_left_at", "from_left_at")),
        ("attendance_entry", ("last_seen_as", "last_seen_at", "left_by_hand", "left_at")),
        ("roll", ("minimum_stay", "early_grace", "signs_out")),
    ):
        for name in names:
            op.drop_column(table, name)
