"""Published lessons are found in the order in which they are listed.

Revision: 0220, after 0210
"""

from alembic import op

revision: str = "0220"
down_revision: str | None = "0210"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_lesson_state_updated_at_id"), "lesson", ["state", "updated_at", "id"])
    op.drop_index(op.f("ix_lesson_state"), table_name="lesson")


def downgrade() -> None:
    op.create_index(op.f("ix_lesson_state"), "lesson", ["state"])
    op.drop_index(op.f("ix_lesson_state_updated_at_id"), table_name="lesson")
