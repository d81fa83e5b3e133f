"""Rooms, opening hours and closures of a site: one page for its keepers."""

from dataclasses import asdict

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError
from portal.people.access import current_person, signed_in
from portal.people.edit_history import ChangedMeanwhileError, differences
from portal.sites import queries, room_services
from portal.sites.models import Room, Site
from portal.sites.opening import WEEKDAYS
from portal.sites.place_forms import (
    DAYS,
    ClosureForm,
    HoursForm,
    RoomForm,
    hours_values,
)
from portal.sites.views.blueprint import bp, kept
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/<int:site_id>/rooms")
@signed_in
def rooms(site_id: int) -> Response:
    """Rooms, the week, and the days on which it is shut."""
    return _page(kept(site_id))


def _page(
    site: Site,
    *,
    hours: HoursForm | None = None,
    closure: ClosureForm | None = None,
    stale: ChangedMeanwhileError | None = None,
    differing: dict[str, list[str]] | None = None,
) -> Response:
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
        stale=stale,
        differing=differing or {},
        status=409 if stale else 422 if refused else 200,
    )


def _to_rooms(site: Site) -> Response:
    return redirect(url_for("sites.rooms", site_id=site.id))


@bp.route("/<int:site_id>/rooms/new", methods=["GET", "POST"])
@signed_in
@writes
def add_room(site_id: int) -> Response:
    """Add a room."""
    site = kept(site_id)
    form = RoomForm(data={"is_bookable": True})
    if form.validate_on_submit():
        try:
            room_services.add_room(site=site, facts=form.facts(), actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已添加场地。")
            return _to_rooms(site)
    return _room_page(site, None, form)


@bp.route("/<int:site_id>/rooms/<int:room_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit_room(site_id: int, room_id: int) -> Response:
    """Change what is written about a room; whoever comes second is told what changed."""
    site = kept(site_id)
    room = queries.room_of(site, room_id)
    form = RoomForm(data={**asdict(room_services.facts_of(room)), "version": room.version})
    if form.validate_on_submit():
        try:
            room_services.change_room(
                site=site,
                room=room,
                facts=form.facts(),
                version=form.version.data,
                actor=current_person(),
            )
        except ChangedMeanwhileError as error:
            now, typed = asdict(room_services.facts_of(room)), asdict(form.facts())
            form.take({"version": room.version})
            differing = differences(now, typed, room_services.LABELS)
            return _room_page(site, room, form, stale=error, differing=differing)
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已保存。")
            return _to_rooms(site)
    return _room_page(site, room, form)


def _room_page(
    site: Site,
    room: Room | None,
    form: RoomForm,
    *,
    stale: ChangedMeanwhileError | None = None,
    differing: dict[str, list[str]] | None = None,
) -> Response:
    return render(
        "sites/room.html",
        site=site,
        room=room,
        form=form,
        stale=stale,
        differing=differing or {},
        status=409 if stale else 422 if form.is_submitted() else 200,
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
    return _to_rooms(site)


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
        return _page(site, hours=form)
    except ChangedMeanwhileError as error:
        form.take({"version": site.version})
        typed = {name: form[name].data or "" for name in DAYS}
        differing = differences(hours_values(site), typed, dict(zip(DAYS, WEEKDAYS, strict=True)))
        return _page(site, hours=form, stale=error, differing=differing)
    flash("开放时间已保存。")
    return _to_rooms(site)


@bp.post("/<int:site_id>/closures")
@signed_in
@writes
def close(site_id: int) -> Response:
    """Shut the site or a room for some days, or on a day of every week."""
    site = kept(site_id)
    form = ClosureForm()
    form.offer(site.rooms)
    if form.validate():
        try:
            room_services.close(site=site, facts=form.facts(site.rooms), actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("闭馆安排已登记。已经约定的参观不会自动取消，请逐一联系。")
            return _to_rooms(site)
    return _page(site, closure=form)


@bp.post("/<int:site_id>/closures/<int:closure_id>/remove")
@signed_in
@writes
def reopen(site_id: int, closure_id: int) -> Response:
    """Take a closure back."""
    site = kept(site_id)
    room_services.reopen(site=site, closure_id=closure_id, actor=current_person())
    flash("已恢复开放。")
    return _to_rooms(site)
