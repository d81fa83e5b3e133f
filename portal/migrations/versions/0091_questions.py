"""Questions of a sign-up, choices with limits, and answers.

Revision: 0091, after 0090
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0091"
down_revision: str | None = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signup_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("text", "choice", "number", name="questionkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_signup_question_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signup_question")),
    )
    op.create_index(
        op.f("ix_signup_question_event_id_position"), "signup_question", ["event_id", "position"]
    )
    op.create_table(
        "signup_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.CheckConstraint("most IS NULL OR most > 0", name=op.f("ck_signup_choice_most_positive")),
        _to("signup_choice", "question_id", "signup_question"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signup_choice")),
    )
    op.create_index(
        op.f("ix_signup_choice_question_id_position"), "signup_choice", ["question_id", "position"]
    )
    op.create_table(
        "signup_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signup_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=200), nullable=False),
        _to("signup_answer", "signup_id", "signup"),
        _to("signup_answer", "question_id", "signup_question"),
        _to("signup_answer", "choice_id", "signup_choice"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signup_answer")),
    )
    op.create_index("uq_signup_answer", "signup_answer", ["signup_id", "question_id"], unique=True)
    op.create_index(op.f("ix_signup_answer_question_id"), "signup_answer", ["question_id"])
    op.create_index(op.f("ix_signup_answer_choice_id"), "signup_answer", ["choice_id"])


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in ("signup_answer", "signup_choice", "signup_question"):
        op.drop_table(table)
