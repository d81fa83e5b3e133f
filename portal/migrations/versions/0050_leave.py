"""Leave from events, and lessons made up.

Revision: 0050, after 0031
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0050"
down_revision: str | None = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave_request",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("public", "sick", "personal", name="leavekind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("proof_seen", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "granted",
                "refused",
                "withdrawn",
                name="leavestate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_after_start", sa.Boolean(), nullable=False),
        sa.Column("requested_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", portal.database.UTCDateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_leave_request_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_leave_request_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_leave_request_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_leave_request_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_request")),
    )
    op.create_index(
        op.f("ix_leave_request_event_id_state"),
        "leave_request",
        ["event_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_leave_request_person_id_id"), "leave_request", ["person_id", "id"], unique=False
    )
    op.create_index(
        "uq_leave_request_live",
        "leave_request",
        ["event_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('pending', 'granted')"),
        postgresql_where=sa.text("state IN ('pending', 'granted')"),
    )
    op.create_table(
        "make_up",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "delivered",
                "self_study",
                "other_session",
                "recording",
                name="makeupmethod",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("provider", sa.String(length=80), nullable=False),
        sa.Column("credit_halves", sa.Integer(), nullable=False),
        sa.Column("proof", sa.String(length=200), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("credit_halves BETWEEN 0 AND 32", name=op.f("ck_make_up_credit_halves")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_make_up_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_make_up_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_make_up_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_make_up")),
    )
    op.create_index(op.f("ix_make_up_person_id"), "make_up", ["person_id"], unique=False)
    op.create_index("uq_make_up", "make_up", ["event_id", "person_id"], unique=True)


def downgrade() -> None:
    op.drop_table("make_up")
    op.drop_table("leave_request")
