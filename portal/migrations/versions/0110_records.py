"""Records of gatherings: statements word for word, votes, resolutions, addenda.

What was said and what was added stays as it was written: triggers refuse every change, but that a
statement was read back may be noted once.

Revision: 0110, after 0100
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UTCDateTime

revision: str = "0110"
down_revision: str | None = "0100"
branch_labels = None
depends_on = None

# Nothing of these is ever changed or taken away.
_KEPT = ("statement_supplement", "record_addendum")
# Of a statement only these two may be set, and only once.
_SAID = (
    "id, record_id, event_id, organisation_id, position, client_id, speaker_id, speaker_name,"
    " speaker_post, kind, text, written_at, written_by_id, is_late"
)
_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, 'what was said is never changed'); END
"""
_SQLITE_SAID = f"""
CREATE TRIGGER statement_as_said BEFORE UPDATE OF {_SAID} ON statement
BEGIN SELECT RAISE(ABORT, 'what was said is never changed'); END
"""
_SQLITE_ONCE = """
CREATE TRIGGER statement_read_back_once BEFORE UPDATE ON statement
WHEN OLD.read_back_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what was said is never changed'); END
"""
# INSERT OR REPLACE deletes without firing a DELETE trigger.
_SQLITE_NO_REPLACE = """
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what was said is never changed'); END
"""
_POSTGRESQL = (
    """
CREATE FUNCTION what_was_said_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what was said is never changed'; END $$
""",
    f"""
CREATE TRIGGER statement_as_said BEFORE UPDATE OF {_SAID} ON statement
FOR EACH ROW EXECUTE FUNCTION what_was_said_refuse()
""",
    """
CREATE TRIGGER statement_read_back_once BEFORE UPDATE ON statement
FOR EACH ROW WHEN (OLD.read_back_at IS NOT NULL) EXECUTE FUNCTION what_was_said_refuse()
""",
    """
CREATE TRIGGER statement_kept BEFORE DELETE ON statement
FOR EACH ROW EXECUTE FUNCTION what_was_said_refuse()
""",
)
_POSTGRESQL_KEPT = """
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION what_was_said_refuse()
"""


def upgrade() -> None:
    op.create_table(
        "meeting_record",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "branch_congress",
                "branch_committee",
                "group_meeting",
                "party_lesson",
                "theme_day",
                "org_life_meeting",
                "member_appraisal",
                "election",
                "heart_talk",
                "training_class",
                "scenario_lesson",
                "seminar",
                "volunteer_event",
                "other",
                name="recordkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "confirmed", name="recordstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("starts_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("chair", sa.String(length=60), nullable=False),
        sa.Column("recorder", sa.String(length=60), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("reported", sa.Text(), nullable=False),
        sa.Column("discussion", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("late_reason", sa.String(length=200), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("host_confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("host_confirmed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("recorder_confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("recorder_confirmed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_record_ends_after_start")),
        sa.CheckConstraint(
            "host_confirmed_by_id <> recorder_confirmed_by_id",
            name=op.f("ck_meeting_record_two_confirm"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_meeting_record_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_meeting_record_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["host_confirmed_by_id"],
            ["person.id"],
            name=op.f("fk_meeting_record_host_confirmed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_meeting_record_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorder_confirmed_by_id"],
            ["person.id"],
            name=op.f("fk_meeting_record_recorder_confirmed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["person.id"], name=op.f("fk_meeting_record_updated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_record")),
    )
    op.create_index(op.f("ix_meeting_record_event_id_id"), "meeting_record", ["event_id", "id"])
    op.create_index(
        op.f("ix_meeting_record_organisation_id_starts_at"),
        "meeting_record",
        ["organisation_id", "starts_at"],
    )
    op.create_index(op.f("ix_meeting_record_starts_at_id"), "meeting_record", ["starts_at", "id"])
    op.create_index(
        op.f("ix_meeting_record_state_starts_at"), "meeting_record", ["state", "starts_at"]
    )

    op.create_table(
        "prepared_question",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("addressee", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_prepared_question_event_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prepared_question")),
    )
    op.create_index(
        "uq_prepared_question", "prepared_question", ["event_id", "position"], unique=True
    )

    op.create_table(
        "record_addendum",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["meeting_record.id"], name=op.f("fk_record_addendum_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_record_addendum_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_addendum")),
    )
    op.create_index(op.f("ix_record_addendum_record_id_id"), "record_addendum", ["record_id", "id"])

    op.create_table(
        "resolution",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "progress",
            sa.Enum(
                "open",
                "under_way",
                "done",
                "dropped",
                name="progress",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_resolution_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["meeting_record.id"], name=op.f("fk_resolution_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
    )
    op.create_index(op.f("ix_resolution_progress_due_on"), "resolution", ["progress", "due_on"])
    op.create_index(op.f("ix_resolution_record_id_id"), "resolution", ["record_id", "id"])

    op.create_table(
        "statement",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=True),
        sa.Column("speaker_name", sa.String(length=60), nullable=False),
        sa.Column("speaker_post", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "question",
                "suggestion",
                "difficulty",
                "need",
                "policy",
                "answer",
                name="statementkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("read_back_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("read_back_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_statement_event_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_statement_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["read_back_by_id"], ["person.id"], name=op.f("fk_statement_read_back_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["meeting_record.id"], name=op.f("fk_statement_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["person.id"], name=op.f("fk_statement_speaker_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_statement_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index(op.f("ix_statement_event_id_id"), "statement", ["event_id", "id"])
    op.create_index(op.f("ix_statement_organisation_id_id"), "statement", ["organisation_id", "id"])
    op.create_index(op.f("ix_statement_speaker_id_id"), "statement", ["speaker_id", "id"])
    op.create_index("uq_statement_client", "statement", ["record_id", "client_id"], unique=True)
    op.create_index("uq_statement_position", "statement", ["record_id", "position"], unique=True)

    op.create_table(
        "vote",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(length=200), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "resolution",
                "committee",
                "election",
                name="votebasis",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "method",
            sa.Enum("hands", "ballots", name="votemethod", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("without_vote", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("left_out_basis", sa.String(length=500), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=False),
        sa.Column("votes_against", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("invalid", sa.Integer(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "listed >= 0 AND without_vote >= 0 AND left_out >= 0 AND present >= 0 AND votes_for >= 0 AND votes_against >= 0 AND abstained >= 0 AND invalid >= 0",
            name=op.f("ck_vote_counts"),
        ),
        sa.CheckConstraint(
            "present <= listed - without_vote - left_out AND votes_for + votes_against + abstained + invalid <= present",
            name=op.f("ck_vote_within"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_vote_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["meeting_record.id"], name=op.f("fk_vote_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
    )
    op.create_index(op.f("ix_vote_record_id_id"), "vote", ["record_id", "id"])

    op.create_table(
        "resolution_step",
        sa.Column("resolution_id", sa.Integer(), nullable=False),
        sa.Column(
            "progress",
            sa.Enum(
                "open",
                "under_way",
                "done",
                "dropped",
                name="progress",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resolution_id"],
            ["resolution.id"],
            name=op.f("fk_resolution_step_resolution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_resolution_step_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution_step")),
    )
    op.create_index(
        op.f("ix_resolution_step_resolution_id_id"), "resolution_step", ["resolution_id", "id"]
    )

    op.create_table(
        "statement_supplement",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_statement_supplement_statement_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_statement_supplement_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_supplement")),
    )
    op.create_index(
        op.f("ix_statement_supplement_statement_id_id"),
        "statement_supplement",
        ["statement_id", "id"],
    )
    _refuse_changes()


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in _POSTGRESQL:
            op.execute(statement)
        for table in _KEPT:
            op.execute(_POSTGRESQL_KEPT.format(table=table))
        return
    op.execute(_SQLITE_SAID)
    op.execute(_SQLITE_ONCE)
    op.execute(_SQLITE.format(table="statement", verb="delete", VERB="DELETE"))
    op.execute(_SQLITE_NO_REPLACE.format(table="statement"))
    for table in _KEPT:
        for verb in ("update", "delete"):
            op.execute(_SQLITE.format(table=table, verb=verb, VERB=verb.upper()))
        op.execute(_SQLITE_NO_REPLACE.format(table=table))


def downgrade() -> None:
    for table in (
        "statement_supplement",
        "resolution_step",
        "vote",
        "statement",
        "resolution",
        "record_addendum",
        "prepared_question",
        "meeting_record",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION what_was_said_refuse()")
