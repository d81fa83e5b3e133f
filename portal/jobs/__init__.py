"""Work in the background: asked for beside a change, done by `portal worker`, once."""

import importlib
import sys

# huey loads the libraries of databases that it could keep its queue in wherever they are
# installed, 14 MB in every process. It is told that they are not: `queue` gives it the one of
# Redis where PORTAL_REDIS_URL is set, and SQLAlchemy loads the one of PostgreSQL itself.
_UNASKED = [name for name in ("redis", "psycopg") if name not in sys.modules]
for name in _UNASKED:
    sys.modules[name] = None  # type: ignore[assignment]
importlib.import_module("huey.storage")
for name in _UNASKED:
    del sys.modules[name]
