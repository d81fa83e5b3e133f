"""Cases: what was said, who works on it, its log, links, papers, limits.

Revision: 0120, after 0130
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0120"
down_revision: str | None = "0130"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_limit",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "key",
            sa.Enum(
                "due",
                "due_urgent",
                "due_emergency",
                "due_complex",
                "return",
                "extension",
                "response",
                "call_back",
                "yellow",
                name="limitkey",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column(
            "counting",
            sa.Enum(
                "hours",
                "working_days",
                "natural_days",
                name="counting",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount BETWEEN 1 AND 365", name=op.f("ck_case_limit_amount")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_case_limit_organisation_id")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_case_limit_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_limit")),
    )
    op.create_index(
        "uq_case_limit", "case_limit", ["organisation_id", "key", "valid_from"], unique=True
    )

    op.create_table(
        "case_saved_filter",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("asked", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_case_saved_filter_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_saved_filter")),
    )
    op.create_index("uq_case_saved_filter", "case_saved_filter", ["person_id", "name"], unique=True)

    op.create_table(
        "supervised_case",
        sa.Column(
            "source",
            sa.Enum(
                "hotline",
                "supervision",
                "visit",
                "seminar",
                "lesson",
                "grid",
                "mailbox",
                name="casesource",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("upstream_number", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "question",
                "suggestion",
                "complaint",
                "difficulty",
                "need",
                "policy",
                name="casekind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "grid",
                "community",
                "sub_district",
                "district",
                "city",
                name="caselevel",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("lead_person_id", sa.Integer(), nullable=True),
        sa.Column(
            "asker_sight",
            sa.Enum(
                "named", "masked", "anonymous", name="askersight", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("asker_name", sa.String(length=60), nullable=False),
        sa.Column("asker_phone", sa.String(length=20), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=True),
        sa.Column("asker_forgotten_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "registered",
                "returned",
                "working",
                "rework",
                "settled",
                "explained",
                "closed",
                "void",
                name="casestate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "course",
            sa.Enum("on_site", "taken_back", name="course", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("opened_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("return_until", UTCDateTime(timezone=True), nullable=False),
        sa.Column("respond_until", UTCDateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("contacted_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("due_amount", sa.Integer(), nullable=False),
        sa.Column(
            "due_counting",
            sa.Enum(
                "hours",
                "working_days",
                "natural_days",
                name="counting",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("due_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("first_due_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("yellow_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("red_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("asked_days", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_days", sa.Integer(), nullable=False),
        sa.Column("settled_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("unanswered_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("called_back_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("called_back_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "call_back_method",
            sa.Enum(
                "phone",
                "visit",
                "event",
                "code",
                name="callbackmethod",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("is_solved", sa.Boolean(), nullable=True),
        sa.Column(
            "satisfaction",
            sa.Enum(
                "satisfied", "fairly", "not", name="satisfaction", native_enum=False, length=24
            ),
            nullable=True,
        ),
        sa.Column("closed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("rework_count", sa.Integer(), nullable=False),
        sa.Column("excluded_reason", sa.String(length=200), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "due_amount BETWEEN 1 AND 365", name=op.f("ck_supervised_case_due_amount")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_supervised_case_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"],
            ["person.id"],
            name=op.f("fk_supervised_case_asker_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["called_back_by_id"], ["person.id"], name=op.f("fk_supervised_case_called_back_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_supervised_case_event_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["organisation.id"], name=op.f("fk_supervised_case_lead_id")
        ),
        sa.ForeignKeyConstraint(
            ["lead_person_id"], ["person.id"], name=op.f("fk_supervised_case_lead_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name=op.f("fk_supervised_case_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_supervised_case_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_supervised_case_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervised_case")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_supervised_case_code_hash")),
    )
    op.create_index(
        op.f("ix_supervised_case_asker_id"), "supervised_case", ["asker_id"], unique=False
    )
    op.create_index(
        op.f("ix_supervised_case_event_id"), "supervised_case", ["event_id"], unique=False
    )
    op.create_index(
        op.f("ix_supervised_case_lead_id"), "supervised_case", ["lead_id"], unique=False
    )
    op.create_index(
        op.f("ix_supervised_case_lead_person_id"),
        "supervised_case",
        ["lead_person_id"],
        unique=False,
    )
    op.create_index(
        "ix_supervised_case_open",
        "supervised_case",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state NOT IN ('closed', 'void')"),
        postgresql_where=sa.text("state NOT IN ('closed', 'void')"),
    )
    op.create_index(
        op.f("ix_supervised_case_opened_at_id"),
        "supervised_case",
        ["opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervised_case_opened_by_id"), "supervised_case", ["opened_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_supervised_case_organisation_id"),
        "supervised_case",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervised_case_state_closed_at_id"),
        "supervised_case",
        ["state", "closed_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_supervised_case_upstream_number",
        "supervised_case",
        ["upstream_number"],
        unique=True,
        sqlite_where=sa.text("upstream_number <> ''"),
        postgresql_where=sa.text("upstream_number <> ''"),
    )

    op.create_table(
        "case_helper",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["supervised_case.id"],
            name=op.f("fk_case_helper_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_case_helper_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_helper")),
    )
    op.create_index(
        op.f("ix_case_helper_organisation_id"), "case_helper", ["organisation_id"], unique=False
    )
    op.create_index("uq_case_helper", "case_helper", ["case_id", "organisation_id"], unique=True)

    op.create_table(
        "case_link",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("linked_by_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("case_id < other_id", name=op.f("ck_case_link_in_order")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["supervised_case.id"],
            name=op.f("fk_case_link_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["linked_by_id"], ["person.id"], name=op.f("fk_case_link_linked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["supervised_case.id"],
            name=op.f("fk_case_link_other_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_link")),
    )
    op.create_index(op.f("ix_case_link_other_id"), "case_link", ["other_id"], unique=False)
    op.create_index("uq_case_link", "case_link", ["case_id", "other_id"], unique=True)

    op.create_table(
        "case_material",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("attached_by_id", sa.Integer(), nullable=False),
        sa.Column("attached_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attached_by_id"], ["person.id"], name=op.f("fk_case_material_attached_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["supervised_case.id"],
            name=op.f("fk_case_material_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_case_material_material_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_material")),
    )
    op.create_index(
        op.f("ix_case_material_material_id"), "case_material", ["material_id"], unique=False
    )
    op.create_index("uq_case_material", "case_material", ["case_id", "material_id"], unique=True)

    op.create_table(
        "case_step",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "register",
                "assign",
                "accept",
                "return",
                "take_back",
                "report",
                "ask_extension",
                "extend",
                "refuse_extension",
                "settle",
                "explain",
                "no_answer",
                "close",
                "redo",
                "reopen",
                "void",
                "supplement",
                name="move",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "registered",
                "returned",
                "working",
                "rework",
                "settled",
                "explained",
                "closed",
                "void",
                name="casestate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("due_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column(
            "method",
            sa.Enum(
                "phone",
                "visit",
                "event",
                "code",
                name="callbackmethod",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("is_solved", sa.Boolean(), nullable=True),
        sa.Column(
            "satisfaction",
            sa.Enum(
                "satisfied", "fairly", "not", name="satisfaction", native_enum=False, length=24
            ),
            nullable=True,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_case_step_actor_id")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["supervised_case.id"],
            name=op.f("fk_case_step_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["organisation.id"], name=op.f("fk_case_step_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_step")),
    )
    op.create_index(op.f("ix_case_step_case_id_id"), "case_step", ["case_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("case_step")
    op.drop_table("case_material")
    op.drop_table("case_link")
    op.drop_table("case_helper")
    op.drop_table("supervised_case")
    op.drop_table("case_saved_filter")
    op.drop_table("case_limit")
