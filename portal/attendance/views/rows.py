"""Rows of the roll as they are shown: made once for what they say, then completed.

A page of fifty rows, each with its form and its menu, would otherwise be most of the work of
the page that a host looks at all evening.
"""

import uuid
from collections.abc import Mapping
from functools import cache

from flask import get_template_attribute
from flask.blueprints import BlueprintSetupState
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from portal.attendance.models import AttendanceEntry, AttendanceStatus
from portal.attendance.queries import RollRow
from portal.attendance.rules import offered
from portal.attendance.views.blueprint import bp
from portal.web.templating import made_once

# What _row.html leaves open. Data never look like this: their "<" is escaped.
TOKEN, CLIENT_ID = "<csrf-token>", "<client-id>"
# The rows of some rolls that are called at the same time.
MOST_ROWS = 4_000


def completed(rows: Markup) -> Markup:
    """Give rows the reader's token, and each a number of its own against being sent twice."""
    first, *others = str(rows).replace(TOKEN, escape(generate_csrf())).split(CLIENT_ID)
    return Markup(first + "".join(f"{uuid.uuid4().hex}{part}" for part in others))  # noqa: S704


def offered_to(
    entry: RollRow | AttendanceEntry, *, is_open: bool, has_begun: bool
) -> Mapping[AttendanceStatus, str]:
    """Return the statuses that are offered for this entry, and their words."""
    return offered(
        entry.status,
        is_listed=entry.is_listed,
        has_come=entry.has_come,
        is_open=is_open,
        has_begun=has_begun,
    )


def menu(row: RollRow, *, is_open: bool, has_begun: bool) -> Markup:
    """Return the buttons of a row's menu."""
    return _menu(row.status, row.is_listed, row.has_come, is_open=is_open, has_begun=has_begun)


@cache
def _menu(
    status: AttendanceStatus, is_listed: bool, has_come: bool, *, is_open: bool, has_begun: bool
) -> Markup:
    choices = offered(
        status, is_listed=is_listed, has_come=has_come, is_open=is_open, has_begun=has_begun
    )
    made: Markup = get_template_attribute("attendance/_menu.html", "menu")(choices)
    return made


@bp.record_once
def _keep_rows(state: BlueprintSetupState) -> None:
    row = made_once(state.app, "attendance/_row.html", "row", most=MOST_ROWS)
    state.app.add_template_global(row, "roll_row_once")
    state.app.add_template_filter(completed)
