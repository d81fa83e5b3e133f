"""Exemptions from organisation life with their history.

Revision: 0172, after 0160
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0172"
down_revision: str | None = "0160"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exemption",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                *("frail", "immobile", "other"), name="exemptreason", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("entered_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("is_mistaken", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_exemption_until_after_since")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_exemption_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_exemption_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["person.id"], name=op.f("fk_exemption_ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
    )
    op.create_index(op.f("ix_exemption_person_id_id"), "exemption", ["person_id", "id"])
    # Those that hold now; who entered them stands in the audit chain.
    op.execute(
        "INSERT INTO exemption (person_id, reason, since, is_mistaken) "
        "SELECT id, COALESCE(exempt_reason, 'other'), exempt_since, false "
        "FROM person WHERE is_exempt"
    )


def downgrade() -> None:
    op.drop_table("exemption")
