"""Pages of events, split by page family."""

from portal.events.views import (
    agendas,
    attaching,
    calendars,
    editing,
    giving,
    holiday_import,
    inviting,
    kept_forms,
    lists,
    moving,
    places,
    printing,
    series,
    sessions,
    showing,
)
from portal.events.views.blueprint import bp

__all__ = [
    "agendas",
    "attaching",
    "bp",
    "calendars",
    "editing",
    "giving",
    "holiday_import",
    "inviting",
    "kept_forms",
    "lists",
    "moving",
    "places",
    "printing",
    "series",
    "sessions",
    "showing",
]
