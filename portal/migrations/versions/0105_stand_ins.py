"""Who comes instead of an invited person.

Revision: 0105, after 0092
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0105"
down_revision: str | None = "0092"
branch_labels = None
depends_on = None

_PEOPLE = ("invited_id", "person_id", "named_by_id", "ended_by_id")


def upgrade() -> None:
    op.create_table(
        "stand_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("invited_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("named_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("invited_id <> person_id", name=op.f("ck_stand_in_stand_in_is_another")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_stand_in_event_id"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_stand_in_{column}"))
            for column in _PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in")),
    )
    stands = sa.text("state = 'standing'")
    for name, column in (("uq_stand_in_for", "invited_id"), ("uq_stand_in_person", "person_id")):
        op.create_index(
            name,
            "stand_in",
            ["event_id", column],
            unique=True,
            sqlite_where=stands,
            postgresql_where=stands,
        )
    op.create_index(op.f("ix_stand_in_invited_id"), "stand_in", ["invited_id"])
    op.create_index(op.f("ix_stand_in_person_id"), "stand_in", ["person_id"])


def downgrade() -> None:
    op.drop_table("stand_in")
