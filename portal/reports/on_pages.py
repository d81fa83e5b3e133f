"""What statistics add to the pages of events and people."""

from collections.abc import Mapping

from flask import Flask

from portal.events import hooks
from portal.people import hooks as people_hooks
from portal.people.models import Person
from portal.people.readers import Somebody
from portal.reports import policies


def _person_panel(_person: Person, reader: Somebody) -> Mapping[str, object] | None:
    return {} if policies.may_see_reports(reader) else None


_TAB = hooks.Tab("统计", "reports.event", policies.may_see_figures)
_PANEL = people_hooks.PersonPanel("reports/person_panel.html", _person_panel)


def init_app(_app: Flask) -> None:
    """Take part in the pages of events and people."""
    if _TAB in hooks.tabs:
        return
    hooks.tabs.append(_TAB)
    people_hooks.person_panels.append(_PANEL)
