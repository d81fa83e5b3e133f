"""The card of a site, for paper: what it is, when it is open, how to get there, a code."""

from flask import url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.people.access import current_reader, signed_in
from portal.sites import page_queries
from portal.sites.opening import week_lines
from portal.sites.views.blueprint import bp
from portal.web.qr import qr_picture
from portal.web.templating import render


@bp.get("/<int:site_id>/card")
@signed_in
def card(site_id: int) -> Response:
    """A card for A5 or A4, with a code that leads to the site's page."""
    site, community, _ = page_queries.presented(current_reader(), site_id)
    told = page_queries.told_of(current_reader(), site)
    today = clock.today()
    return render(
        "sites/card.html",
        site=site,
        community=community,
        titles=[one for one in told.honours(today) if not one.is_expired_on(today)],
        week=week_lines(site.opening_hours),
        qr=qr_picture(url_for("sites.show", site_id=site.id, _external=True)),
        printed_on=today,
    )
