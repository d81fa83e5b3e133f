"""Sites with their rooms, hours, titles and life; routes that join them; score sheets.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "site",
    "room",
    "opening_hours",
    "closure",
    "site_title",
    "site_move",
    "site_picture",
    "site_review",
    "route",
    "route_stop",
    "scoring_scheme",
    "criterion",
    "score_sheet",
    "score_entry",
)


def upgrade() -> None:
    _sites()
    _routes()
    _scoring()


def _sites() -> None:
    op.create_table(
        "site",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("compound", sa.String(length=80), nullable=False),
        sa.Column("property_company", sa.String(length=80), nullable=False),
        sa.Column("facilities", sa.Text(), nullable=False),
        sa.Column("accessibility", sa.String(length=200), nullable=False),
        sa.Column("deliberation", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("naming_document", sa.String(length=120), nullable=False),
        sa.Column("naming_level", sa.String(length=24), nullable=True),
        sa.Column("named_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("review_months", sa.Integer(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("crs", sa.String(length=24), nullable=True),
        sa.Column("sketch_x", sa.Integer(), nullable=True),
        sa.Column("sketch_y", sa.Integer(), nullable=True),
        sa.Column("is_approximate", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(longitude IS NULL AND latitude IS NULL AND crs IS NULL) OR (longitude BETWEEN -180 AND 180 AND latitude BETWEEN -90 AND 90 AND crs IS NOT NULL)",
            name="ck_site_coordinates_whole",
        ),
        sa.CheckConstraint(
            "(sketch_x IS NULL AND sketch_y IS NULL) OR (sketch_x BETWEEN 0 AND 1000 AND sketch_y BETWEEN 0 AND 1000)",
            name="ck_site_on_the_sketch",
        ),
        sa.CheckConstraint(
            "review_months IS NULL OR review_months > 0", name="ck_site_review_interval"
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= named_on", name="ck_site_validity"
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name="fk_site_created_by_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_site_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
    )
    op.create_index("uq_site", "site", ["organisation_id", "name"], unique=True)
    op.create_index("ix_site_review_due_on", "site", ["review_due_on"])
    op.create_index("ix_site_state", "site", ["state"])
    op.create_table(
        "room",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("equipment", sa.String(length=200), nullable=False),
        sa.Column("is_step_free", sa.Boolean(), nullable=False),
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
        sa.CheckConstraint(
            "opens_minute >= 0 AND closes_minute > opens_minute AND closes_minute <= 1440",
            name="ck_opening_hours_within_a_day",
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="ck_opening_hours_weekday_known"),
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
            ["room_id"], ["room.id"], name="fk_closure_room_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name="fk_closure_site_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_closure"),
    )
    op.create_index("ix_closure_site_id", "closure", ["site_id"])
    op.create_table(
        "site_title",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title_level", sa.String(length=24), nullable=False),
        sa.Column("issuer", sa.String(length=80), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= awarded_on", name="ck_site_title_validity"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name="fk_site_title_site_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site_title"),
    )
    op.create_index(
        "uq_site_title", "site_title", ["site_id", "name", "title_level", "awarded_on"], unique=True
    )
    op.create_table(
        "site_move",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("from_state", sa.String(length=24), nullable=True),
        sa.Column("to_state", sa.String(length=24), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_site_move_by_id"),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name="fk_site_move_site_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site_move"),
    )
    op.create_index("ix_site_move_site_id", "site_move", ["site_id"])
    op.create_table(
        "site_review",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(length=24), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_site_review_by_id"),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name="fk_site_review_site_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site_review"),
    )
    op.create_index("ix_site_review_site_id", "site_review", ["site_id"])
    op.create_table(
        "site_picture",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("alt_text", sa.String(length=120), nullable=False),
        sa.Column("caption", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name="fk_site_picture_site_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name="fk_site_picture_material_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site_picture"),
    )
    op.create_index("uq_site_picture", "site_picture", ["site_id", "material_id"], unique=True)
    op.create_index("ix_site_picture_material_id", "site_picture", ["material_id"])


def _routes() -> None:
    op.create_table(
        "route",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "starts_minute IS NULL OR starts_minute BETWEEN 0 AND 1439",
            name="ck_route_starts_within_a_day",
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name="fk_route_created_by_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_route_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_route"),
    )
    op.create_index("ix_route_organisation_id", "route", ["organisation_id"])
    op.create_table(
        "route_stop",
        sa.Column("route_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("walk_minutes", sa.Integer(), nullable=False),
        sa.Column("walk_metres", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name="ck_route_stop_minutes_positive"),
        sa.CheckConstraint("walk_metres IS NULL OR walk_metres >= 0", name="ck_route_stop_metres"),
        sa.CheckConstraint("walk_minutes >= 0", name="ck_route_stop_walk"),
        sa.ForeignKeyConstraint(
            ["route_id"], ["route.id"], name="fk_route_stop_route_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_route_stop_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_route_stop"),
    )
    op.create_index("ix_route_stop_route_id_position", "route_stop", ["route_id", "position"])
    op.create_index("ix_route_stop_site_id", "route_stop", ["site_id"])


def _scoring() -> None:
    op.create_table(
        "scoring_scheme",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("document_title", sa.String(length=120), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("publicity_days", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("publicity_days > 0", name="ck_scoring_scheme_publicity"),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name="fk_scoring_scheme_opened_by_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_scoring_scheme_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_scoring_scheme"),
    )
    op.create_index(
        "uq_scoring_scheme_open",
        "scoring_scheme",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text("closed_on IS NULL"),
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_table(
        "criterion",
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("max_points", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("max_points >= 0", name="ck_criterion_points_not_negative"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["criterion.id"], name="fk_criterion_parent_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["scoring_scheme.id"], name="fk_criterion_scheme_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_criterion"),
    )
    op.create_index("ix_criterion_parent_id", "criterion", ["parent_id"])
    op.create_index("ix_criterion_scheme_id", "criterion", ["scheme_id"])
    op.create_table(
        "score_sheet",
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("for_year", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("publicity_from", sa.Date(), nullable=True),
        sa.Column("publicity_until", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("created_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("for_year BETWEEN 2000 AND 2099", name="ck_score_sheet_year_known"),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["scoring_scheme.id"], name="fk_score_sheet_scheme_id"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name="fk_score_sheet_site_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_score_sheet"),
    )
    op.create_index(
        "uq_score_sheet", "score_sheet", ["site_id", "scheme_id", "for_year"], unique=True
    )
    op.create_table(
        "score_entry",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("points >= 0", name="ck_score_entry_points_not_negative"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_score_entry_by_id"),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name="fk_score_entry_criterion_id"
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["score_sheet.id"], name="fk_score_entry_sheet_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_score_entry"),
    )
    op.create_index(
        "uq_score_entry", "score_entry", ["sheet_id", "criterion_id", "stage"], unique=True
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
