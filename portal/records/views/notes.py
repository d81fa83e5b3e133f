"""Taking down what is said, live; reading back; putting something beside a statement."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.people.access import current_person, current_reader, signed_in
from portal.records import hooks, policies, queries, services
from portal.records.errors import RecordClosedError
from portal.records.forms import StatementForm, SupplementForm
from portal.records.models import MeetingRecord, Statement, StatementKind
from portal.records.services import Said
from portal.records.services.writing import CLOSED
from portal.records.views.blueprint import bp, kept_record, open_record
from portal.web import htmx
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/records/<int:record_id>/notes")
@signed_in
def notes(record_id: int) -> Response:
    """What is said, as it is taken down: the latest on top."""
    return _page(kept_record(record_id), _empty())


@bp.post("/records/<int:record_id>/statements")
@signed_in
@writes
def take_down(record_id: int) -> Response:
    """Take one statement down; sent again, it is the same statement."""
    record = kept_record(record_id)
    form = StatementForm()
    if not form.validate():
        return _page(record, form, status=422)
    try:
        services.take_down(record=record, said=_said(form), actor=current_person())
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(record, form, status=422)
    if htmx.is_fragment_request():
        return _page(record, _empty())
    return redirect(url_for("records.notes", record_id=record.id), code=303)


def _said(form: StatementForm) -> Said:
    return Said(
        client_id=form.client_id.data or "",
        speaker=form.speaker.data or "",
        post=form.post.data or "",
        kind=form.kind.data,
        text=form.text.data or "",
        speaker_id=form.speaker_id.data,
    )


def _empty() -> StatementForm:
    return StatementForm(
        formdata=None, data={"client_id": str(uuid.uuid4()), "kind": StatementKind.QUESTION}
    )


def _page(record: MeetingRecord, form: StatementForm, *, status: int = 200) -> Response:
    def said() -> dict[str, Any]:
        rows = queries.page_of_statements(record, request.args.get("page", 1, type=int))
        return {
            "said": rows,
            "beside": hooks.beside(current_reader(), record, rows.rows),
        }

    whole: dict[str, Any] = {}
    if not htmx.is_fragment_request():
        whole = {
            "speakers": queries.speakers(record),
            "prepared": queries.prepared(record.event_id),
            "acts": hooks.acts_on(current_reader(), record),
        }
    return render(
        "records/notes.html",
        block="said",
        record=record,
        event=record.event,
        form=form,
        kinds=list(StatementKind),
        may_write=policies.may_write(current_reader(), record),
        status=status,
        ask_later=said,
        **whole,
    )


@bp.get("/records/<int:record_id>/statements/<int:statement_id>")
@signed_in
def statement(record_id: int, statement_id: int) -> Response:
    """One statement, with all that was put beside it."""
    return _statement_page(_kept_statement(record_id, statement_id), SupplementForm(formdata=None))


@bp.get("/records/statements/<int:statement_id>")
@signed_in
def said(statement_id: int) -> Response:
    """Where a statement that was found stands."""
    found = queries.statement_seen_by(current_reader(), statement_id)
    return redirect(url_for("records.statement", record_id=found.record_id, statement_id=found.id))


@bp.post("/records/<int:record_id>/statements/<int:statement_id>")
@signed_in
@writes
def supplement(record_id: int, statement_id: int) -> Response:
    """Put a correction beside a statement, in sight."""
    one = _open_statement(record_id, statement_id)
    form = SupplementForm()
    if not form.validate():
        return _statement_page(one, form)
    try:
        services.supplement(statement=one, text=form.text.data or "", actor=current_person())
    except InvalidInputError as error:
        form.add_refusal(error)
        return _statement_page(one, form)
    flash("已补充在原话下面，原话没有改动。")
    return redirect(url_for("records.notes", record_id=record_id), code=303)


@bp.post("/records/<int:record_id>/statements/<int:statement_id>/read-back")
@signed_in
@writes
def read_back(record_id: int, statement_id: int) -> Response:
    """Note that it was read back to whoever said it."""
    one = _open_statement(record_id, statement_id)
    services.read_back(statement=one, actor=current_person())
    if htmx.is_fragment_request():
        return _page(one.record, _empty())
    flash(f"第 {one.position} 条已读回。")
    return redirect(url_for("records.notes", record_id=record_id), code=303)


def _kept_statement(record_id: int, statement_id: int) -> Statement:
    found = queries.statement_seen_by(current_reader(), statement_id)
    kept_record(record_id if found.record_id == record_id else 0)
    return found


def _open_statement(record_id: int, statement_id: int) -> Statement:
    open_record(record_id)
    found = _kept_statement(record_id, statement_id)
    if not policies.can_be_written(found.record):
        raise RecordClosedError(CLOSED)
    return found


def _statement_page(one: Statement, form: SupplementForm) -> Response:
    row = next(row for row in queries.statements_of(one.record) if row.id == one.id)
    reader = current_reader()
    return render(
        "records/statement.html",
        record=one.record,
        event=one.record.event,
        row=row,
        beside=hooks.beside(reader, one.record, [row])[row.id],
        form=form,
        may_write=policies.may_write(reader, one.record),
        status=422 if form.errors else 200,
    )
