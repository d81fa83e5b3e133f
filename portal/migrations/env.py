"""Runs migrations inside the application: its engine, its metadata, one transaction each."""

from alembic import context
from flask import current_app

from portal.attendance import models as _attendance
from portal.audit import models as _audit
from portal.database import Base
from portal.events import models as _events
from portal.people import models as _people
from portal.records import models as _records
from portal.search import models as _search
from portal.signups import models as _signups

# Read so that every table is known; a new room's models are added here.
ROOMS = (_people, _audit, _search, _events, _signups, _attendance, _records)


def run() -> None:
    """Migrate the application's database; SQLite alters tables by copying them (batch)."""
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            user_module_prefix="portal.database.",
        )
        with context.begin_transaction():
            context.run_migrations()


run()
