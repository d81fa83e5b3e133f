"""Honours of a site."""

from dataclasses import asdict

from flask import flash, url_for
from werkzeug.wrappers import Response

from portal.people.access import current_person, signed_in
from portal.people.edit_history import differences
from portal.sites import queries, title_services
from portal.sites.models import Level
from portal.sites.place_forms import TitleForm, title_values
from portal.sites.views.blueprint import bp, kept, to_site
from portal.sites.views.parts import answered
from portal.web.transaction import writes


@bp.route("/<int:site_id>/titles/new", methods=["GET", "POST"])
@signed_in
@writes
def add_title(site_id: int) -> Response:
    """Write down an honour."""
    site = kept(site_id)
    form = TitleForm(data={"title_level": Level.DISTRICT.value})
    form.offer()

    def save() -> str:
        title_services.add_title(site=site, facts=form.facts(), actor=current_person())
        return "已登记荣誉。"

    onward = url_for("sites.show", site_id=site.id)
    return answered("sites/title.html", site=site, form=form, part=None, save=save, onward=onward)


@bp.route("/<int:site_id>/titles/<int:title_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit_title(site_id: int, title_id: int) -> Response:
    """Put an honour right; whoever comes second is told what changed."""
    site = kept(site_id)
    title = queries.title_of(site, title_id)
    form = TitleForm(data=title_values(title))
    form.offer()

    def save() -> str:
        title_services.change_title(
            site=site,
            title=title,
            facts=form.facts(),
            version=form.version.data,
            actor=current_person(),
        )
        return "已保存。"

    return answered(
        "sites/title.html",
        site=site,
        form=form,
        part=title,
        save=save,
        onward=url_for("sites.show", site_id=site.id),
        differing=lambda: differences(
            asdict(title_services.facts_of(title)), asdict(form.facts()), title_services.LABELS
        ),
    )


@bp.post("/<int:site_id>/titles/<int:title_id>/remove")
@signed_in
@writes
def remove_title(site_id: int, title_id: int) -> Response:
    """Take away what was written down by mistake."""
    site = kept(site_id)
    title = queries.title_of(site, title_id)
    title_services.remove_title(site=site, title=title, actor=current_person())
    flash(f"“{title.name}”已删除。")
    return to_site(site)
