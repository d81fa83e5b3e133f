"""How often the units that an event calls are called already: on the event's page and the form."""

from collections.abc import Sequence

from flask import current_app, request

from portal.events import load_queries
from portal.events.forms import EventForm
from portal.events.load_queries import Load
from portal.events.models import Audience, Event, EventState
from portal.people.models import Organisation

_NOT_YET_PUBLISHED = frozenset({EventState.DRAFT, EventState.POSTPONED})


def _cap() -> int:
    return int(current_app.config["PORTAL_MEETINGS_PER_WEEK"])


def load_of(event: Event) -> list[Load]:
    """Return the load of the units that are called once this event is published."""
    if event.state not in _NOT_YET_PUBLISHED:
        return []
    return load_queries.of_event(event, cap=_cap())


def was_asked() -> bool:
    """Whether the button was pressed that only looks at the week of the units."""
    return request.method == "POST" and request.form.get("then") == "load"


def load_of_form(form: EventForm, due: Sequence[Organisation], event: Event | None) -> list[Load]:
    """Return the load of the units that are ticked, as typed; nothing unless it was asked for."""
    starts_at, ends_at = form.starts_at.data, form.ends_at.data
    if not was_asked() or starts_at is None or form.audience.data != Audience.DUE.value:
        return []
    offered = {organisation.id for organisation in due}
    units = [number for number in form.due.data or [] if number in offered]
    return load_queries.load(
        unit_ids=units or [form.host.data],
        starts_at=starts_at,
        ends_at=max(ends_at or starts_at, starts_at),
        cap=_cap(),
        besides=event.id if event else None,
    )
