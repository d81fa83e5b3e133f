"""The hotline's list: taken in with a preview, given out in the same layout."""

from io import BytesIO
from urllib.parse import urlencode

from flask import send_file
from werkzeug.wrappers import Response

from portal.cases import policies, queries, services
from portal.cases.exchange import xlsx
from portal.cases.exchange.columns import HEADERS, CaseField
from portal.cases.exchange.writing import CASES
from portal.cases.views.blueprint import bp
from portal.cases.views.lists import asked_filters
from portal.database import write_transaction
from portal.people.access import allowed, current_person, current_reader
from portal.people.policies import SECRETARIES
from portal.people.views import import_steps as steps
from portal.people.views.import_steps import ImportPages

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PAGES = ImportPages(
    importing=CASES,
    may_import=policies.may_exchange,
    keepers=SECRETARIES,
    title="导入热线清单",
    unit="件",
    needed=(CaseField.UPSTREAM, CaseField.WORDS),
    headers=HEADERS,
    room="cases",
    is_alone=True,
)
_WAITING = "/import/<token>"


@bp.get("/import")
@allowed(policies.may_exchange)
def import_new() -> Response:
    """Choose a file."""
    return steps.choose(PAGES)


@bp.post("/import")
@allowed(policies.may_exchange)
def import_upload() -> Response:
    """Take a file in, without importing it yet."""
    return steps.upload(PAGES)


@bp.get(_WAITING)
@allowed(policies.may_exchange)
def import_show(token: str) -> Response:
    """What will happen; after the confirmation, what has happened."""
    return steps.show(PAGES, token)


@bp.post(_WAITING)
@allowed(policies.may_exchange)
def import_confirm(token: str) -> Response:
    """Import what was looked at."""
    return steps.confirm(PAGES, token)


@bp.post(f"{_WAITING}/discard")
@allowed(policies.may_exchange)
def import_discard(token: str) -> Response:
    """Throw the uploaded file away."""
    return steps.discard(PAGES, token)


@bp.get(f"{_WAITING}/refused.csv")
@allowed(policies.may_exchange)
def import_refused(token: str) -> Response:
    """The rows that are not taken, as a .csv."""
    return steps.refused(PAGES, token)


@bp.get("/export.xlsx")
@allowed(policies.may_exchange)
def export() -> Response:
    """The list as it is filtered, in the layout of the import; that it was taken out is noted."""
    filters = asked_filters()
    actor = current_person()
    file = BytesIO()
    found = queries.cases_to_export(current_reader(), filters)
    count = xlsx.write(found, file, by=actor.name)
    with write_transaction():
        asked = urlencode(filters.query())
        services.note_export(count=count, asked=asked, actor=current_person())
    file.seek(0)
    return send_file(file, mimetype=_XLSX, as_attachment=True, download_name="问题建议清单.xlsx")
