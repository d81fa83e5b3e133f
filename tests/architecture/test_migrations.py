"""Migrations lead to exactly the tables that the models describe, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect

from portal.cli import MIGRATIONS
from portal.database import Base, db


def _is_ours(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
    """Full-text tables belong to their migration, not to a model."""
    return not (kind == "table" and (name or "").startswith("search_"))


def test_the_migrated_database_is_what_the_models_say(app: Flask, any_database: str) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": _is_ours}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_form_one_line(app: Flask) -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_every_foreign_key_is_kept_by_the_database(app: Flask, any_database: str) -> None:
    inspector = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        kept = {tuple(key["constrained_columns"]) for key in inspector.get_foreign_keys(table.name)}
        meant = {tuple(key.column_keys) for key in table.foreign_key_constraints}
        assert kept == meant, table.name
