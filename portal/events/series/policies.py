"""Who may: series and templates belong to their organisation, holidays to the office."""

from portal.events.policies import may_host_for
from portal.events.series.models import EventSeries, EventTemplate
from portal.people.models import Role
from portal.people.policies import HOSTS, holds_anywhere, is_administrator, scope
from portal.people.readers import Somebody


def may_run(person: Somebody, series: EventSeries) -> bool:
    """Whoever runs events for the host of the series publishes, changes and ends it."""
    return may_host_for(person, series.host)


def may_use(person: Somebody, template: EventTemplate) -> bool:
    """Those who run events below or above the organisation that keeps it begin from it."""
    if may_host_for(person, template.organisation):
        return True
    roots = scope(person, HOSTS)
    return not is_administrator(person) and any(
        root.is_within(template.organisation) for root in roots
    )


def may_keep(person: Somebody, template: EventTemplate) -> bool:
    """Those who run events for the organisation rename and throw away its templates."""
    return may_host_for(person, template.organisation)


def may_keep_holidays(person: Somebody) -> bool:
    """The sub-district office keeps the days on which nobody meets."""
    return holds_anywhere(person, {Role.OFFICE}) and not is_administrator(person)
