"""My calendar: as a file, and at an address that calendar programs read by themselves."""

from collections.abc import Sequence

from flask import current_app, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.errors import NotFoundError
from portal.events.calendar_file import calendar_file
from portal.events.models import Event
from portal.home import queries, services
from portal.home.views.blueprint import bp
from portal.people import policies
from portal.people.access import current_person, current_reader, public, signed_in
from portal.people.readers import Somebody
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/me/calendar")
@signed_in
def calendar() -> Response:
    """How to have my events in my own calendar."""
    key = services.calendar_key(current_user.account, secret=_secret())
    address = url_for("home.subscription", key=key, _external=True) if key else None
    return render("home/calendar.html", address=address)


@bp.post("/me/calendar/open")
@signed_in
@writes
def open_calendar() -> Response:
    """Give my calendar a new address; a former one stops working."""
    services.open_calendar(account=current_user.account, actor=current_person())
    flash("订阅地址已生成，旧地址（如有）已失效。")
    return redirect(url_for("home.calendar"), code=303)


@bp.post("/me/calendar/close")
@signed_in
@writes
def close_calendar() -> Response:
    """Take the address of my calendar away."""
    services.close_calendar(account=current_user.account, actor=current_person())
    flash("订阅地址已停用。")
    return redirect(url_for("home.calendar"), code=303)


@bp.get("/me/calendar.ics")
@signed_in
def calendar_ics() -> Response:
    """My events as a file, for whoever is signed in."""
    return _file(queries.calendar_of(current_reader()))


@bp.get("/calendar/<key>.ics")
@public
def subscription(key: str) -> Response:
    """The same at the secret address: whoever knows it reads it, without any session."""
    account = services.calendar_owner(key, secret=_secret())
    if account is None:
        raise NotFoundError("这个订阅地址无效，可能已经更换或停用。")
    return _file(_shown_to(account.person))


def _shown_to(person: Somebody) -> Sequence[Event]:
    """Administrators see no business data, by this way neither."""
    return [] if policies.is_administrator(person) else queries.calendar_of(person)


def _file(events: Sequence[Event]) -> Response:
    def page_of(event: Event) -> str:
        return url_for("events.show", event_id=event.id, _external=True)

    response = Response(calendar_file(events, page_of), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="my-calendar.ics"'
    return response


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
