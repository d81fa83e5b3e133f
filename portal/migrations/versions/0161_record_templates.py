"""Templates of records, and what a record began with.

Revision: 0161, after 0172
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0161"
down_revision: str | None = "0172"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_template",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("reported", sa.Text(), nullable=False),
        sa.Column("discussion", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=False),
        sa.Column("kept_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_record_template_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kept_by_id"], ["person.id"], name=op.f("fk_record_template_kept_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_template")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_record_template_organisation_id_name")
        ),
    )
    op.add_column(
        "meeting_record", sa.Column("began_with", sa.Text(), server_default="", nullable=False)
    )
