"""The stops of a route, put in order."""

from flask import flash, request
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.people.access import current_person, signed_in
from portal.people.edit_history import ChangedMeanwhileError
from portal.sites.models import Route
from portal.sites.routes import details as written
from portal.sites.routes import queries, services
from portal.sites.routes.forms import NewStopForm, StopForm
from portal.sites.routes.services import Direction
from portal.sites.routes.views.blueprint import bp, kept, to_stops, walk
from portal.web.templating import render
from portal.web.transaction import writes

FIRST_MINUTES = 30


@bp.route("/<int:route_id>/stops", methods=["GET", "POST"])
@signed_in
@writes
def stops(route_id: int) -> Response:
    """The stops to be put in order; a new one comes last."""
    route = kept(route_id)
    form = NewStopForm(data={"minutes": FIRST_MINUTES})
    sites = queries.sites_to_choose()
    form.offer(sites)
    if form.validate_on_submit():
        site = next(site for site in sites if site.id == form.site.data)
        try:
            services.add_stop(
                route=route, site=site, details=form.details(), actor=current_person()
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash(f"已添加第 {len(route.stops)} 站“{site.name}”。")
            return to_stops(route)
    return _stops_page(route, form, status=422 if form.is_submitted() else 200)


def _stops_page(route: Route, form: NewStopForm, *, status: int = 200) -> Response:
    return render(
        "routes/stops.html", block="stops", route=route, form=form, status=status, **walk(route)
    )


@bp.post("/<int:route_id>/stops/<int:stop_id>/move")
@signed_in
@writes
def move_stop(route_id: int, stop_id: int) -> Response:
    """Let a stop change places with the one before or after it."""
    route = kept(route_id)
    stop = queries.stop_of(route, stop_id)
    wanted = request.form.get("direction", "")
    if wanted not in set(Direction):
        raise InvalidInputError("请选择上移或下移。")
    moved = services.move_stop(
        route=route, stop=stop, direction=Direction(wanted), actor=current_person()
    )
    if moved:
        flash("顺序已调整，请核对步行时间。")
    return to_stops(route)


@bp.route("/<int:route_id>/stops/<int:stop_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit_stop(route_id: int, stop_id: int) -> Response:
    """Minutes, way and note of one stop."""
    route = kept(route_id)
    stop = queries.stop_of(route, stop_id)
    form = StopForm(data={**written.stop_of(stop).__dict__, "version": route.version})
    stale = None
    if form.validate_on_submit():
        try:
            services.change_stop(
                route=route,
                stop=stop,
                details=form.details(),
                version=form.version.data,
                actor=current_person(),
            )
        except ChangedMeanwhileError as error:
            stale = error
            form.take({"version": route.version})
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已保存。")
            return to_stops(route)
    status = 409 if stale else 422 if form.is_submitted() else 200
    return render("routes/stop.html", route=route, stop=stop, form=form, stale=stale, status=status)


@bp.post("/<int:route_id>/stops/<int:stop_id>/remove")
@signed_in
@writes
def remove_stop(route_id: int, stop_id: int) -> Response:
    """Take a stop out."""
    route = kept(route_id)
    stop = queries.stop_of(route, stop_id)
    services.remove_stop(route=route, stop=stop, actor=current_person())
    flash("已移出路线，请核对步行时间。")
    return to_stops(route)
