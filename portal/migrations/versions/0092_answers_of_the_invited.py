"""The invited answer that they cannot come.

Revision: 0092, after 0091
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0092"
down_revision: str | None = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitation_refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("answered_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_invitation_refusal_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_invitation_refusal_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_refusal")),
    )
    op.create_index(
        "uq_invitation_refusal", "invitation_refusal", ["event_id", "person_id"], unique=True
    )
    op.create_index(op.f("ix_invitation_refusal_person_id"), "invitation_refusal", ["person_id"])


def downgrade() -> None:
    op.drop_table("invitation_refusal")
