"""Questions about figures, and about the rows behind each of them."""

from portal.reports.queries.attendance import Asked, Group, Row, by_unit, person_figures, rows
from portal.reports.queries.events import EventFigures, event_figures
from portal.reports.queries.organisations import children, organisation, roots_of

__all__ = [
    "Asked",
    "EventFigures",
    "Group",
    "Row",
    "by_unit",
    "children",
    "event_figures",
    "organisation",
    "person_figures",
    "roots_of",
    "rows",
]
