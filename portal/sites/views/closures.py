"""Days on which a site or a room is shut: written down, changed, taken back."""

from flask import flash, redirect
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.people.access import current_person, signed_in
from portal.people.edit_history import differences
from portal.sites import closure_services, queries
from portal.sites.closure_services import facts_of, words_of
from portal.sites.models import Closure, Site
from portal.sites.place_forms import ClosureForm, closure_values
from portal.sites.uses.closed import falling_in
from portal.sites.uses.queries import coming_uses
from portal.sites.views.blueprint import bp, kept
from portal.sites.views.parts import answered
from portal.sites.views.places import rooms_address, rooms_page
from portal.web.transaction import writes


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
            closure = closure_services.close(site=site, facts=form.facts(), actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash(f"闭馆安排已登记。{_agreed(site, closure)}")
            return redirect(rooms_address(site))
    return rooms_page(site, closure=form)


@bp.route("/<int:site_id>/closures/<int:closure_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit_closure(site_id: int, closure_id: int) -> Response:
    """Change the days, the room or the reason; whoever comes second is told what changed."""
    site = kept(site_id)
    closure = queries.closure_of(site, closure_id)
    form = ClosureForm(data=closure_values(closure))
    form.offer(site.rooms)

    def save() -> str:
        closure_services.change_closure(
            site=site,
            closure=closure,
            facts=form.facts(),
            version=form.version.data,
            actor=current_person(),
        )
        return f"闭馆安排已修改。{_agreed(site, closure)}"

    return answered(
        "sites/closure.html",
        site=site,
        form=form,
        part=closure,
        save=save,
        onward=rooms_address(site),
        differing=lambda: differences(
            words_of(site, facts_of(closure)),
            words_of(site, form.facts()),
            closure_services.LABELS,
        ),
    )


@bp.post("/<int:site_id>/closures/<int:closure_id>/remove")
@signed_in
@writes
def reopen(site_id: int, closure_id: int) -> Response:
    """Take a closure back."""
    site = kept(site_id)
    closure = queries.closure_of(site, closure_id)
    closure_services.reopen(site=site, closure=closure, actor=current_person())
    flash("已恢复开放。")
    return redirect(rooms_address(site))


def _agreed(site: Site, closure: Closure) -> str:
    """Say how much is agreed for those days: it is not called off by itself."""
    number = len(falling_in(closure, coming_uses(site.id)))
    if not number:
        return "其间没有已经约定的参观和活动。"
    return f"其间有 {number} 场已经约定，不会自动取消，请照下面列出的逐一联系、改期。"
