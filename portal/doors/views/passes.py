"""My own pass, on my phone."""

from flask import current_app, flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.doors import passes, queries, services
from portal.doors.models import PassKind
from portal.doors.views.blueprint import bp
from portal.people.access import current_person, current_reader, signed_in
from portal.seating import queries as seating
from portal.web.qr import qr_picture
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/me/pass")
@signed_in
def my_pass() -> Response:
    """My pass, large enough for a scanner; or the way to get one."""
    person = current_reader()
    held = queries.find_pass(person.id, PassKind.PHONE)
    text = services.text_of(held, key=key()) if held else None
    return render(
        "doors/my_pass.html",
        person=person,
        held=held,
        picture=qr_picture(text) if text else None,
        places=seating.my_places(person),
        spoken=passes.grouped(text) if text else "",
    )


@bp.post("/me/pass")
@signed_in
@writes
def renew_pass() -> Response:
    """Give me a new pass; the former one opens nothing from now on."""
    person = current_person()
    days = current_app.config["PORTAL_PASS_DAYS"]
    services.issue_pass(person=person, kind=PassKind.PHONE, actor=person, key=key(), days=days)
    flash("签到凭证已生成，旧的（如有）已失效。")
    return redirect(url_for("doors.my_pass"), 303)


def key() -> str:
    """Return the portal's key, under which passes are written."""
    return str(current_app.config["SECRET_KEY"])
