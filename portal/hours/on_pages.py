"""What hours add to the pages of events, of persons and of files."""

from collections.abc import Callable, Mapping, Sequence

from flask import Flask, url_for
from sqlalchemy import exists

from portal import clock
from portal.attendance.policies import has_roll
from portal.events import hooks
from portal.events.models import Event
from portal.hours import policies, queries
from portal.hours.defaults import CONVERSIONS
from portal.hours.engine import Conversions
from portal.hours.kinds import hours_words
from portal.hours.models import HourRule, Training
from portal.hours.offering import offer_of
from portal.materials import hooks as materials
from portal.people import hooks as people
from portal.people.models import Person
from portal.people.readers import Somebody

_SHIPPED = Conversions(CONVERSIONS)


def _shipped_panel(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Where no office has entered a rule, the portal's own are known without asking."""
    return _offer(event, reader, lambda: _SHIPPED)


def _offer_panel(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    return _offer(event, reader, queries.conversions)


def _offer(
    event: Event, reader: Somebody, rules: Callable[[], Conversions]
) -> Mapping[str, object] | None:
    """Until the end everybody reads what the event gives."""
    if not has_roll(event) or not policies.has_hours(reader) or clock.now() >= event.ends_at:
        return None
    gives = offer_of(event, rules())
    return {"gives": gives, "entry": None} if gives.halves else None


def _own_panel(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Afterwards what one got oneself."""
    if not policies.has_hours(reader) or clock.now() < event.ends_at:
        return None
    entry = queries.own_entry(event.id, reader)
    return {"gives": None, "entry": entry} if entry else None


def _person_panel(person: Person, reader: Somebody) -> Mapping[str, object] | None:
    """Secretaries are led to a member's hours, and everybody to their own."""
    relations = person.present_memberships(clock.today())
    return {} if policies.may_see_hours(reader, relations, person) else None


def _uses(material_id: int, reader: Somebody) -> Sequence[materials.Use]:
    return [
        materials.Use("其他培训", one.title, url_for("hours.training", training_id=one.id))
        for one in queries.with_file(material_id)
        if policies.may_see_training(reader, one.person.present_memberships(clock.today()), one)
    ]


_TAB = hooks.Tab("学时", "hours.event", policies.may_open_tab)


def init_app(app: Flask) -> None:
    """Take part in the pages of events, persons and files."""
    app.add_template_filter(hours_words, "hours_words")
    if _TAB in hooks.tabs:
        return
    hooks.tabs.append(_TAB)
    has_rules = exists().where(HourRule.id.is_not(None))
    for context, sign in (
        (_offer_panel, has_rules),
        (_shipped_panel, ~has_rules),
        (_own_panel, queries.has_entry()),
    ):
        hooks.panels.append(hooks.Panel("hours/event_panel.html", "side", context, sign=sign))
    people.person_panels.append(people.PersonPanel("hours/person_panel.html", _person_panel))
    materials.readable.append(queries.readable_ids)
    materials.uses.append(materials.Using(Training.material_id, _uses))
