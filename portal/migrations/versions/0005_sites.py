"""Sites, their rooms, opening hours and closures.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_site_organisation_id"
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name="fk_site_created_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
    )
    op.create_index("ix_site_organisation_id", "site", ["organisation_id"])
    op.create_index("ix_site_state", "site", ["state"])
    op.create_table(
        "room",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("equipment", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_bookable", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0", name="ck_room_capacity_positive"),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name="fk_room_site_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_room"),
    )
    op.create_index("uq_room", "room", ["site_id", "name"], unique=True)
    op.create_table(
        "opening_hours",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=False),
        sa.Column("closes_minute", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="ck_opening_hours_weekday_known"),
        sa.CheckConstraint(
            "opens_minute >= 0 AND closes_minute > opens_minute AND closes_minute <= 1440",
            name="ck_opening_hours_within_a_day",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name="fk_opening_hours_site_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_opening_hours"),
    )
    op.create_index("ix_opening_hours_site_id", "opening_hours", ["site_id"])
    op.create_table(
        "closure",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name="ck_closure_ends_after_start"
        ),
        sa.CheckConstraint(
            "weekday IS NULL OR weekday BETWEEN 0 AND 6", name="ck_closure_weekday_known"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name="fk_closure_site_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name="fk_closure_room_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_closure"),
    )
    op.create_index("ix_closure_site_id", "closure", ["site_id"])


def downgrade() -> None:
    for table in ("closure", "opening_hours", "room", "site"):
        op.drop_table(table)
