"""Hands-on exercises: forms with reference answers, givings, answers, what is left of them.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None


MOMENT = portal.database.UTCDateTime(timezone=True)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _words(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _key(table: str, column: str, target: str, *, follows: bool = True) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{target}.id"],
        name=f"fk_{table}_{column}",
        ondelete="CASCADE" if follows else None,
    )


def upgrade() -> None:
    _make_form()
    _make_runs()
    _make_answers()


def _make_form() -> None:
    op.create_table(
        "exercise",
        _number("lesson_id"),
        _words("title", 120),
        _text("note"),
        sa.Column("is_twice", sa.Boolean(), nullable=False),
        _number("keep_days"),
        _number("created_by_id"),
        _moment("created_at"),
        _moment("updated_at"),
        _number("version"),
        _number("id"),
        sa.CheckConstraint(
            "keep_days BETWEEN 1 AND 365", name="ck_exercise_keep_days_within_a_year"
        ),
        _key("exercise", "lesson_id", "lesson"),
        _key("exercise", "created_by_id", "person", follows=False),
        sa.PrimaryKeyConstraint("id", name="pk_exercise"),
    )
    op.create_index("ix_exercise_lesson_id", "exercise", ["lesson_id"])
    op.create_table(
        "exercise_edition",
        _number("exercise_id"),
        _number("number"),
        _number("created_by_id"),
        _moment("created_at"),
        _number("id"),
        _key("exercise_edition", "exercise_id", "exercise"),
        _key("exercise_edition", "created_by_id", "person", follows=False),
        sa.PrimaryKeyConstraint("id", name="pk_exercise_edition"),
    )
    op.create_index(
        "uq_exercise_edition", "exercise_edition", ["exercise_id", "number"], unique=True
    )
    op.create_table(
        "exercise_field",
        _number("edition_id"),
        _number("position"),
        _words("kind", 24),
        _words("label", 80),
        _words("help", 200),
        _text("options"),
        _text("answer"),
        _number("id"),
        _key("exercise_field", "edition_id", "exercise_edition"),
        sa.PrimaryKeyConstraint("id", name="pk_exercise_field"),
    )
    op.create_index(
        "ix_exercise_field_edition_id_position", "exercise_field", ["edition_id", "position"]
    )


def _make_runs() -> None:
    op.create_table(
        "exercise_run",
        _number("event_id"),
        _number("exercise_id"),
        _number("edition_id"),
        sa.Column("is_twice", sa.Boolean(), nullable=False),
        _number("opened_by_id"),
        _moment("opened_at"),
        _moment("closed_at", nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=False),
        _moment("deleted_at", nullable=True),
        _number("id"),
        _key("exercise_run", "event_id", "event"),
        _key("exercise_run", "exercise_id", "exercise"),
        _key("exercise_run", "edition_id", "exercise_edition", follows=False),
        _key("exercise_run", "opened_by_id", "person", follows=False),
        sa.PrimaryKeyConstraint("id", name="pk_exercise_run"),
    )
    op.create_index("uq_exercise_run", "exercise_run", ["event_id", "exercise_id"], unique=True)
    op.create_index("ix_exercise_run_edition_id", "exercise_run", ["edition_id"])
    op.create_index("ix_exercise_run_delete_on", "exercise_run", ["delete_on"])


def _make_answers() -> None:
    op.create_table(
        "exercise_entry",
        _number("run_id"),
        _number("person_id"),
        _words("stage", 24),
        _moment("started_at"),
        _moment("handed_in_at", nullable=True),
        _number("id"),
        _key("exercise_entry", "run_id", "exercise_run"),
        _key("exercise_entry", "person_id", "person", follows=False),
        sa.PrimaryKeyConstraint("id", name="pk_exercise_entry"),
    )
    op.create_index("uq_exercise_entry", "exercise_entry", ["run_id", "person_id"], unique=True)
    op.create_index("ix_exercise_entry_person_id", "exercise_entry", ["person_id"])
    op.create_table(
        "exercise_answer",
        _number("entry_id"),
        _number("field_id"),
        _number("round"),
        _text("value"),
        sa.Column("is_right", sa.Boolean(), nullable=True),
        _number("id"),
        _key("exercise_answer", "entry_id", "exercise_entry"),
        _key("exercise_answer", "field_id", "exercise_field"),
        sa.PrimaryKeyConstraint("id", name="pk_exercise_answer"),
    )
    op.create_index(
        "uq_exercise_answer", "exercise_answer", ["entry_id", "field_id", "round"], unique=True
    )
    op.create_index("ix_exercise_answer_field_id", "exercise_answer", ["field_id"])
    op.create_table(
        "exercise_tally",
        _number("run_id"),
        _number("field_id"),
        _number("answers"),
        _number("wrong"),
        _number("id"),
        _key("exercise_tally", "run_id", "exercise_run"),
        _key("exercise_tally", "field_id", "exercise_field"),
        sa.PrimaryKeyConstraint("id", name="pk_exercise_tally"),
    )
    op.create_index("uq_exercise_tally", "exercise_tally", ["run_id", "field_id"], unique=True)


def downgrade() -> None:
    for table in ("tally", "answer", "entry", "run", "field", "edition"):
        op.drop_table(f"exercise_{table}")
    op.drop_table("exercise")
