"""An event may give a lesson, and take a room of a site.

Revision: 0007, after 0006
"""

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None

COLUMNS = {"lesson_id": "lesson", "site_id": "site", "room_id": "room"}


def upgrade() -> None:
    # SQLite adds a column with its foreign key in one plain statement: no table is copied, so no
    # check of it is lost.
    for column, target in COLUMNS.items():
        op.execute(
            f"ALTER TABLE event ADD COLUMN {column} INTEGER"
            f" CONSTRAINT fk_event_{column} REFERENCES {target} (id)"
        )
    op.create_index("ix_event_lesson_id", "event", ["lesson_id"])
    op.create_index("ix_event_site_id", "event", ["site_id"])


def downgrade() -> None:
    op.drop_index("ix_event_site_id", "event")
    op.drop_index("ix_event_lesson_id", "event")
    for column in COLUMNS:
        op.execute(f"ALTER TABLE event DROP COLUMN {column}")
