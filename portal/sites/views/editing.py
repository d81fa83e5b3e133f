"""Writing about a site: put forward, change, throw away."""

from collections.abc import Sequence

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.errors import ConflictError, InvalidInputError
from portal.people import queries as people
from portal.people.access import allowed, current_person, current_reader, require, signed_in
from portal.people.edit_history import ChangedMeanwhileError, differences
from portal.people.models import Organisation, Role
from portal.people.policies import SECRETARIES, scope
from portal.sites import details as written
from portal.sites import policies, services
from portal.sites.details import LABELS
from portal.sites.forms import NewSiteForm, SiteForm, values
from portal.sites.models import Site, SiteKind
from portal.sites.views.blueprint import NOT_SECRETARY, bp, kept, seen, to_site
from portal.web.templating import render
from portal.web.transaction import writes


@bp.route("/new", methods=["GET", "POST"])
@allowed(policies.may_create)
@writes
def new() -> Response:
    """Put a site forward; the office names it."""
    choices = _own_part(SECRETARIES)
    first = {"organisation": choices[0].id, "kind": SiteKind.RED_PROPERTY.value, "crs": ""}
    form = NewSiteForm(data=first)
    form.offer(choices)
    if form.validate_on_submit():
        try:
            site = services.create(
                details=form.details(choices),
                reason=form.reason.data or "",
                document=form.document.data or "",
                actor=current_person(),
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已申报。命名以前，只有负责人和上级组织看得到。")
            return to_site(site)
    return render("sites/new.html", form=form, status=422 if form.is_submitted() else 200)


@bp.route("/<int:site_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit(site_id: int) -> Response:
    """Change what is written; whoever comes second is told what changed meanwhile."""
    site = kept(site_id)
    choices = _own_part(policies.KEEPERS, site.organisation)
    form = SiteForm(data={**values(written.of(site)), "version": site.version})
    form.offer(choices)
    if not form.validate_on_submit():
        return _edit_page(site, form)
    typed = form.details(choices)
    try:
        changed = services.edit(
            site=site, details=typed, version=form.version.data, actor=current_person()
        )
    except ChangedMeanwhileError as error:
        now = written.words(written.of(site))
        form.take({"version": site.version})
        differing = differences(now, written.words(typed), LABELS)
        return _edit_page(site, form, stale=error, differing=differing)
    except InvalidInputError as error:
        form.add_refusal(error)
        return _edit_page(site, form)
    flash("已保存。" if changed else "没有改动。")
    return to_site(site)


def _edit_page(
    site: Site,
    form: SiteForm,
    *,
    stale: ChangedMeanwhileError | None = None,
    differing: dict[str, list[str]] | None = None,
) -> Response:
    return render(
        "sites/edit.html",
        site=site,
        form=form,
        stale=stale,
        differing=differing or {},
        status=409 if stale else 422 if form.is_submitted() else 200,
    )


@bp.post("/<int:site_id>/discard")
@signed_in
@writes
def discard(site_id: int) -> Response:
    """Throw away what was put forward and never named."""
    reader = current_reader()
    site = seen(site_id)
    require(policies.may_nominate(reader, site), NOT_SECRETARY)
    services.discard(site=site, actor=current_person())
    flash(f"“{site.name}”的申报已删除。")
    return redirect(url_for("sites.index"))


def _own_part(roles: frozenset[Role], *besides: Organisation) -> Sequence[Organisation]:
    """Return the reader's part of the tree, the highest first, and what stands there already."""
    own = list(people.organisations(scope(current_reader(), roles)))
    known = {organisation.id for organisation in own}
    own += [organisation for organisation in besides if organisation.id not in known]
    if not own:
        raise ConflictError("您所在的组织已经撤销，不能再申报点位。请联系系统管理员。")
    return own
