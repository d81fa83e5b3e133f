"""Jobs: work in the background.

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels = None
depends_on = None

_UNFINISHED = "state IN ('waiting', 'running')"


def upgrade() -> None:
    moment = portal.database.UTCDateTime(timezone=True)
    op.create_table(
        "job",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("is_chore", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("not_before", moment, nullable=False),
        sa.Column("started_at", moment, nullable=True),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("worker", sa.String(length=64), nullable=False),
        sa.Column("believed_until", moment, nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name="ck_job_attempts_counted"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name="fk_job_asked_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_index(
        "uq_job_unfinished",
        "job",
        ["kind", "key"],
        unique=True,
        sqlite_where=sa.text(_UNFINISHED),
        postgresql_where=sa.text(_UNFINISHED),
    )
    op.create_index("ix_job_state_not_before", "job", ["state", "not_before"])
    op.create_index("ix_job_kind_key", "job", ["kind", "key"])
    op.create_index("ix_job_asked_by_id", "job", ["asked_by_id"])


def downgrade() -> None:
    op.drop_table("job")
