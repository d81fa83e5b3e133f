"""What staff pages without a network send besides check-ins: ticks taken back, and names.

Revision: 0070, after 0060
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0070"
down_revision: str | None = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "door_withdrawal",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "withdrawn",
                "kept",
                "unknown",
                "closed",
                name="taken",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("received_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("received_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_door_withdrawal_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["person.id"], name=op.f("fk_door_withdrawal_received_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_withdrawal")),
    )
    op.create_index("uq_door_withdrawal", "door_withdrawal", ["event_id", "client_id"], unique=True)
    op.create_table(
        "door_name",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("received_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("received_by_id", sa.Integer(), nullable=False),
        sa.Column("settled_at", portal.database.UTCDateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)",
            name=op.f("ck_door_name_settled_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_door_name_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["person.id"], name=op.f("fk_door_name_received_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_door_name_settled_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_door_name_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_name")),
    )
    op.create_index("uq_door_name", "door_name", ["event_id", "client_id"], unique=True)


def downgrade() -> None:
    op.drop_table("door_name")
    op.drop_table("door_withdrawal")
