"""The plan of seats of an event.

Revision: 0106, after 0101
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0106"
down_revision: str | None = "0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seat_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("shown_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_seat_plan_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_seat_plan_changed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_plan")),
        sa.UniqueConstraint("event_id", name=op.f("uq_seat_plan_event_id")),
    )
    op.create_table(
        "seat_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_seat_group_size_positive")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["seat_plan.id"], name=op.f("fk_seat_group_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_group")),
    )
    op.create_index("uq_seat_group_name", "seat_group", ["plan_id", "name"], unique=True)
    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("signup_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_seat_number_positive")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_seat_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["seat_group.id"], name=op.f("fk_seat_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seat_person_id")),
        sa.ForeignKeyConstraint(
            ["signup_id"], ["signup.id"], name=op.f("fk_seat_signup_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    op.create_index("uq_seat", "seat", ["group_id", "number"], unique=True)
    op.create_index("uq_seat_person", "seat", ["event_id", "person_id"], unique=True)
    op.create_index(op.f("ix_seat_person_id"), "seat", ["person_id"])
    op.create_index(op.f("ix_seat_signup_id"), "seat", ["signup_id"])


def downgrade() -> None:
    for table in ("seat", "seat_group", "seat_plan"):
        op.drop_table(table)
