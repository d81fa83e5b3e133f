"""Kiosks, the door each mark came from, what the wall shows, and sheets entered from paper.

Revision: 0060, after 0080
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0060"
down_revision: str | None = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _doors_of_marks()
    _wall()
    _kiosks()
    _paper()


def _doors_of_marks() -> None:
    for table in ("attendance_entry", "attendance_mark"):
        op.add_column(
            table, sa.Column("device", sa.String(length=60), nullable=False, server_default="")
        )


def _wall() -> None:
    op.add_column(
        "roll", sa.Column("masks_names", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("roll", sa.Column("short_code", sa.String(length=6), nullable=True))
    op.add_column(
        "roll",
        sa.Column("short_code_failures", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_index("uq_roll_short_code", "roll", ["short_code"], unique=True)


def _kiosks() -> None:
    moment = portal.database.UTCDateTime(timezone=True)
    op.create_table(
        "kiosk",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("pin_failures", sa.Integer(), nullable=False),
        sa.Column("pin_failed_at", moment, nullable=True),
        sa.Column("masks_names", sa.Boolean(), nullable=False),
        sa.Column("takes_tails", sa.Boolean(), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_kiosk_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["started_by_id"], ["person.id"], name="fk_kiosk_started_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kiosk"),
        sa.UniqueConstraint("token_hash", name="uq_kiosk_token_hash"),
    )
    op.create_index("ix_kiosk_event_id", "kiosk", ["event_id"])


def _paper() -> None:
    moment = portal.database.UTCDateTime(timezone=True)
    op.create_table(
        "printed_sheet",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("printed_at", moment, nullable=False),
        sa.Column("printed_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_printed_sheet_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["printed_by_id"], ["person.id"], name="fk_printed_sheet_printed_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_printed_sheet"),
    )
    op.create_index("ix_printed_sheet_event_id", "printed_sheet", ["event_id"])
    op.create_table(
        "printed_row",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["printed_sheet.id"], name="fk_printed_row_sheet_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_printed_row_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_printed_row"),
    )
    op.create_index("uq_printed_row", "printed_row", ["sheet_id", "number"], unique=True)
    op.create_table(
        "paper_entry",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", moment, nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["printed_sheet.id"], name="fk_paper_entry_sheet_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name="fk_paper_entry_material_id"
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name="fk_paper_entry_entered_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_paper_entry"),
    )
    op.create_index("ix_paper_entry_sheet_id", "paper_entry", ["sheet_id", "page"])
    op.create_index("ix_paper_entry_material_id", "paper_entry", ["material_id"])
