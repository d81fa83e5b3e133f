"""Rules of sign-up by event, quotas and floors of units, groups, offers and precedence.

Revision: 0031, after 0030

Columns of `signup` are added by plain statements: SQLite would copy the table otherwise.
"""

import sqlalchemy as sa
from alembic import op

import portal.database

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = portal.database.UTCDateTime(timezone=True)
    op.create_table(
        "signup_rules",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("offer_hours", sa.Integer(), nullable=True),
        sa.Column("offer_end", sa.String(length=24), nullable=False),
        sa.Column("cancel_hours", sa.Integer(), nullable=True),
        sa.Column("release_hours", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "offer_hours IS NULL OR offer_hours > 0", name="ck_signup_rules_offer_hours_positive"
        ),
        sa.CheckConstraint(
            "cancel_hours IS NULL OR cancel_hours > 0", name="ck_signup_rules_cancel_hours_positive"
        ),
        sa.CheckConstraint("release_hours >= 0", name="ck_signup_rules_release_hours_positive"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_signup_rules_event_id_event", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signup_rules"),
        sa.UniqueConstraint("event_id", name="uq_signup_rules_event_id"),
    )
    op.create_table(
        "signup_quota",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("most IS NULL OR most >= floor", name="ck_signup_quota_most_over_floor"),
        sa.CheckConstraint("floor >= 0", name="ck_signup_quota_floor_not_negative"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_signup_quota_event_id_event", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_signup_quota_organisation_id_organisation",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signup_quota"),
    )
    op.create_index("uq_signup_quota", "signup_quota", ["event_id", "organisation_id"], unique=True)
    op.create_index("ix_signup_quota_organisation_id", "signup_quota", ["organisation_id"])
    op.create_table(
        "signup_party",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_signup_party_event_id_event", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name="fk_signup_party_made_by_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signup_party"),
    )
    op.create_index("ix_signup_party_event_id", "signup_party", ["event_id"])
    op.execute("ALTER TABLE signup ADD COLUMN precedence INTEGER DEFAULT 0 NOT NULL")
    op.execute(
        "ALTER TABLE signup ADD COLUMN party_id INTEGER"
        " CONSTRAINT fk_signup_party_id_signup_party REFERENCES signup_party (id)"
    )
    op.add_column("signup", sa.Column("offer_ends_at", moment, nullable=True))
    op.create_index("ix_signup_party_id", "signup", ["party_id"])
    op.create_index(
        "ix_signup_offer_ends_at",
        "signup",
        ["offer_ends_at"],
        sqlite_where=sa.text("offer_ends_at IS NOT NULL"),
        postgresql_where=sa.text("offer_ends_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_signup_offer_ends_at", "signup")
    op.drop_index("ix_signup_party_id", "signup")
    with op.batch_alter_table("signup") as signup:
        signup.drop_column("offer_ends_at")
        signup.drop_column("party_id")
        signup.drop_column("precedence")
    for table in ("signup_party", "signup_quota", "signup_rules"):
        op.drop_table(table)
