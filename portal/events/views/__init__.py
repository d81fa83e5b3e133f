"""Pages of events, split by page family."""

from portal.events.views import (
    agendas,
    calendars,
    editing,
    giving,
    inviting,
    kept_forms,
    lists,
    moving,
    places,
    series,
    showing,
)
from portal.events.views.blueprint import bp

__all__ = [
    "agendas",
    "bp",
    "calendars",
    "editing",
    "giving",
    "inviting",
    "kept_forms",
    "lists",
    "moving",
    "places",
    "series",
    "showing",
]
