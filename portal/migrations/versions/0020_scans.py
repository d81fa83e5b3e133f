"""Check-ins as doors send them; when somebody was last said to be away.

Revision: 0020, after 0015
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0020"
down_revision: str | None = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = portal.database.UTCDateTime(timezone=True)
    op.add_column("attendance_entry", sa.Column("away_at", moment, nullable=True))
    op.create_table(
        "attendance_scan",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("given", sa.String(length=24), nullable=False),
        sa.Column("method", sa.String(length=24), nullable=False),
        sa.Column("reported_at", moment, nullable=False),
        sa.Column("counted_at", moment, nullable=False),
        sa.Column("is_clamped", sa.Boolean(), nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=True),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_attendance_scan_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_attendance_scan_person_id"),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["person.id"], name="fk_attendance_scan_received_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attendance_scan"),
    )
    op.create_index(
        "uq_attendance_scan_client", "attendance_scan", ["event_id", "client_id"], unique=True
    )
    op.create_index(
        "ix_attendance_scan_event_id_outcome_id", "attendance_scan", ["event_id", "outcome", "id"]
    )
    op.create_index(
        "ix_attendance_scan_person_id_event_id", "attendance_scan", ["person_id", "event_id"]
    )
    _never_changed()


def _never_changed() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER attendance_scan_never_changed BEFORE UPDATE ON attendance_scan"
            " BEGIN SELECT RAISE(ABORT, 'a scan is never changed'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION attendance_scan_never_changed() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'a scan is never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER attendance_scan_never_changed BEFORE UPDATE ON attendance_scan"
        " FOR EACH ROW EXECUTE FUNCTION attendance_scan_never_changed()"
    )


def downgrade() -> None:
    op.drop_table("attendance_scan")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION attendance_scan_never_changed()")
    op.drop_column("attendance_entry", "away_at")
