"""What lessons add to the page of a route: those that follow it."""

from collections.abc import Mapping

from flask import Flask

from portal.lessons.queries import following
from portal.people.readers import Somebody
from portal.sites import hooks
from portal.sites.models import Route


def _lessons(route: Route, _reader: Somebody) -> Mapping[str, object] | None:
    """Published lessons are everybody's to read."""
    lessons = following(route)
    return {"lessons": lessons} if lessons else None


_PANEL = hooks.RoutePanel("lessons/on_route.html", _lessons)


def init_app(_app: Flask) -> None:
    """Take part in the pages of routes."""
    if _PANEL not in hooks.route_panels:
        hooks.route_panels.append(_PANEL)
