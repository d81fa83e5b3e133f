"""Feedback after events; the index of search in the order in which things are found.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

import portal.database
from portal.search.places import kind_token, place, rank_of
from portal.search.tokens import tokens_of

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_template",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_feedback_template_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name="fk_feedback_template_created_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_template"),
    )
    op.create_index(
        "uq_feedback_template", "feedback_template", ["organisation_id", "name"], unique=True
    )
    op.create_table(
        "event_feedback",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", portal.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 60", name="ck_event_feedback_days_possible"),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name="fk_event_feedback_event_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name="fk_event_feedback_created_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_feedback"),
        sa.UniqueConstraint("event_id", name="uq_event_feedback_event_id"),
    )
    op.create_table(
        "feedback_tally",
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("released", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["event_feedback.id"],
            name="fk_feedback_tally_feedback_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_tally"),
        sa.UniqueConstraint("feedback_id", name="uq_feedback_tally_feedback_id"),
    )
    # Without a row number of their own: it would tell in which order people answered.
    for table in ("feedback_mark", "feedback_dismissal"):
        op.create_table(
            table,
            sa.Column("feedback_id", sa.Integer(), nullable=False),
            sa.Column("person_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["feedback_id"],
                ["event_feedback.id"],
                name=f"fk_{table}_feedback_id",
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{table}_person_id"),
            sa.PrimaryKeyConstraint("feedback_id", "person_id", name=f"pk_{table}"),
            sqlite_with_rowid=False,
        )
        op.create_index(f"ix_{table}_person_id", table, ["person_id"])
    _put_index_in_order()


def _put_index_in_order() -> None:
    """Number the rows of the index by their place, and add the tokens of headlines.

    Organisations, which were not in the index, are put into it.
    """
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        for statement in _WITHOUT_INDEX:
            op.execute(statement)
    else:
        op.execute("DROP INDEX ix_search_entry_tokens")
        op.execute("ALTER TABLE search_entry ALTER COLUMN id DROP DEFAULT")
        op.execute("DROP SEQUENCE IF EXISTS search_entry_id_seq")
        op.alter_column("search_entry", "id", type_=sa.BigInteger())
    connection.execute(sa.delete(_ENTRY))
    for row in connection.execute(_EVENTS).mappings().all():
        _index(
            "event",
            row["id"],
            rank_of(row["starts_at"]),
            tokens_of(
                titles=[
                    row["title"],
                    _KINDS_OF_EVENTS[row["kind"]],
                    row["place"],
                    row["name"],
                    row["short_name"],
                ],
                names=[row["lecturer"]],
                body=[row["summary"], row["agenda"], row["note"]],
            ),
        )
    for row in connection.execute(_ORGANISATIONS).mappings().all():
        titles = [row["name"], row["short_name"], row["code"]]
        _index("organisation", row["id"], 100 - row["path"].count("/"), tokens_of(titles=titles))
    if is_sqlite:
        for statement in _WITH_INDEX:
            op.execute(statement)
    else:
        op.execute(f"CREATE INDEX ix_search_entry_tokens ON search_entry USING gin ({_VECTOR})")


def _index(kind: str, object_id: int, rank: int, tokens: list[str]) -> None:
    op.get_bind().execute(
        sa.insert(_ENTRY).values(
            id=place(kind, object_id, rank),
            kind=kind,
            object_id=object_id,
            tokens=" ".join([kind_token(kind), *tokens]),
        )
    )


_ENTRY = sa.table(
    "search_entry",
    sa.column("id", sa.BigInteger),
    sa.column("kind", sa.String),
    sa.column("object_id", sa.Integer),
    sa.column("tokens", sa.Text),
)
_EVENT = sa.table(
    "event",
    *(sa.column(name) for name in ("id", "title", "kind", "place", "lecturer", "host_id")),
    *(sa.column(name) for name in ("summary", "agenda", "note")),
    sa.column("starts_at", portal.database.UTCDateTime()),
)
_ORGANISATION = sa.table(
    "organisation", *(sa.column(name) for name in ("id", "name", "short_name", "code", "path"))
)
_EVENTS = sa.select(_EVENT, _ORGANISATION.c.name, _ORGANISATION.c.short_name).join(
    _ORGANISATION, _ORGANISATION.c.id == _EVENT.c.host_id
)
_ORGANISATIONS = sa.select(_ORGANISATION)
_KINDS_OF_EVENTS = {
    "lesson": "主题党课",
    "seminar": "研讨座谈",
    "site_visit": "参观走访",
    "meeting": "组织会议",
    "theme_day": "主题党日",
    "survey": "实地调研",
    "home_visit": "入户走访",
    "fair": "集市活动",
}
_VECTOR = "array_to_tsvector(string_to_array(search_entry.tokens, ' '))"
_WITHOUT_INDEX = (
    "DROP TRIGGER search_entry_added",
    "DROP TRIGGER search_entry_removed",
    "DROP TRIGGER search_entry_changed",
    "DROP TABLE search_fts",
)
_WITH_INDEX = (
    """
CREATE VIRTUAL TABLE search_fts USING fts5(
    tokens, content='search_entry', content_rowid='id', tokenize='ascii', detail='none',
    prefix='2 3 4 5 6 7 8 9 10 11'
)
""",
    "INSERT INTO search_fts (search_fts) VALUES ('rebuild')",
    """
CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry
BEGIN INSERT INTO search_fts (rowid, tokens) VALUES (new.id, new.tokens); END
""",
    """
CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry
BEGIN
    INSERT INTO search_fts (search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens);
END
""",
    """
CREATE TRIGGER search_entry_changed AFTER UPDATE OF id, tokens ON search_entry
BEGIN
    INSERT INTO search_fts (search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens);
    INSERT INTO search_fts (rowid, tokens) VALUES (new.id, new.tokens);
END
""",
)


def downgrade() -> None:
    for table in (
        "feedback_dismissal",
        "feedback_mark",
        "feedback_tally",
        "event_feedback",
        "feedback_template",
    ):
        op.drop_table(table)
