"""The card of a site, for paper: what it is, when it is open, how to get there, a code."""

from flask import url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.people.access import signed_in
from portal.sites import queries
from portal.sites.opening import week_lines
from portal.sites.title_services import expired_last
from portal.sites.views.blueprint import bp, seen
from portal.web.qr import qr_picture
from portal.web.templating import render


@bp.get("/<int:site_id>/card")
@signed_in
def card(site_id: int) -> Response:
    """A card for A5 or A4, with a code that leads to the site's page."""
    site = seen(site_id)
    today = clock.today()
    return render(
        "sites/card.html",
        site=site,
        community=queries.community_of(site.organisation),
        titles=[one for one in expired_last(site.titles, today) if not one.is_expired_on(today)],
        week=week_lines(site.opening_hours),
        qr=qr_picture(url_for("sites.show", site_id=site.id, _external=True)),
        printed_on=today,
    )
