"""Full text over search_entry: FTS5 kept by triggers on SQLite, GIN on PostgreSQL.

Revision: 0003, after 0002
"""

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None

_VECTOR = "array_to_tsvector(string_to_array(search_entry.tokens, ' '))"
_SQLITE = (
    """
CREATE VIRTUAL TABLE search_fts USING fts5(
    tokens, content='search_entry', content_rowid='id', tokenize='ascii', detail='none',
    prefix='2 3 4 5 6 7'
)
""",
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
CREATE TRIGGER search_entry_changed AFTER UPDATE OF tokens ON search_entry
BEGIN
    INSERT INTO search_fts (search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens);
    INSERT INTO search_fts (rowid, tokens) VALUES (new.id, new.tokens);
END
""",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE INDEX ix_search_entry_tokens ON search_entry USING gin ({_VECTOR})")
        return
    for statement in _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_search_entry_tokens")
        return
    for name in ("added", "removed", "changed"):
        op.execute(f"DROP TRIGGER search_entry_{name}")
    op.execute("DROP TABLE search_fts")
