"""Taking down what was said; settling it at once; what is like it."""

from collections.abc import Sequence
from datetime import timedelta

from flask import flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.cases import codes, deadlines, policies, queries, services
from portal.cases.forms import NewForm, SpotForm
from portal.cases.models import CaseSource
from portal.cases.services import Registered
from portal.cases.views.blueprint import bp
from portal.errors import ConflictError, InvalidInputError
from portal.events import queries as events
from portal.events.models import Event, EventKind
from portal.people.access import allowed, current_person, current_reader
from portal.people.models import Organisation
from portal.records import queries as records
from portal.records.models import Statement
from portal.web.forms import trimmed
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes

SHOWN_ONCE = "case_code"
# Most deadlines lie within; of these years the days off should be known.
_AHEAD = timedelta(days=30)
_SOURCES = {
    EventKind.LESSON: CaseSource.LESSON,
    EventKind.SEMINAR: CaseSource.SEMINAR,
    EventKind.MEETING: CaseSource.SEMINAR,
    EventKind.THEME_DAY: CaseSource.LESSON,
}


def source_of(event: Event | None) -> CaseSource:
    """Return where what was said at an event comes from; beside events it was the grid."""
    return CaseSource.GRID if event is None else _SOURCES.get(event.kind, CaseSource.VISIT)


@bp.route("/new", methods=["GET", "POST"])
@allowed(policies.may_open_somewhere)
@writes
def new() -> Response:
    """Take a case down word for word, and say who is to work on it."""
    reader = current_reader()
    own, leads = queries.own_organisations(reader), queries.possible_leads(reader)
    people = queries.possible_people(leads)
    statement = _statement()
    event = statement.record.event if statement is not None else _event()
    preset = _preset(own, event)
    if statement is not None:
        preset |= _of_statement(statement, own)
    form = NewForm(data={**preset, "source": source_of(event).value, "level": "community"})
    form.offer(own, leads)
    form.offer_leads(leads, people, "由上面选的组织自己办")
    limits, now = queries.limits_for(own[0]) if own else {}, clock.now()
    form.offer_limits(limits)
    if form.validate_on_submit():
        try:
            made = services.register(
                details=form.details(limits, event, statement), actor=current_person()
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash(f"已登记 {made.case.number}，交给{made.case.lead.short_name}办理。")
            return _on(made)
    return render(
        "cases/new.html",
        form=form,
        event=event,
        statement=statement,
        limits=limits,
        uncertain=deadlines.uncertain_years(now, now + _AHEAD, queries.calendar_since()),
        similar=(),
        status=422 if form.is_submitted() else 200,
    )


@bp.route("/spot", methods=["GET", "POST"])
@allowed(policies.may_open_somewhere)
@writes
def spot() -> Response:
    """Take down and settle on the spot, in one short form."""
    own = queries.own_organisations(current_reader())
    event = _event()
    form = SpotForm(data={**_preset(own, event), "place": event.place if event else ""})
    form.offer(own)
    if form.validate_on_submit():
        try:
            made = services.settle_on_spot(
                details=form.details(source_of(event), event),
                measures=form.measures.data or "",
                has_confirmed=form.confirmed.data,
                actor=current_person(),
            )
        except (InvalidInputError, ConflictError) as error:
            form.add_refusal(InvalidInputError(error.message))
        else:
            closed = "已销号" if form.confirmed.data else "等待回访"
            flash(f"{made.case.number} 已登记并当场办结，{closed}。")
            return _on(made)
    return render(
        "cases/spot.html", form=form, event=event, status=422 if form.is_submitted() else 200
    )


@bp.get("/similar")
@allowed(policies.may_open_somewhere)
def similar() -> Response:
    """What is like the words that are being typed: the same place, like words."""
    args = request.args
    found = queries.similar(
        current_reader(),
        words=(trimmed(args.get("words")) or "")[:1000],
        place=(trimmed(args.get("place")) or "")[:60],
        organisation_id=args.get("organisation", type=row_number),
    )
    return render("cases/similar.html", block="similar", similar=found, is_asked=True)


def _on(made: Registered) -> Response:
    """Go on to the case; the asker's code is shown there, this once."""
    if made.code:
        session[SHOWN_ONCE] = [made.case.id, codes.spoken(made.code)]
    return redirect(url_for("cases.show", case_id=made.case.id), code=303)


def _event() -> Event | None:
    """Return the event at which it was said, if the reader sees it."""
    number = request.values.get("event", type=row_number)
    return events.event_seen_by(current_reader(), number) if number is not None else None


def _statement() -> Statement | None:
    """Return the statement that becomes a case, if the reader keeps its record."""
    number = request.values.get("statement", type=row_number)
    if number is None:
        return None
    return records.statement_seen_by(current_reader(), number)


def _of_statement(statement: Statement, own: Sequence[Organisation]) -> dict[str, str]:
    """Return what a statement says of the case: nothing is typed twice."""
    preset = {
        "statement": str(statement.id),
        "words": statement.text,
        "asker_name": statement.speaker_name,
        "place": statement.record.event.place,
    }
    if statement.kind.can_be_followed:
        preset["kind"] = statement.kind.value
    if statement.record.organisation_id in {one.id for one in own}:
        preset["organisation"] = str(statement.record.organisation_id)
    return preset


def _preset(own: Sequence[Organisation], event: Event | None) -> dict[str, str]:
    """Return what is known before anything is typed: the event's host, or one's only own."""
    ids = {one.id for one in own}
    if event is not None and event.host_id in ids:
        return {"organisation": str(event.host_id), "event": str(event.id)}
    preset = {"event": str(event.id)} if event is not None else {}
    return {**preset, "organisation": str(own[0].id)} if own else preset
