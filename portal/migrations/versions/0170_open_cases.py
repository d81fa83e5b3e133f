"""To whom a case is open beside those whose business it is.

Revision: 0170, after 0150
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0170"
down_revision: str | None = "0150"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_opening",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "openness",
            sa.Enum(
                *("units", "community", "members"), name="openness", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "openness <> 'units' AND (openness = 'members') = (organisation_id IS NULL)",
            name=op.f("ck_case_opening_to_whom"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["supervised_case.id"],
            name=op.f("fk_case_opening_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_case_opening_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_case_opening_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_opening")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_opening_case_id")),
    )
    op.create_index(op.f("ix_case_opening_organisation_id"), "case_opening", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("case_opening")
