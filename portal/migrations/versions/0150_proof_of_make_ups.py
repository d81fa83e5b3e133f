"""Files that prove what was made up.

Revision: 0150, after 0121
"""

from alembic import op

revision: str = "0150"
down_revision: str | None = "0121"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In one statement on both databases: SQLite adds a column with its reference, not later.
    op.execute(
        "ALTER TABLE make_up ADD COLUMN material_id INTEGER"
        " CONSTRAINT fk_make_up_material_id REFERENCES material (id)"
    )
    op.create_index("ix_make_up_material_id", "make_up", ["material_id"])


def downgrade() -> None:
    op.drop_index("ix_make_up_material_id", "make_up")
    op.execute("ALTER TABLE make_up DROP COLUMN material_id")
