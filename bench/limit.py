"""The limit: a bare Flask application that does only the essential work.

For a page one query of 50 rows and a plain template, for a write one committed row. It runs
under the same server, workers, threads and database settings as the portal.
"""

import os

from flask import Flask, request
from sqlalchemy import create_engine, event, text
from werkzeug.wrappers import Response

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>活动</title></head>
<body><h1>活动</h1><table>
{% for row in rows %}
<tr><td><a href="/events/{{ row.id }}">{{ row.title }}</a></td><td>{{ row.kind }}</td>
<td>{{ row.starts_at }}</td><td>{{ row.place }}</td></tr>
{% endfor %}
</table></body></html>"""

app = Flask(__name__)
template = app.jinja_env.from_string(PAGE)  # compiled once
engine = create_engine(os.environ["LIMIT_DATABASE_URL"], pool_size=20)

if engine.dialect.name == "sqlite":

    @event.listens_for(engine, "connect")
    def _open(connection, _record):
        connection.isolation_level = None
        for pragma in ("busy_timeout = 15000", "journal_mode = WAL", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if request.method == "POST" else "BEGIN")


@app.get("/healthz")
def healthz() -> str:
    """The process answers."""
    return "ok"


@app.get("/page")
def page() -> str:
    """One query of 50 rows, a plain template."""
    with engine.begin() as connection:
        rows = connection.execute(
            text("SELECT id, title, kind, starts_at, place FROM limit_event ORDER BY id LIMIT 50")
        ).all()
    return template.render(rows=rows)


@app.post("/write")
def write() -> Response:
    """One committed row."""
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO limit_row (person_id, status) VALUES (:person_id, 'present')"),
            {"person_id": int(request.form["person_id"])},
        )
    return Response(status=204)
