"""The materials of an event: chosen from the library or uploaded here, put in order, taken off."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.database import write_transaction
from portal.errors import ConflictError
from portal.events import attachment_queries, attachment_services
from portal.events.models import Event, EventState
from portal.events.views.blueprint import bp, hosted
from portal.materials.views import picking
from portal.people.access import current_person, signed_in
from portal.web.templating import render
from portal.web.transaction import writes
from portal.web.uploads import takes_files

NOTHING = "没有选中资料，也没有选择文件。请先勾选，或者选择要上传的文件。"


@bp.get("/<int:event_id>/materials")
@signed_in
def materials(event_id: int) -> Response:
    """What is attached, and what can be."""
    return _page(hosted(event_id))


@bp.post("/<int:event_id>/materials")
@signed_in
@takes_files
def attach(event_id: int) -> Response:
    """Attach what was ticked and what was uploaded."""
    attachment_services.check_open(hosted(event_id))
    try:
        received = picking.received()
    except ConflictError as error:
        return _page(hosted(event_id), refusals=[error.message], status=409)
    with write_transaction():
        event = hosted(event_id, to_change=True)
        chosen = picking.chosen(received, owner=event.host)
        new = attachment_services.attach(event=event, materials=chosen, actor=current_person())
        count = len(new)
    refusals = [f"“{name}”：{sentence}" for name, sentence in received.refused]
    if not chosen and not refusals:
        refusals = [NOTHING]
    if refusals:
        kept = [f"其余 {count} 份已经加入。"] if count else []
        return _page(hosted(event_id), refusals=[*refusals, *kept], status=422)
    flash(f"已加入 {count} 份资料。" if count else "选中的资料已经在这次活动里。")
    return redirect(url_for("events.materials", event_id=event_id))


def _page(event: Event, *, refusals: Sequence[str] = (), status: int = 200) -> Response:
    attached = attachment_queries.attached(event.id)
    return render(
        "events/materials.html",
        block="library" if request.method == "GET" else None,
        event=event,
        attached=attached,
        is_open=event.state is not EventState.ARCHIVED,
        picking=picking.picking(taken_ids=[material.id for material in attached]),
        refusals=refusals,
        status=status,
    )


@bp.post("/<int:event_id>/materials/<int:material_id>/take-off")
@signed_in
@writes
def take_off(event_id: int, material_id: int) -> Response:
    """Take a material off; it stays in the library."""
    event = hosted(event_id, to_change=True)
    material = attachment_services.take_off(
        event=event, material_id=material_id, actor=current_person()
    )
    flash(f"已取下“{material.title}”，它还在资料库里。")
    return redirect(url_for("events.materials", event_id=event.id))


@bp.post("/<int:event_id>/materials/<int:material_id>/move")
@signed_in
@writes
def move(event_id: int, material_id: int) -> Response:
    """Move a material up or down by one place."""
    event = hosted(event_id, to_change=True)
    attachment_services.move(
        event=event, material_id=material_id, is_up=request.form.get("way") != "down"
    )
    return redirect(url_for("events.materials", event_id=event.id))
