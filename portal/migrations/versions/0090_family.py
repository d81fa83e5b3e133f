"""Family and neighbours who may sign somebody up.

Revision: 0090, after 0085
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0090"
down_revision: str | None = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signup_helper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("helper_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "helper_id <> person_id", name=op.f("ck_signup_helper_helper_is_another")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["person.id"], name=op.f(f"fk_signup_helper_{column}")
            )
            for column in ("helper_id", "person_id", "granted_by_id", "revoked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signup_helper")),
    )
    op.create_index(op.f("ix_signup_helper_person_id"), "signup_helper", ["person_id"])
    op.create_index(
        "uq_signup_helper",
        "signup_helper",
        ["helper_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("signup_helper")
