"""The yearly notice of days off, taken in from a file: looked at first, whole or not at all."""

from werkzeug.wrappers import Response

from portal.events.series.policies import may_keep_holidays
from portal.events.views.blueprint import bp
from portal.people.access import allowed
from portal.people.models import Role
from portal.people.views import import_steps as steps
from portal.people.views.import_steps import ImportPages
from portal.workdays.importing import HEADERS, HOLIDAYS, HolidayField

PAGES = ImportPages(
    importing=HOLIDAYS,
    may_import=may_keep_holidays,
    keepers=frozenset({Role.OFFICE}),
    title="导入节假日",
    unit="行",
    needed=(HolidayField.NAME, HolidayField.FIRST),
    headers=HEADERS,
    room="events",
    is_whole=True,
)
_WAITING = "/holidays/import/<token>"


@bp.get("/holidays/import")
@allowed(may_keep_holidays)
def holidays_import_new() -> Response:
    """Choose a file."""
    return steps.choose(PAGES)


@bp.post("/holidays/import")
@allowed(may_keep_holidays)
def holidays_import_upload() -> Response:
    """Take a file in, without importing it yet."""
    return steps.upload(PAGES)


@bp.get(_WAITING)
@allowed(may_keep_holidays)
def holidays_import_show(token: str) -> Response:
    """What will happen; after the confirmation, what has happened."""
    return steps.show(PAGES, token)


@bp.post(_WAITING)
@allowed(may_keep_holidays)
def holidays_import_confirm(token: str) -> Response:
    """Import what was looked at."""
    return steps.confirm(PAGES, token)


@bp.post(f"{_WAITING}/discard")
@allowed(may_keep_holidays)
def holidays_import_discard(token: str) -> Response:
    """Throw the uploaded file away."""
    return steps.discard(PAGES, token)


@bp.get(f"{_WAITING}/refused.csv")
@allowed(may_keep_holidays)
def holidays_import_refused(token: str) -> Response:
    """The rows that cannot be taken, as a .csv."""
    return steps.refused(PAGES, token)
