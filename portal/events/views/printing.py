"""An event on paper: the notice, as a page and as .docx, and the poster with its QR code."""

from io import BytesIO

import segno
from flask import request, send_file, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.events import hooks, notice_docx, queries
from portal.events.hooks import Matter
from portal.events.models import Event
from portal.events.notice import without_mobile
from portal.events.notice_of import notice_of
from portal.events.views.blueprint import bp
from portal.people.access import current_reader, signed_in
from portal.web.templating import render

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SIZES = ("a4", "a3")


def _more(event: Event) -> list[Matter]:
    """Return what the rooms above add for this reader."""
    reader = current_reader()
    return [matter for ask in hooks.notice_matters for matter in ask(event, reader)]


def _is_plain() -> bool:
    """Return whether the notice is asked for without what the rooms above add."""
    return "plain" in request.args


@bp.get("/<int:event_id>/notice")
@signed_in
def notice(event_id: int) -> Response:
    """The notice to print, or to take along as .docx."""
    event = queries.event_seen_by(current_reader(), event_id)
    more = _more(event)
    return render(
        "events/notice.html",
        event=event,
        notice=notice_of(event, () if _is_plain() else more),
        more=more,
        is_plain=_is_plain(),
    )


@bp.get("/<int:event_id>/notice.docx")
@signed_in
def notice_file(event_id: int) -> Response:
    """The notice as an official document."""
    event = queries.event_seen_by(current_reader(), event_id)
    written, file = notice_of(event, () if _is_plain() else _more(event)), BytesIO()
    notice_docx.write(written, file)
    file.seek(0)
    return send_file(
        file, mimetype=_DOCX, as_attachment=True, download_name=f"{written.title}.docx"
    )


@bp.get("/<int:event_id>/poster")
@signed_in
def poster(event_id: int) -> Response:
    """A poster for the wall, A4 or A3, with a code that leads to the event."""
    event = queries.event_seen_by(current_reader(), event_id)
    size = request.args.get("size", "")
    address = url_for("events.show", event_id=event.id, _external=True)
    return render(
        "events/poster.html",
        event=event,
        size=size if size in SIZES else SIZES[0],
        address=address,
        contact=without_mobile(event.contact),
        picture=_qr(address),
        lines=[line for line in event.summary.splitlines() if line.strip()][:3],
    )


def _qr(address: str) -> Markup:
    """Return the address as a QR code, an SVG that takes the size its place has."""
    code = segno.make(address, error="m", micro=False)
    return Markup(  # noqa: S704  segno's own markup, nothing typed is in it
        code.svg_inline(omitsize=True, border=2, svgclass="poster-qr", lineclass=None)
    )
