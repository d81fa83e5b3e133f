"""The page of one site, and the frame of every page about it."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal import clock
from portal.people.access import current_reader, signed_in
from portal.people.readers import Somebody
from portal.sites import hooks, page_queries, policies
from portal.sites.models import Closure, Site
from portal.sites.opening import closure_on, open_spans, week_lines
from portal.sites.states import Move, may_follow
from portal.sites.views.blueprint import bp
from portal.web.templating import part, render

# Closures are told so far ahead.
_AHEAD = timedelta(days=60)


@bp.get("/<int:site_id>")
@signed_in
def show(site_id: int) -> Response:
    """What the site is, what it offers, when it is open, what happens here."""
    reader = current_reader()
    site, community, secretary = page_queries.presented(reader, site_id)
    told = page_queries.told_of(reader, site)
    today = clock.today()
    may_keep = policies.may_keep(reader, site)
    return render(
        "sites/show.html",
        site=site,
        community=community,
        secretary=secretary,
        titles=told.honours(today),
        open_today=open_spans(site.opening_hours, site.closures, today),
        shut_today=closure_on(site.closures, today),
        week=week_lines(site.opening_hours),
        closures=coming_closures(site, today),
        room_names={room.id: room.name for room in site.rooms},
        moves=told.moves,
        pictures=told.pictures,
        routes=told.routes,
        may_keep=may_keep,
        may_decide=policies.may_decide(reader, site),
        may_move=allowed_moves(reader, site),
        main_panels=_panels("main", site, reader),
        side_panels=_panels("side", site, reader),
    )


def allowed_moves(reader: Somebody, site: Site) -> set[str]:
    """Return what the reader may decide about the site now."""
    decides, nominates = policies.may_decide(reader, site), policies.may_nominate(reader, site)
    may = {move: nominates if move in {Move.NOMINATE, Move.DISCARD} else decides for move in Move}
    if site.named_on is not None:
        may[Move.DISCARD] = False
    return {move.value for move in Move if may[move] and may_follow(site.state, move)}


def coming_closures(site: Site, today: date) -> list[Closure]:
    """Return the closures that hold today or within two months, in order."""
    return [
        one
        for one in site.closures
        if one.starts_on <= today + _AHEAD and (one.ends_on is None or one.ends_on >= today)
    ]


def _panels(region: str, site: Site, reader: Somebody) -> list[Markup]:
    """Return what the rooms above add to this part of the page for this reader."""
    shown = []
    for panel in hooks.panels:
        context = panel.context(site, reader) if panel.region == region else None
        if context is not None:
            shown.append(part(panel.template, site=site, **context))
    return shown


@bp.app_template_global("site_tabs")
def site_tabs(site: Site) -> list[tuple[str, str, bool]]:
    """Return (label, address, is here) of the pages about one site that the reader may open."""
    reader = current_reader()
    offered = [("概况", url_for("sites.show", site_id=site.id))]
    offered += [
        (tab.label, url_for(tab.endpoint, site_id=site.id))
        for tab in hooks.tabs
        if tab.may_open(reader, site)
    ]
    if policies.may_keep(reader, site):
        offered.append(("场地与时间", url_for("sites.rooms", site_id=site.id)))
        offered.append(("图片", url_for("sites.pictures", site_id=site.id)))
        offered.append(("评分", url_for("sites.scores", site_id=site.id)))
        offered.append(("复审记录", url_for("sites.site_reviews", site_id=site.id)))
    return marked(offered)


def marked(offered: Sequence[tuple[str, str]]) -> list[tuple[str, str, bool]]:
    """Return the pages with the present one marked; the first stands for all below it."""
    own = offered[0][1]
    here = max(
        (href for _, href in offered if href != own and _is_under(href)), default=own, key=len
    )
    return [(label, href, href == here) for label, href in offered]


def _is_under(href: str) -> bool:
    return request.path == href or request.path.startswith(f"{href}/")
