"""Honours of a site."""

from dataclasses import asdict

from flask import flash
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.people.access import current_person, signed_in
from portal.people.edit_history import ChangedMeanwhileError, differences
from portal.sites import queries, title_services
from portal.sites.models import Level, Site, SiteTitle
from portal.sites.place_forms import TitleForm, title_values
from portal.sites.views.blueprint import bp, kept, to_site
from portal.web.templating import render
from portal.web.transaction import writes


@bp.route("/<int:site_id>/titles/new", methods=["GET", "POST"])
@signed_in
@writes
def add_title(site_id: int) -> Response:
    """Write down an honour."""
    site = kept(site_id)
    form = TitleForm(data={"title_level": Level.DISTRICT.value})
    form.offer()
    if form.validate_on_submit():
        try:
            title_services.add_title(site=site, facts=form.facts(), actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已登记荣誉。")
            return to_site(site)
    return _page(site, None, form)


@bp.route("/<int:site_id>/titles/<int:title_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit_title(site_id: int, title_id: int) -> Response:
    """Put an honour right; whoever comes second is told what changed."""
    site = kept(site_id)
    title = queries.title_of(site, title_id)
    form = TitleForm(data=title_values(title))
    form.offer()
    if form.validate_on_submit():
        try:
            title_services.change_title(
                site=site,
                title=title,
                facts=form.facts(),
                version=form.version.data,
                actor=current_person(),
            )
        except ChangedMeanwhileError as error:
            now, typed = asdict(title_services.facts_of(title)), asdict(form.facts())
            form.take({"version": title.version})
            differing = differences(now, typed, title_services.LABELS)
            return _page(site, title, form, stale=error, differing=differing)
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已保存。")
            return to_site(site)
    return _page(site, title, form)


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


def _page(
    site: Site,
    title: SiteTitle | None,
    form: TitleForm,
    *,
    stale: ChangedMeanwhileError | None = None,
    differing: dict[str, list[str]] | None = None,
) -> Response:
    return render(
        "sites/title.html",
        site=site,
        title=title,
        form=form,
        stale=stale,
        differing=differing or {},
        status=409 if stale else 422 if form.is_submitted() else 200,
    )
