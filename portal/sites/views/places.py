"""Rooms and opening hours of a site: the page for its keepers, on which closures stand too."""

from dataclasses import asdict
from functools import partial

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError
from portal.people.access import current_person, signed_in
from portal.people.edit_history import ChangedMeanwhileError, differences
from portal.sites import queries, room_services
from portal.sites.models import Site
from portal.sites.opening import WEEKDAYS
from portal.sites.place_forms import (
    DAYS,
    ClosureForm,
    HoursForm,
    RoomForm,
    hours_values,
)
from portal.sites.uses.closed import falling_in
from portal.sites.uses.queries import coming_uses
from portal.sites.views.blueprint import bp, kept
from portal.sites.views.parts import answered
from portal.web.templating import render
from portal.web.transaction import writes

# So many of what is agreed for closed days are named; the calendar has the rest.
_MOST_TOLD = 5


@bp.get("/<int:site_id>/rooms")
@signed_in
def rooms(site_id: int) -> Response:
    """Rooms, the week, and the days on which it is shut."""
    return rooms_page(kept(site_id))


def rooms_page(
    site: Site,
    *,
    hours: HoursForm | None = None,
    closure: ClosureForm | None = None,
    stale: ChangedMeanwhileError | None = None,
    differing: dict[str, list[str]] | None = None,
) -> Response:
    """Show the page, with a form as it was typed where one was refused."""
    refused = hours is not None or closure is not None
    if hours is None:
        hours = HoursForm(formdata=None, data={**hours_values(site), "version": site.version})
    if closure is None:
        closure = ClosureForm(formdata=None, data={"starts_on": clock.today()})
        closure.offer(site.rooms)
    return render(
        "sites/rooms.html",
        site=site,
        hours=hours,
        days=DAYS,
        closure=closure,
        weekdays=WEEKDAYS,
        room_names={room.id: room.name for room in site.rooms},
        most_told=_MOST_TOLD,
        falling_in=partial(falling_in, uses=coming_uses(site.id)),
        stale=stale,
        differing=differing or {},
        status=409 if stale else 422 if refused else 200,
    )


def rooms_address(site: Site) -> str:
    """Return where the page of rooms and hours is."""
    return url_for("sites.rooms", site_id=site.id)


@bp.route("/<int:site_id>/rooms/new", methods=["GET", "POST"])
@signed_in
@writes
def add_room(site_id: int) -> Response:
    """Add a room."""
    site = kept(site_id)
    form = RoomForm(data={"is_bookable": True})

    def save() -> str:
        room_services.add_room(site=site, facts=form.facts(), actor=current_person())
        return "已添加场地。"

    return answered(
        "sites/room.html", site=site, form=form, part=None, save=save, onward=rooms_address(site)
    )


@bp.route("/<int:site_id>/rooms/<int:room_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit_room(site_id: int, room_id: int) -> Response:
    """Change what is written about a room; whoever comes second is told what changed."""
    site = kept(site_id)
    room = queries.room_of(site, room_id)
    form = RoomForm(data={**asdict(room_services.facts_of(room)), "version": room.version})

    def save() -> str:
        room_services.change_room(
            site=site,
            room=room,
            facts=form.facts(),
            version=form.version.data,
            actor=current_person(),
        )
        return "已保存。"

    return answered(
        "sites/room.html",
        site=site,
        form=form,
        part=room,
        save=save,
        onward=rooms_address(site),
        differing=lambda: differences(
            asdict(room_services.facts_of(room)), asdict(form.facts()), room_services.LABELS
        ),
    )


@bp.post("/<int:site_id>/rooms/<int:room_id>/remove")
@signed_in
@writes
def remove_room(site_id: int, room_id: int) -> Response:
    """Take a room away that nothing takes place in."""
    site = kept(site_id)
    room = queries.room_of(site, room_id)
    name = room.name
    room_services.remove_room(site=site, room=room, actor=current_person())
    flash(f"“{name}”已删除。")
    return redirect(rooms_address(site))


@bp.post("/<int:site_id>/hours")
@signed_in
@writes
def set_hours(site_id: int) -> Response:
    """Replace the hours of the week."""
    site = kept(site_id)
    form = HoursForm()
    try:
        room_services.set_hours(
            site=site, hours=form.hours(), version=form.version.data, actor=current_person()
        )
    except InvalidInputError as error:
        form.validate()
        form.add_refusal(error)
        return rooms_page(site, hours=form)
    except ChangedMeanwhileError as error:
        form.take({"version": site.version})
        typed = {name: form[name].data or "" for name in DAYS}
        differing = differences(hours_values(site), typed, dict(zip(DAYS, WEEKDAYS, strict=True)))
        return rooms_page(site, hours=form, stale=error, differing=differing)
    flash("开放时间已保存。")
    return redirect(rooms_address(site))
