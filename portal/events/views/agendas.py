"""The agenda of an event as rows: added, moved and taken out with scripts off too."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.errors import ConflictError, InvalidInputError
from portal.events import agenda as rules
from portal.events import agenda_rows, agenda_services
from portal.events.agenda import MOST_ROWS, AgendaRow
from portal.events.models import Event
from portal.events.states import Move, after
from portal.events.views.blueprint import bp, hosted
from portal.people.access import current_person, signed_in
from portal.web.forms import trimmed
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes

_EMPTY = AgendaRow("")


@bp.route("/<int:event_id>/agenda", methods=["GET", "POST"])
@signed_in
@writes
def agenda(event_id: int) -> Response:
    """Write the agenda; a button of a row changes the page alone, only saving keeps it."""
    event = hosted(event_id, to_change=request.method == "POST")
    after(event.state, Move.EDIT)
    if request.method == "GET":
        rows = agenda_rows.rows(event.id)
        from_text = not rows and bool(event.agenda)
        rows = rows or rules.rows_of(event.agenda) or [_EMPTY]
        return _page(event, rows, version=event.version, from_text=from_text)
    typed, faults = _typed()
    from_text = "from_text" in request.form
    version = request.form.get("version", 0, type=row_number)
    step = request.form.get("then", "save")
    if step != "save":
        return _page(event, _stepped(typed, step), version=version, from_text=from_text)
    written = [row for row in typed if row != _EMPTY]
    if not faults:
        try:
            agenda_services.keep(
                event=event,
                rows=written,
                version=version,
                actor=current_person(),
                from_text=from_text,
            )
        except InvalidInputError as error:
            faults[error.field or ""] = error.message
            typed = written
        except ConflictError as error:
            return _page(
                event, typed, version=event.version, from_text=from_text, refusal=error.message
            )
        else:
            flash("议程已保存。")
            return redirect(url_for("events.show", event_id=event.id))
    return _page(event, typed, version=version, from_text=from_text, faults=faults)


def _typed() -> tuple[list[AgendaRow], dict[str, str]]:
    """Return the rows as typed, and what of them is no number, by the name of its field."""
    rows, faults = [], {}
    count = request.form.get("rows", 0, type=row_number)
    for place in range(min(count, MOST_ROWS + 1)):
        minutes, text = None, trimmed(request.form.get(f"minutes-{place}")) or ""
        if text:
            try:
                minutes = row_number(text)
            except ValueError:
                faults[f"minutes-{place}"] = "分钟请填整数，例如 30。"
        title = trimmed(request.form.get(f"title-{place}")) or ""
        speaker = trimmed(request.form.get(f"speaker-{place}")) or ""
        rows.append(AgendaRow(title, speaker, minutes))
    return rows, faults


def _stepped(rows: Sequence[AgendaRow], step: str) -> list[AgendaRow]:
    """Return the rows after a button was pressed: `add`, `up-2`, `down-2`, `remove-2`."""
    made = list(rows)
    verb, _, number = step.partition("-")
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
    if verb == "add" and len(made) < MOST_ROWS:
        made.append(_EMPTY)
    elif verb == "remove" and 0 <= place < len(made):
        del made[place]
    elif verb == "up" and 0 < place < len(made):
        made[place - 1], made[place] = made[place], made[place - 1]
    elif verb == "down" and 0 <= place < len(made) - 1:
        made[place], made[place + 1] = made[place + 1], made[place]
    return made or [_EMPTY]


def _page(
    event: Event,
    rows: Sequence[AgendaRow],
    *,
    version: int,
    from_text: bool,
    faults: dict[str, str] | None = None,
    refusal: str = "",
) -> Response:
    planned = int((event.ends_at - event.starts_at).total_seconds()) // 60
    return render(
        "events/agenda.html",
        block="rows",
        event=event,
        rows=list(zip(rows, rules.timed(rows, event.starts_at), strict=True)),
        version=version,
        from_text=from_text,
        faults=faults or {},
        refusal=refusal,
        together=rules.minutes_of(rows),
        planned=planned,
        is_full=len(rows) >= MOST_ROWS,
        typed_minutes={
            place: request.form.get(f"minutes-{place}") or "" for place in range(len(rows))
        }
        if faults
        else {},
        status=409 if refusal else 422 if faults else 200,
    )
