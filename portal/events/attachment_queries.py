"""What is attached to events, and who may read it for that."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Event, EventMaterial
from portal.events.queries import visible_to
from portal.materials.models import Material
from portal.people.readers import Somebody

_MATERIAL = joinedload(EventMaterial.material)
_ROWS = (
    select(EventMaterial)
    .where(EventMaterial.event_id == bindparam("event_id"))
    .order_by(EventMaterial.position, EventMaterial.id)
    .options(_MATERIAL.joinedload(Material.file), _MATERIAL.joinedload(Material.organisation))
)


def attached(event_id: int) -> list[Material]:
    """Return the materials of an event in their order; files and owners are loaded."""
    return [row.material for row in rows(event_id)]


def rows(event_id: int) -> Sequence[EventMaterial]:
    """Return what ties the materials to an event, in their order."""
    return db.session.scalars(_ROWS, {"event_id": event_id}).all()


def row(event_id: int, material_id: int) -> EventMaterial:
    """Return what ties a material to an event; raise NotFoundError."""
    wanted = select(EventMaterial).where(
        EventMaterial.event_id == event_id, EventMaterial.material_id == material_id
    )
    found = db.session.scalar(wanted.options(joinedload(EventMaterial.material)))
    if found is None:
        raise NotFoundError("这份资料没有加到这次活动里，可能刚被取下。")
    return found


def readable_ids(person: Somebody) -> Select[int]:
    """Select the materials of the events that the person sees."""
    return (
        select(EventMaterial.material_id)
        .join(Event, Event.id == EventMaterial.event_id)
        .where(visible_to(person))
    )


def events_with(material_id: int, person: Somebody) -> Sequence[Event]:
    """Return the events that use a material, as far as the person sees them, the newest first."""
    wanted = (
        select(Event)
        .join(EventMaterial, EventMaterial.event_id == Event.id)
        .where(EventMaterial.material_id == material_id, visible_to(person))
    )
    return db.session.scalars(wanted.order_by(Event.starts_at.desc()).limit(50)).all()
