"""Rows of the roll as they are shown: made once for what they say, then completed.

A page of fifty rows, each with its form and its menu, would otherwise be most of the work of
the page that a host looks at all evening.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from flask import current_app
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup, escape

from portal.attendance.models import AttendanceEntry, AttendanceStatus
from portal.attendance.queries import RollRow
from portal.attendance.rules import offered, stayed
from portal.attendance.views.blueprint import bp
from portal.web import csrf
from portal.web.templating import made_once

# What _row.html leaves open. Data never look like this: their "<" is escaped.
TOKEN, CLIENT_ID = "<csrf-token>", "<client-id>"
# The rows of some rolls that are called at the same time.
MOST_ROWS = 4_000
# The pages of rolls that are looked at at the same time.
MOST_LISTS = 100
_KEPT = "portal_roll_rows"
_LEFT_OPEN = re.compile(f"({TOKEN}|{CLIENT_ID})")


class Look(NamedTuple):
    """What all rows of a page share: the roll's address, where a plain form leads back to, and
    what may be said about people now.
    """

    at: str
    back: str
    is_open: bool
    is_confirmed: bool
    has_begun: bool
    signs_out: bool = False


def shown(rows: Iterable[RollRow], look: Look) -> Markup:
    """Return the rows with the reader's token, each with a number against being sent twice."""
    parts: list[str] = list(current_app.extensions[_KEPT](tuple(rows), look))
    token, page = str(escape(csrf.token())), uuid.uuid4().hex
    # Every second part is what was left open.
    for at in range(1, len(parts), 2):
        parts[at] = token if parts[at] == TOKEN else f"{page}{at:02x}"
    return Markup("".join(parts))  # noqa: S704


def _lists(row: Callable[[RollRow, Look], Markup]) -> Callable[..., Sequence[str]]:
    """Return what joins rows to a list, in parts between the places that are left open.

    Lists that are looked at by many, and again and again, are kept.
    """

    def made(rows: tuple[RollRow, ...], look: Look) -> Sequence[str]:
        return _LEFT_OPEN.split("".join([row(entry, look) for entry in rows]))

    kept = lru_cache(maxsize=MOST_LISTS)(made)
    # The one row that answers a tap is not looked at again.
    return lambda rows, look: (kept if len(rows) > 1 else made)(rows, look)


def offered_to(entry: RollRow | AttendanceEntry, look: Look) -> Mapping[AttendanceStatus, str]:
    """Return the statuses that are offered for this entry, and their words."""
    return offered(
        entry.status,
        is_listed=entry.is_listed,
        has_come=entry.has_come,
        is_open=look.is_open,
        has_begun=look.has_begun,
    )


@bp.record_once
def _keep_rows(state: BlueprintSetupState) -> None:
    row = made_once(state.app, "attendance/_row.html", "row", most=MOST_ROWS)
    state.app.extensions[_KEPT] = _lists(row)
    state.app.add_template_global(shown, "roll_rows")
    state.app.add_template_global(offered_to, "roll_offers")
    state.app.add_template_global(stayed)
