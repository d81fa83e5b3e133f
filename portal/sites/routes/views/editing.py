"""Writing about routes: lay, change, throw away."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.people.access import allowed, current_person, signed_in
from portal.people.edit_history import ChangedMeanwhileError, differences
from portal.sites import policies
from portal.sites.routes import details as written
from portal.sites.routes import services
from portal.sites.routes.details import LABELS
from portal.sites.routes.forms import RouteForm, values
from portal.sites.routes.views.blueprint import USUAL_START, bp, kept, own_part, to_stops
from portal.web.templating import render
from portal.web.transaction import writes


@bp.route("/new", methods=["GET", "POST"])
@allowed(policies.may_create_route)
@writes
def new() -> Response:
    """Lay a route; its stops come next."""
    choices = own_part()
    first = {"organisation": choices[0].id, "is_published": True, "starts_minute": USUAL_START}
    form = RouteForm(data=first)
    form.offer(choices)
    if form.validate_on_submit():
        try:
            route = services.create(details=form.details(choices), actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("路线已建立。下一步：按顺序添加点位。")
            return to_stops(route)
    return render("routes/new.html", form=form, status=422 if form.is_submitted() else 200)


@bp.route("/<int:route_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit(route_id: int) -> Response:
    """Name, hour and contact of a route; whoever comes second is told what changed meanwhile."""
    route = kept(route_id)
    choices = own_part(route.organisation)
    form = RouteForm(data={**values(written.of(route)), "version": route.version})
    form.offer(choices)
    stale, differing = None, {}
    if form.validate_on_submit():
        typed = form.details(choices)
        try:
            services.edit(
                route=route, details=typed, version=form.version.data, actor=current_person()
            )
        except ChangedMeanwhileError as error:
            stale = error
            now = written.words(written.of(route))
            differing = differences(now, written.words(typed), LABELS)
            form.take({"version": route.version})
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已保存。")
            return redirect(url_for("routes.show", route_id=route.id))
    status = 409 if stale else 422 if form.is_submitted() else 200
    return render(
        "routes/edit.html", route=route, form=form, stale=stale, differing=differing, status=status
    )


@bp.post("/<int:route_id>/discard")
@signed_in
@writes
def discard(route_id: int) -> Response:
    """Throw a route away that no lesson follows."""
    route = kept(route_id)
    name = route.name
    services.discard(route=route, actor=current_person())
    flash(f"路线“{name}”已删除。")
    return redirect(url_for("routes.index"))
