"""The blueprint of demonstration sites, and the ways in to one of them."""

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.people.access import current_reader, require
from portal.sites import policies, queries
from portal.sites.models import Site

bp = Blueprint("sites", __name__, url_prefix="/sites")

NOT_KEEPER = "只有这个点位的负责人、所属组织的书记和街道组织办可以办理这件事。"
NOT_OFFICE = "命名、复审、整改和摘牌由街道组织办办理。"
NOT_SECRETARY = "申报由所属组织的书记和街道组织办办理。"


def seen(site_id: int) -> Site:
    """Return a site that the reader may see, its row locked when the request changes something.

    Unknown or not to be known is NotFoundError.
    """
    changes = request.method == "POST"
    find = queries.site_to_change if changes else queries.site_seen_by
    return find(current_reader(), site_id)


def kept(site_id: int) -> Site:
    """Return a site that the reader keeps, as `seen` does; not kept is ForbiddenError."""
    site = seen(site_id)
    require(policies.may_keep(current_reader(), site), NOT_KEEPER)
    return site


def review_months() -> int:
    """Return the portal's review interval in months."""
    return int(current_app.config["PORTAL_SITE_REVIEW_MONTHS"])


def to_site(site: Site) -> Response:
    """Go back to the site's page."""
    return redirect(url_for("sites.show", site_id=site.id))
