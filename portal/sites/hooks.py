"""Where the rooms above take part in sites and routes, without sites knowing them.

Imports run down the house: bookings, lessons and events register here what they show on the
page of a site (a calendar, what is held there) and of a route.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.people.readers import Somebody
from portal.sites.models import Route, Site


@dataclass(frozen=True)
class Panel:
    """A part of a site's page: a template, and what it needs for this site and reader.

    `context` returns None when the reader is not shown the panel; else its keys, and `site`,
    are the template's variables, as in `render`. Panels of `region` "main" stand in the wide
    column, those of "side" beside it. Asked only for readers who may see the site.
    """

    template: str
    region: str
    context: Callable[[Site, Somebody], Mapping[str, object] | None]


@dataclass(frozen=True)
class Tab:
    """A page about one site: label, endpoint taking `site_id`, who may open it."""

    label: str
    endpoint: str
    may_open: Callable[[Somebody, Site], bool]


@dataclass(frozen=True)
class RoutePanel:
    """A part of a route's page (lessons that follow it), as `Panel`; `route` is there too."""

    template: str
    context: Callable[[Route, Somebody], Mapping[str, object] | None]


# One line about each of these sites ("本周 6 场"), asked for a whole list at once: site id -> line.
RowFacts = Callable[[Sequence[int]], Mapping[int, str]]

# What stands in the way of taking a room away or of throwing a site away, as sentences; asked
# with the site and, where only one room goes, its id.
Uses = Callable[[Site, int | None], Sequence[str]]

panels: list[Panel] = []
tabs: list[Tab] = []
route_panels: list[RoutePanel] = []
row_facts: list[RowFacts] = []
uses: list[Uses] = []
