"""Doors: personal passes, and tokens of devices.

Revision: 0021, after 0020
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels = None
depends_on = None

_LIVE = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    _passes()
    _tokens()


def _passes() -> None:
    moment = portal.database.UTCDateTime(timezone=True)
    op.create_table(
        "person_pass",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("serial", sa.String(length=10), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", moment, nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("revoked_at", moment, nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_person_pass_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name="fk_person_pass_issued_by_id"
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["person.id"], name="fk_person_pass_revoked_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_person_pass"),
        sa.UniqueConstraint("serial", name="uq_person_pass_serial"),
        sa.UniqueConstraint("text_hash", name="uq_person_pass_text_hash"),
    )
    op.create_index("ix_person_pass_person_id", "person_pass", ["person_id"])
    op.create_index("ix_person_pass_revoked_at", "person_pass", ["revoked_at"])
    op.create_index(
        "uq_person_pass_live",
        "person_pass",
        ["person_id", "kind"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )


def _tokens() -> None:
    moment = portal.database.UTCDateTime(timezone=True)
    op.create_table(
        "door_token",
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("may_read", sa.Boolean(), nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("revoked_at", moment, nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("last_used_at", moment, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(event_id IS NULL) <> (organisation_id IS NULL)", name="ck_door_token_for_one_thing"
        ),
        sa.CheckConstraint("may_read OR may_write", name="ck_door_token_for_something"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_door_token_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_door_token_organisation_id"
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_door_token_made_by_id"),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["person.id"], name="fk_door_token_revoked_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_door_token"),
        sa.UniqueConstraint("token_hash", name="uq_door_token_token_hash"),
    )
    op.create_index("ix_door_token_event_id", "door_token", ["event_id"])
    op.create_index("ix_door_token_organisation_id", "door_token", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("door_token")
    op.drop_table("person_pass")
