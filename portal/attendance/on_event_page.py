"""What the roll adds to the event page, to lists of events, and to a change of an event."""

from collections.abc import Mapping, Sequence

from flask import Flask

from portal import clock
from portal.attendance import policies, queries, services
from portal.events import hooks
from portal.events.models import Event
from portal.people.models import Person
from portal.people.readers import Somebody


def _host_panel(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Hosts see the four numbers once the roll was opened, and the way to it before."""
    if not policies.may_open_tab(reader, event):
        return None
    roll = queries.find_roll(event.id)
    return {
        "roll": roll,
        "numbers": queries.numbers(event.id) if roll else None,
        "has_begun": clock.now() >= event.starts_at,
    }


def _own_panel(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Who is on the roll sees how they were counted, once somebody has said so."""
    if not policies.has_roll(event):
        return None
    found = queries.own_entry(event.id, reader)
    if found is None or (found.is_open and found.confirmed_at is None):
        return None
    return {"entry": found}


def _row_facts(events: Sequence[hooks.Row]) -> Mapping[int, str]:
    """Return "实到 17/18" for each event whose people have begun to come."""
    numbers = queries.numbers_as_known([event.id for event in events if policies.has_roll(event)])
    return {
        event_id: f"实到 {balance.present}/{balance.due}"
        for event_id, balance in numbers.items()
        if balance.present
    }


class RollFollows:
    """The roll agrees to every change of its event, and follows it."""

    def check_change(self, event: Event, *, capacity: int | None) -> None:
        """Who is counted does not depend on the number of places."""

    def event_copied(self, event: Event, made: Event) -> None:
        """Nothing of a roll goes over to a copy."""

    def event_changed(self, event: Event, *, actor: Person) -> None:
        """Let the list move again when the event is moved ahead."""
        services.unfreeze_if_moved(event=event, actor=actor)


_LISTENER = RollFollows()


def init_app(app: Flask) -> None:
    """Take the key of the seals; take part in the pages of events."""
    services.use_secret(app.config["SECRET_KEY"])
    if _LISTENER in hooks.listeners:
        return
    hooks.listeners.append(_LISTENER)
    hooks.panels.append(
        hooks.Panel("attendance/own_panel.html", "side", _own_panel, sign=queries.is_on_the_roll())
    )
    hooks.panels.append(hooks.Panel("attendance/host_panel.html", "side", _host_panel))
    hooks.tabs.append(hooks.Tab("签到", "attendance.roll", policies.may_open_tab))
    hooks.tabs.append(hooks.Tab("谁来了哪几场", "attendance.attendees", policies.may_see_attendees))
    hooks.row_facts.append(_row_facts)
    hooks.before_dividing.append(services.clear_for_sessions)
    hooks.lists_of.append(queries.events_on_whose_roll)
