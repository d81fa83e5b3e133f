"""Themed lessons.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lesson",
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_lesson_organisation_id"
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name="fk_lesson_created_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson"),
    )
    op.create_index("ix_lesson_organisation_id", "lesson", ["organisation_id"])
    op.create_index("ix_lesson_state", "lesson", ["state"])


def downgrade() -> None:
    op.drop_table("lesson")
