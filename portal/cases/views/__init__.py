"""Pages of cases."""

from portal.cases.views import (
    asking,
    attaching,
    editing,
    exchange,
    limits,
    lists,
    of_event,
    opening,
    rates,
    rows,
    showing,
    steps,
)
from portal.cases.views.blueprint import bp

__all__ = [
    "asking",
    "attaching",
    "bp",
    "editing",
    "exchange",
    "limits",
    "lists",
    "of_event",
    "opening",
    "rates",
    "rows",
    "showing",
    "steps",
]
