"""Longer visits: a booking, and its use of a room, take up to three slots in a row.

Revision: 0014, after 0013

The columns are added by plain statements: what SQLite cannot do to a table otherwise is done by
making it anew, and the triggers that keep rooms from being taken twice would go with the old one.
"""

from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels = None
depends_on = None

_TABLES = ("booking", "room_use")


def upgrade() -> None:
    for table in _TABLES:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN slots INTEGER DEFAULT 1 NOT NULL"
            f" CONSTRAINT ck_{table}_slots_in_a_row CHECK (slots BETWEEN 1 AND 3)"
        )


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN slots")
