"""Lists of cases are walked within an index; the search index says by whom a case can be seen.

Revision: 0200, after 0220
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0200"
down_revision: str | None = "0220"
branch_labels = None
depends_on = None

_SEEN_BY = ("organisation_id", "lead_id", "lead_person_id", "opened_by_id")
_OPEN = sa.text("state NOT IN ('closed', 'void')")
# The marks of `cases.marks` as they were on this day.
_MARKED = """
UPDATE search_entry SET tokens = tokens || (
    SELECT ' mo' || one.organisation_id
        || CASE WHEN one.lead_id <> one.organisation_id THEN ' mo' || one.lead_id ELSE '' END
        || ' mp' || one.opened_by_id
        || CASE WHEN one.lead_person_id <> one.opened_by_id
            THEN ' mp' || one.lead_person_id ELSE '' END
        || CASE WHEN one.state NOT IN ('closed', 'void') THEN ' mopen' ELSE '' END
        || coalesce((
            SELECT CASE WHEN organisation_id IS NULL THEN ' mall' ELSE ' mc' || organisation_id END
            FROM case_opening WHERE case_id = one.id
        ), '')
        || coalesce((
            SELECT {joined}(' mo' || organisation_id, '')
            FROM case_helper WHERE case_id = one.id
            AND organisation_id NOT IN (one.lead_id, one.organisation_id)
        ), '')
    FROM supervised_case AS one WHERE one.id = search_entry.object_id
)
WHERE kind = 'case' AND object_id IN (SELECT id FROM supervised_case)
"""


def upgrade() -> None:
    times = ("yellow_at", "red_at", "unanswered_at")
    op.drop_index("ix_supervised_case_open", table_name="supervised_case")
    _create("open", "due_at", "id", "state", *_SEEN_BY, "asked_days", *times)
    _create("board", "state", "due_at", "id", *_SEEN_BY)
    op.create_index("ix_supervised_case_all", "supervised_case", ["id", *_SEEN_BY])
    op.create_index(
        "ix_supervised_case_over", "supervised_case", ["state", "closed_at", "id", *_SEEN_BY]
    )
    op.drop_index(op.f("ix_supervised_case_state_closed_at_id"), table_name="supervised_case")
    joined = "group_concat" if op.get_bind().dialect.name == "sqlite" else "string_agg"
    op.execute(_MARKED.format(joined=joined))


def downgrade() -> None:
    # The marks stay: nobody looks for them.
    op.create_index(
        op.f("ix_supervised_case_state_closed_at_id"),
        "supervised_case",
        ["state", "closed_at", "id"],
    )
    op.drop_index("ix_supervised_case_over", table_name="supervised_case")
    op.drop_index("ix_supervised_case_board", table_name="supervised_case")
    op.drop_index("ix_supervised_case_all", table_name="supervised_case")
    op.drop_index("ix_supervised_case_open", table_name="supervised_case")
    _create("open", "due_at", "id")


def _create(name: str, *columns: str) -> None:
    """Lay an index of what is open."""
    op.create_index(
        f"ix_supervised_case_{name}",
        "supervised_case",
        list(columns),
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
