"""Writing on a draft: saved as one types, without scripts by its button."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError
from portal.people.access import current_person, current_reader, signed_in
from portal.records import kinds, queries, services
from portal.records.errors import RecordChangedError
from portal.records.forms import RecordForm
from portal.records.models import MeetingRecord
from portal.records.views.blueprint import bp, open_record
from portal.records.views.differing import Difference
from portal.web import htmx, merging
from portal.web.templating import render
from portal.web.transaction import writes


@bp.route("/records/<int:record_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit(record_id: int) -> Response:
    """Write on a draft; another's words are never overwritten unseen."""
    record = open_record(record_id)
    form = RecordForm(data={**_values(record), "seen": services.seen(record)})
    if not form.is_submitted():
        return _page(record, form)
    if not form.validate():
        return _page(record, form, status=422)
    carried = _carried(form)
    try:
        changed = services.save(
            record=record, typed=form.typed(), seen=carried, actor=current_person()
        )
    except RecordChangedError as error:
        return _differ(record, form, error)
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(record, form, status=422)
    if not htmx.is_fragment_request():
        flash("记录已保存。" if changed else "没有改动。")
        place = "records.notes" if request.form.get("then") == "notes" else "records.show"
        return redirect(url_for(place, record_id=record.id), code=303)
    form.take({"seen": _seen_since(carried, services.words(record), changed)})
    return _page(record, form, saved=True)


def _values(record: MeetingRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in services.FIELDS}


def _carried(form: RecordForm) -> str:
    """Return what the form saw: where it was told of another's words, these.

    `over` is sent by the button that says so, with the digests of what was shown.
    """
    over = request.form.get("over", "")
    return _merged(form.seen.data or "", over)


def _seen_since(carried: str, now: dict[str, str], changed: frozenset[str]) -> str:
    """Return what the form has seen once its own changes are saved.

    What others wrote meanwhile into other fields it still has not seen: else the old text in
    those fields would be taken for a change.
    """
    return _merged(carried, merging.seen({name: now[name] for name in changed}))


def _merged(carried: str, newer: str) -> str:
    parts = (part.partition("=") for part in f"{carried} {newer}".split())
    digests = {name: digest for name, _, digest in parts}
    return " ".join(f"{name}={digest}" for name, digest in digests.items())


def _differ(record: MeetingRecord, form: RecordForm, error: RecordChangedError) -> Response:
    now = services.words(record)
    differences = [
        Difference(name, kinds.LABELS[name], _said(now[name], name), _typed(form, name))
        for name in services.FIELDS
        if name in error.fields
    ]
    return _page(
        record,
        form,
        status=409,
        differences=differences,
        over=merging.seen({name: now[name] for name in error.fields}),
    )


def _said(word: str, name: str) -> str:
    if name in {"starts_at", "ends_at"}:
        return word[:16].replace("T", " ")
    return word


def _typed(form: RecordForm, name: str) -> str:
    field = form[name]
    value = field.data
    return value.label if name == "kind" else str(field._value()).replace("T", " ")


def _page(
    record: MeetingRecord,
    form: RecordForm,
    *,
    status: int = 200,
    saved: bool = False,
    differences: list[Difference] | None = None,
    over: str = "",
) -> Response:
    needed = kinds.required(form.kind.data or record.kind)
    form.mark_needed(needed)
    return render(
        "records/edit.html",
        block="saved",
        record=record,
        event=record.event,
        form=form,
        saved_at=clock.now() if saved else None,
        differences=differences or [],
        over=over,
        required=needed,
        attendance=None if htmx.is_fragment_request() else queries.attendance(record),
        reader_name=current_reader().name,
        status=status,
    )
