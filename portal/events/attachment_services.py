"""Attaching materials to an event, ordering them, taking them off. The event's row is locked."""

from collections.abc import Sequence

from sqlalchemy import insert, select

from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError
from portal.events import attachment_queries as queries
from portal.events.models import Event, EventMaterial, EventState
from portal.materials.models import Material
from portal.people.models import Person

ARCHIVED = "活动已经归档，内容不再改动。"


def check_open(event: Event) -> None:
    """Raise ConflictError for an event that has been put away."""
    if event.state is EventState.ARCHIVED:
        raise ConflictError(ARCHIVED)


def attach(*, event: Event, materials: Sequence[Material], actor: Person) -> list[Material]:
    """Attach materials behind those that are there; return those that are new."""
    check_open(event)
    present = queries.rows(event.id)
    known = {row.material_id for row in present}
    new = [material for material in materials if material.id not in known]
    last = max((row.position for row in present), default=0)
    for position, material in enumerate(new, last + 1):
        db.session.add(EventMaterial(event_id=event.id, material_id=material.id, position=position))
    db.session.flush()
    for material in new:
        audit.record("event.attach", event, actor=actor, material=material.id, title=material.title)
    return new


def take_off(*, event: Event, material_id: int, actor: Person) -> Material:
    """Take a material off the event; it stays in the library."""
    check_open(event)
    row = queries.row(event.id, material_id)
    material = row.material
    db.session.delete(row)
    db.session.flush()
    audit.record("event.detach", event, actor=actor, material=material.id, title=material.title)
    return material


def move(*, event: Event, material_id: int, is_up: bool) -> None:
    """Move a material by one place; the first cannot go up, nor the last down."""
    check_open(event)
    order = list(queries.rows(event.id))
    at = order.index(queries.row(event.id, material_id))
    to = at - 1 if is_up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    for position, row in enumerate(order, 1):
        row.position = position
    db.session.flush()


def copy_to(*, event: Event, made: Event) -> None:
    """Attach to a copy of an event what is attached to the event."""
    there = select(EventMaterial.material_id).where(EventMaterial.event_id == made.id)
    wanted = select(EventMaterial.material_id, EventMaterial.position).where(
        EventMaterial.event_id == event.id, EventMaterial.material_id.not_in(there)
    )
    again = [
        {"event_id": made.id, "material_id": material_id, "position": position}
        for material_id, position in db.session.execute(wanted)
    ]
    if again:
        db.session.execute(insert(EventMaterial), again)
