"""Which statement a case was made of.

Revision: 0121, after 0106
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0121"
down_revision: str | None = "0106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_statement",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["supervised_case.id"],
            name=op.f("fk_case_statement_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_case_statement_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_statement")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_statement_case_id")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_case_statement_statement_id")),
    )


def downgrade() -> None:
    op.drop_table("case_statement")
