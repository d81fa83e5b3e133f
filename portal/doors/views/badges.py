"""Badges for everybody on a roll, ten to a sheet; and taking back what somebody has lost."""

from flask import current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.attendance import queries as attendance
from portal.attendance.models import Roll
from portal.attendance.views.hosting import hosted_event, on_roll
from portal.database import db
from portal.doors import passes, queries, services
from portal.doors.views.blueprint import bp
from portal.doors.views.passes import key
from portal.errors import NotFoundError
from portal.events.models import Event
from portal.people.access import current_person, signed_in
from portal.people.models import Person
from portal.web.qr import qr_picture
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/events/<int:event_id>/badges")
@signed_in
@on_roll
def badges(event: Event, roll: Roll) -> Response:
    """The badges to print, and how many people have none yet."""
    listed = queries.badges(event, request.args.get("page", 1, type=int))
    return render(
        "doors/badges.html",
        event=event,
        roll=roll,
        listed=listed,
        without=queries.number_without_badge(event),
        picture_of=_picture_of,
    )


@bp.post("/events/<int:event_id>/badges")
@signed_in
@writes
def issue_badges(event_id: int) -> Response:
    """Issue badges to those who have none that lasts to the end of the event."""
    count = services.issue_badges(
        event=hosted_event(event_id),
        actor=current_person(),
        key=key(),
        days=current_app.config["PORTAL_PASS_DAYS"],
    )
    flash(f"已制作 {count} 张胸卡。" if count else "每个人都已经有胸卡了。")
    return redirect(url_for("doors.badges", event_id=event_id))


@bp.get("/events/<int:event_id>/badges/<int:person_id>")
@signed_in
@on_roll
def passes_of(event: Event, roll: Roll, person_id: int) -> Response:
    """What one person could show at a door, and the way to take it back."""
    return render(
        "doors/passes_of.html",
        event=event,
        roll=roll,
        entry=attendance.entry(event.id, person_id),
        held=queries.live_passes(person_id),
    )


@bp.post("/events/<int:event_id>/badges/<int:person_id>/revoke")
@signed_in
@writes
def revoke_passes(event_id: int, person_id: int) -> Response:
    """Take back everything that somebody on this roll could show: it was lost."""
    event = hosted_event(event_id)
    entry = attendance.entry(event.id, person_id)
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFoundError("没有找到这个人。")
    count = services.revoke_passes(person=person, actor=current_person())
    flash(f"{entry.name}的 {count} 个签到凭证已停用。" if count else f"{entry.name}没有签到凭证。")
    return redirect(url_for("doors.passes_of", event_id=event.id, person_id=person_id))


def _picture_of(badge: queries.Badge) -> object:
    """Return the badge's code; None where the portal's key has changed since."""
    text = passes.written(badge.serial, badge.expires_on, key())
    return qr_picture(text) if passes.hash_of(text) == badge.text_hash else None
