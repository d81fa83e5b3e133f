"""How a site receives visits: the keeper's settings."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.bookings import services
from portal.bookings.forms import RulesForm
from portal.bookings.views.blueprint import bp, kept_site
from portal.errors import ConflictError
from portal.people.access import current_person, signed_in
from portal.sites.uses.queries import visit_rules
from portal.web.templating import render
from portal.web.transaction import writes

_FIELDS = ("takes_visits", "slot_minutes", "weekly_visits", "answer_days", "days_ahead")


@bp.route("/sites/<int:site_id>/bookings/rules", methods=["GET", "POST"])
@signed_in
@writes
def rules(site_id: int) -> Response:
    """Slots, soft cap, rest days, and within how many days one answers."""
    site = kept_site(site_id)
    own = visit_rules(site.id)
    form = RulesForm(
        data={
            **{name: getattr(own, name) for name in _FIELDS},
            "rest_weekdays": list(own.rest_weekdays),
            "version": own.version or 0,
        }
    )
    form.offer()
    if form.validate_on_submit():
        if form.version.data not in (None, own.version or 0):
            raise ConflictError("您填写期间，别人改动了接待设置，没有保存。请刷新后再改。")
        services.set_rules(
            site=site,
            rules=own,
            actor=current_person(),
            rest_weekdays="".join(sorted(form.rest_weekdays.data or [])),
            **{name: form[name].data for name in _FIELDS},
        )
        flash("接待设置已保存，对以后的预约生效。")
        return redirect(url_for("bookings.calendar", site_id=site.id), code=303)
    status = 422 if request.method == "POST" else 200
    return render("bookings/rules.html", site=site, form=form, status=status)
