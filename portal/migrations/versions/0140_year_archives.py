"""Year archives that were asked for.

Revision: 0140, after 0110
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0140"
down_revision: str | None = "0110"
branch_labels = None
depends_on = None

_UNDER_WAY = sa.text("state = 'asked'")


def upgrade() -> None:
    op.create_table(
        "year_archive",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("asked", "ready", "failed", name="archivestate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("asked_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "year BETWEEN 1949 AND 2200", name=op.f("ck_year_archive_year_plausible")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_year_archive_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_year_archive_asked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_archive")),
    )
    op.create_index(
        op.f("ix_year_archive_organisation_id_year"), "year_archive", ["organisation_id", "year"]
    )
    op.create_index(
        "uq_year_archive_under_way",
        "year_archive",
        ["organisation_id", "year"],
        unique=True,
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )
