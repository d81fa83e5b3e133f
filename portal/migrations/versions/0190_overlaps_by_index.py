"""Who is expected elsewhere is found in two indexes, without a look at the rows themselves.

Revision: 0190, after 0170
"""

from alembic import op

revision: str = "0190"
down_revision: str | None = "0170"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_event_state_starts_at_ends_at"), "event", ["state", "starts_at", "ends_at"]
    )
    op.drop_index(op.f("ix_event_state_starts_at"), table_name="event")
    op.create_index(
        op.f("ix_signup_person_id_status_event_id"), "signup", ["person_id", "status", "event_id"]
    )
    op.drop_index(op.f("ix_signup_person_id_status"), table_name="signup")


def downgrade() -> None:
    op.create_index(op.f("ix_signup_person_id_status"), "signup", ["person_id", "status"])
    op.drop_index(op.f("ix_signup_person_id_status_event_id"), table_name="signup")
    op.create_index(op.f("ix_event_state_starts_at"), "event", ["state", "starts_at"])
    op.drop_index(op.f("ix_event_state_starts_at_ends_at"), table_name="event")
