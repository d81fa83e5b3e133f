"""Themed lessons: series, versions, who wrote and moved them.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None


MOMENT = portal.database.UTCDateTime(timezone=True)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _words(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _state(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=24), nullable=nullable)


def _key(table: str, column: str, target: str, *, follows: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{target}.id"],
        name=f"fk_{table}_{column}",
        ondelete="CASCADE" if follows else None,
    )


def upgrade() -> None:
    _make_series()
    _make_lesson()
    _make_version()
    _make_history()


def _make_series() -> None:
    op.create_table(
        "lesson_series",
        _words("name", 80),
        _text("summary"),
        _number("organisation_id"),
        _number("created_by_id"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        _number("version"),
        _number("id"),
        _key("lesson_series", "organisation_id", "organisation"),
        _key("lesson_series", "created_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson_series"),
    )
    op.create_index("uq_lesson_series", "lesson_series", ["organisation_id", "name"], unique=True)


def _make_lesson() -> None:
    op.create_table(
        "lesson",
        _words("title", 120),
        _state("state"),
        _state("preparing", nullable=True),
        _number("last_number"),
        _number("organisation_id"),
        _number("created_by_id"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        _number("version"),
        _number("id"),
        _key("lesson", "organisation_id", "organisation"),
        _key("lesson", "created_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson"),
    )
    for column in ("organisation_id", "state", "preparing"):
        op.create_index(f"ix_lesson_{column}", "lesson", [column])


def _make_version() -> None:
    table = "lesson_version"
    op.create_table(
        table,
        _number("lesson_id"),
        _number("number"),
        _state("state"),
        _words("title", 120),
        _state("form"),
        _number("series_id", nullable=True),
        _state("lecturer_origin"),
        _words("lecturer_name", 60),
        _number("lecturer_id", nullable=True),
        _words("lecturer_unit", 80),
        _words("lecturer_post", 60),
        _words("approval_document", 120),
        _words("approved_by", 60),
        _text("policy_basis"),
        _words("policy_document", 120),
        _words("audience", 120),
        _number("minutes", nullable=True),
        _number("credit_halves", nullable=True),
        _words("hours_rule", 200),
        _text("takeaway"),
        _text("questions"),
        _number("route_id", nullable=True),
        _number("cover_id", nullable=True),
        _text("body"),
        _number("created_by_id"),
        sa.Column("created_at", MOMENT, nullable=False),
        _number("edited_by_id"),
        sa.Column("edited_at", MOMENT, nullable=False),
        _words("desk", 32),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        _number("settled_by_id", nullable=True),
        _text("remark"),
        _number("revision"),
        _number("id"),
        sa.CheckConstraint(
            "minutes IS NULL OR minutes > 0", name="ck_lesson_version_minutes_positive"
        ),
        sa.CheckConstraint(
            "credit_halves IS NULL OR credit_halves >= 0",
            name="ck_lesson_version_credit_not_negative",
        ),
        _key(table, "lesson_id", "lesson", follows=True),
        _key(table, "series_id", "lesson_series"),
        _key(table, "lecturer_id", "person"),
        _key(table, "route_id", "route"),
        _key(table, "cover_id", "material"),
        _key(table, "created_by_id", "person"),
        _key(table, "edited_by_id", "person"),
        _key(table, "settled_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson_version"),
    )
    op.create_index("uq_lesson_version", table, ["lesson_id", "number"], unique=True)
    for name, states in (
        ("open", "state IN ('draft', 'in_review')"),
        ("public", "state IN ('published', 'archived')"),
    ):
        op.create_index(
            f"uq_lesson_version_{name}",
            table,
            ["lesson_id"],
            unique=True,
            sqlite_where=sa.text(states),
            postgresql_where=sa.text(states),
        )
    op.create_index("ix_lesson_version_series_id", table, ["series_id"])
    op.create_index("ix_lesson_version_lecturer_id", table, ["lecturer_id"])
    op.create_index("ix_lesson_version_route_id", table, ["route_id"])
    op.create_index("ix_lesson_version_cover_id", table, ["cover_id"])
    op.create_table(
        "lesson_material",
        _number("version_id"),
        _number("material_id"),
        _number("position"),
        sa.Column("is_in_text", sa.Boolean(), nullable=False),
        _number("id"),
        _key("lesson_material", "version_id", "lesson_version", follows=True),
        _key("lesson_material", "material_id", "material"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson_material"),
    )
    op.create_index(
        "uq_lesson_material", "lesson_material", ["version_id", "material_id"], unique=True
    )
    op.create_index("ix_lesson_material_material_id", "lesson_material", ["material_id"])


def _make_history() -> None:
    op.create_table(
        "lesson_writer",
        _number("version_id"),
        _number("person_id"),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        _number("id"),
        _key("lesson_writer", "version_id", "lesson_version", follows=True),
        _key("lesson_writer", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson_writer"),
    )
    op.create_index("uq_lesson_writer", "lesson_writer", ["version_id", "person_id"], unique=True)
    op.create_table(
        "lesson_move",
        _number("lesson_id"),
        _number("number"),
        _state("from_state", nullable=True),
        _state("to_state"),
        _text("remark"),
        _number("moved_by_id"),
        sa.Column("at", MOMENT, nullable=False),
        _number("id"),
        _key("lesson_move", "lesson_id", "lesson", follows=True),
        _key("lesson_move", "moved_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson_move"),
    )
    op.create_index("ix_lesson_move_lesson_id_id", "lesson_move", ["lesson_id", "id"])


def downgrade() -> None:
    for table in (
        "lesson_move",
        "lesson_writer",
        "lesson_material",
        "lesson_version",
        "lesson",
        "lesson_series",
    ):
        op.drop_table(table)
