"""One record to read, and the book of all that the reader keeps."""

from datetime import datetime, time

from flask import request
from werkzeug.wrappers import Response

from portal import clock
from portal.people.access import allowed, current_reader, signed_in
from portal.people.policies import HOSTS, scope
from portal.people.queries import organisations
from portal.records import hooks, kinds, policies, queries, services
from portal.records.forms import AddendumForm, ResolutionForm
from portal.records.models import MeetingRecord, RecordKind, RecordState
from portal.records.queries import Filters
from portal.records.views.blueprint import bp, kept_record
from portal.records.voting import judge
from portal.web.forms import trimmed
from portal.web.numbers import asked_number
from portal.web.templating import render

_FIRST_YEAR = 2000


@bp.get("/records/")
@allowed(policies.may_keep_somewhere)
def index() -> Response:
    """The record book: the latest gathering first."""
    reader = current_reader()
    filters = _filters()
    since, until = _year(filters.year)
    found = queries.page_of_records(
        reader, filters, request.args.get("page", 1, type=int), since=since, until=until
    )
    year = clock.today().year
    return render(
        "records/index.html",
        block="results",
        records=found,
        filters=filters,
        kinds=list(RecordKind),
        states=list(RecordState),
        years=[year - back for back in range(5)],
        organisations=[
            one for one in organisations(scope(reader, HOSTS)) if one.kind.value != "group"
        ][:200],
    )


def _filters() -> Filters:
    kind, state = request.args.get("kind", ""), request.args.get("state", "")
    return Filters(
        kind=RecordKind(kind) if kind in set(RecordKind) else None,
        state=RecordState(state) if state in set(RecordState) else None,
        year=_asked_year(),
        org=asked_number("org"),
        q=(trimmed(request.args.get("q")) or "")[:60],
    )


def _asked_year() -> int | None:
    year = asked_number("year")
    return year if year is not None and _FIRST_YEAR <= year <= clock.today().year + 1 else None


def _year(year: int | None) -> tuple[datetime | None, datetime | None]:
    """Return the first moment of the year, and of the next: a meeting counts where it began."""
    if year is None:
        return None, None
    first, after = (
        clock.from_local(datetime.combine(datetime(one, 1, 1), time()))  # noqa: DTZ001
        for one in (year, year + 1)
    )
    return first, after


@bp.get("/records/<int:record_id>")
@signed_in
def show(record_id: int) -> Response:
    """One record with all that belongs to it, and the next step."""
    return page(kept_record(record_id), AddendumForm(formdata=None))


def page(record: MeetingRecord, addendum: AddendumForm, *, status: int = 200) -> Response:
    """Answer with the page of a record."""
    reader = current_reader()
    rows = queries.statements_of(record)
    votes = queries.votes(record)
    return render(
        "records/show.html",
        record=record,
        event=record.event,
        attendance=queries.attendance(record),
        rows=rows,
        beside=hooks.beside(reader, record, rows),
        acts=hooks.acts_on(reader, record),
        votes=[(vote, judge(vote)) for vote in votes],
        resolutions=queries.resolutions(record),
        addenda=queries.addenda(record),
        panels=_panels(record),
        missing=services.missing(record) if record.is_draft else {},
        labels=kinds.LABELS,
        may_write=policies.may_write(reader, record),
        may_confirm_as_host=policies.may_confirm_as_host(reader, record),
        may_confirm_as_recorder=policies.may_confirm_as_recorder(reader, record),
        may_add=policies.may_add(reader, record),
        form=addendum,
        resolution_form=ResolutionForm(formdata=None),
        status=status,
    )


def _panels(record: MeetingRecord) -> list[tuple[str, dict[str, object]]]:
    found = []
    for panel in hooks.panels:
        context = panel.context(record, current_reader())
        if context is not None:
            found.append((panel.template, dict(context)))
    return found


@bp.get("/records/resolutions")
@allowed(policies.may_keep_somewhere)
def open_resolutions() -> Response:
    """What was resolved and is not carried out yet, the soonest due first."""
    found = queries.open_resolutions(current_reader(), request.args.get("page", 1, type=int))
    return render("records/resolutions.html", block="results", resolutions=found)
